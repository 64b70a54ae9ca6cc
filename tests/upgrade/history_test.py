#!/usr/bin/env python3
"""`msp history` on a real data folder, beside a running platform: made by an older version or by
this one, untouched, changed, cut short, and held against heads exported earlier.

usage: history_test.py MSP
"""

import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from served import Server  # noqa: E402
from story import Story  # noqa: E402
from upgrade_test import restore  # noqa: E402


class History:
    def __init__(self, program, folder):
        self.program, self.folder, self.data = program, Path(folder), Path(folder) / "data"
        self.head, self.key = self.folder / "head.txt", self.folder / "history.pub"

    def ask(self, verb, *more):
        return subprocess.run(
            [self.program, "history", verb, "--data", str(self.data), *map(str, more)],
            capture_output=True,
            text=True,
            check=False,
        )

    def export(self):
        assert self.ask("export-head", "--out", self.head).returncode == 0
        self.key.write_text(self.ask("show-key").stdout)

    def against_head(self):
        return self.ask("verify", "--head", self.head, "--key", self.key)

    def change(self, sql):
        with sqlite3.connect(self.data / "chains.db") as database:
            assert database.execute(sql).rowcount == 1, sql
        database.close()


def sound(ended):
    return ended.returncode == 0 and ", 0 faults" in ended.stdout


def tells(ended, fault):
    return ended.returncode == 1 and f"{fault} at place " in ended.stdout


def written_here(program, folder):
    """Each line: what was expected and did not come."""
    history = History(program, folder)
    if history.ask("verify").returncode != 1:
        yield "a folder without a database has no history to verify"
    server = Server(program, folder)
    server.start()
    Story(program, server, folder).play()
    if not sound(history.ask("verify")):
        yield "beside the platform: no fault"
    history.export()
    if (history.data / "history.key").stat().st_mode & 0o777 != 0o600:
        yield "the signing key is its owner's alone"
    if not sound(history.against_head()):
        yield "against its own head: no fault"
    server.kill()
    if not sound(history.against_head()):
        yield "after a kill: no fault"
    server.start()
    server.end()
    if not sound(history.against_head()):
        yield "after another start: no fault"
    yield from changed(history)


NEWEST = "place = (SELECT max(place) FROM history)"
FIRST = "place = (SELECT min(place) FROM history)"


def changed(history):
    backup = history.folder / "backup.db"
    shutil.copy(history.data / "chains.db", backup)
    tamperings = {
        "hash": f"UPDATE history SET at = at + 1 WHERE {FIRST}",
        "gap": f"DELETE FROM history WHERE {FIRST}",
        "seal": f"UPDATE history SET seal = x'' WHERE {NEWEST}",
    }
    for fault, sql in tamperings.items():
        history.change(sql)
        if not tells(history.ask("verify"), fault):
            yield f"after {sql}: {fault}"
        if history.ask("export-head").returncode != 1:
            yield f"after {sql}: no head"
        shutil.copy(backup, history.data / "chains.db")
    history.change(f"DELETE FROM history WHERE {NEWEST}")
    if not sound(history.ask("verify")):
        yield "cut short, without a head: no fault"
    if not tells(history.against_head(), "truncated"):
        yield "cut short, against a head: truncated"
    history.head.write_text(history.head.read_text().replace("next ", "next 1"))
    if history.against_head().returncode != 1:
        yield "a head that was changed is refused"


def written_before(program, folder):
    restore(1, folder)
    history = History(program, folder)
    if "older version" not in history.ask("verify").stderr:
        yield "before the upgrade: an older version"
    server = Server(program, folder)
    server.start()
    server.end()
    history.export()
    if not sound(history.against_head()):
        yield "after the upgrade: no fault"
    history.change(f"UPDATE history SET at = at + 1 WHERE {FIRST}")
    if not tells(history.ask("verify"), "old-rows"):
        yield "an old row changed: old-rows"


def main(program):
    failed = 0
    for test in (written_here, written_before):
        folder = tempfile.mkdtemp(prefix="msp-history-")
        wrong = list(test(program, folder))
        shutil.rmtree(folder)
        failed += bool(wrong)
        print(f"{test.__name__}: {'as expected' if not wrong else 'FAILED'}")
        for line in wrong:
            print("  expected " + line)
    print(f"{2 - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
