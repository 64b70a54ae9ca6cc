#!/usr/bin/env python3
"""Writes the database of the version at hand as a fixture: once, when a version is released.

    tests/upgrade/write_fixture.py build/release/src/main/msp 1

Leaves version-N.sql, what sqlite3 dumps of it, and version-N.json, what the API told of it.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from served import Server  # noqa: E402
from story import Story, readings  # noqa: E402


def main(program, version):
    with tempfile.TemporaryDirectory(prefix="msp-fixture-") as folder:
        server = Server(program, folder)
        server.start()
        story = Story(program, server, folder)
        story.play()
        told = {
            "staff": story.tokens["m2m-sp"],
            "party": story.tokens["acme"],
            "readings": readings(server, story.tokens["m2m-sp"], story.tokens["acme"]),
        }
        server.end()
        database = str(Path(folder) / "data" / "chains.db")
        dump = subprocess.run(
            ["sqlite3", database, ".dump"], capture_output=True, text=True, check=True
        ).stdout
    (HERE / f"version-{version}.sql").write_text(dump)
    text = json.dumps(told, ensure_ascii=False, sort_keys=True).replace("}, {", "},\n{")
    (HERE / f"version-{version}.json").write_text(text + "\n")
    print(f"version-{version}: {len(dump)} bytes of SQL, {len(text)} of JSON")


if __name__ == "__main__":
    main(*sys.argv[1:])
