#!/usr/bin/env python3
"""Databases of all released versions are opened, upgraded and read as when they were written.

For each version-N.sql: `msp check` finds no broken law, the server starts on it, and the API tells
what version-N.json holds, but for members that have come since. A database that is another
program's, a newer version's, or damaged is refused with a sentence, and left as it was.

usage: upgrade_test.py MSP
"""

import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from served import Server  # noqa: E402
from story import readings  # noqa: E402

APPLICATION = 0x4D535063


def restore(version, folder):
    data = Path(folder) / "data"
    data.mkdir(parents=True)
    with sqlite3.connect(data / "chains.db") as database:
        database.execute("PRAGMA page_size = 2048")
        database.executescript((HERE / f"version-{version}.sql").read_text())
        database.execute(f"PRAGMA application_id = {APPLICATION}")
        database.execute(f"PRAGMA user_version = {version}")
    database.close()
    return data


def missing(expected, found, where=""):
    """What is expected and not found so; members that were added are no difference."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for name, value in expected.items():
            yield from missing(value, found.get(name, "absent"), f"{where}/{name}")
    elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        for number, value in enumerate(expected):
            yield from missing(value, found[number], f"{where}/{number}")
    elif expected != found:
        yield f"{where}: {expected!r} is now {found!r}"


def check(program, data):
    return subprocess.run(
        [program, "check", "--data", str(data)], capture_output=True, text=True, check=False
    )


def upgrade(program, version, folder):
    """What is wrong after an upgrade, each in a line."""
    data = restore(version, folder)
    expected = json.loads((HERE / f"version-{version}.json").read_text())
    server = Server(program, folder)
    for _ in range(2):  # upgraded, and opened again as it is then
        server.start()
        found = readings(server, expected["staff"], expected["party"])
        server.end()
        yield from missing(expected["readings"], found)
    checked = check(program, data)
    if checked.returncode != 0:
        yield f"msp check: {checked.stdout} {checked.stderr}"


def refusal(program, data):
    """What a server says that does not start on this folder."""
    listen = ["--listen", "127.0.0.1:0", "--listen-devices", "off"]
    return subprocess.run(
        [program, "serve", "--data", str(data), *listen],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def set_pragma(data, pragma):
    with sqlite3.connect(data / "chains.db") as database:
        database.execute("PRAGMA " + pragma)
    database.close()


def damage(data):
    path = data / "chains.db"
    content = bytearray(path.read_bytes())
    content[:64] = b"x" * 64
    path.write_bytes(content)


REFUSED = {
    "a database of another program": (
        lambda data: set_pragma(data, "application_id = 4711"),
        "another program",
    ),
    "a database of a newer version": (
        lambda data: set_pragma(data, "user_version = 999"),
        "newer version",
    ),
    "a damaged database": (damage, "cannot"),
}


def refused_wrongly(program, what, folder):
    change, sentence = REFUSED[what]
    data = restore(1, folder)
    change(data)
    before = (data / "chains.db").read_bytes()
    ended = refusal(program, data)
    if ended.returncode == 0 or sentence not in ended.stderr:
        yield f"{what}: exit code {ended.returncode}, said {ended.stderr!r}"
    if (data / "chains.db").read_bytes() != before:
        yield f"{what}: was changed"


def main(program):
    versions = sorted(int(one.stem.split("-")[1]) for one in HERE.glob("version-*.sql"))
    tests = {f"version {version}": (upgrade, version) for version in versions}
    tests |= {what: (refused_wrongly, what) for what in REFUSED}
    failed = 0
    for name, (test, about) in tests.items():
        folder = tempfile.mkdtemp(prefix="msp-upgrade-")
        wrong = list(test(program, about, folder))
        shutil.rmtree(folder)
        failed += bool(wrong)
        print(f"{name}: {'as it was' if not wrong else 'FAILED'}")
        for line in wrong[:20]:
            print("  " + line[:300])
    print(f"{len(tests) - failed} passed, {failed} failed")
    return 1 if failed or not versions else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
