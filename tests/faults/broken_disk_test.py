#!/usr/bin/env python3
"""A sync or a write of the database fails (EIO): the process ends by itself and never tries again.

Under load, with failing_disk.cpp before the C library; then a start on the same folder with a disk
that is whole again. Each failure comes in both ways: for good, and once, as the system tells of a
failed sync and forgets it.

usage: broken_disk_test.py MSP FAILING_DISK
"""

import sys
import tempfile
import time
from pathlib import Path

from trials import Platform, Trials, wait_until
from acknowledged import Load, put_and_log, repeat

EXIT_FAILED = 1


class BrokenDisk:
    """One life of the platform on a disk that breaks when it is told to."""

    def __init__(self, program, shim, folder):
        self.order, self.record = folder / "order", folder / "record"
        environment = {
            "LD_PRELOAD": shim,
            "FAILING_DISK_ORDER": str(self.order),
            "FAILING_DISK_RECORD": str(self.record),
        }
        self.platform = Platform(program, folder, environment=environment)

    def breaks_once(self, holds, what):
        """It has to live until then: what ended before shows nothing of a broken disk."""
        if not wait_until(holds, self.platform.alive):
            sys.exit(f"the server ended before its disk broke: {self.platform.said()[-500:]}")
        half = self.order.with_suffix(".half")
        half.write_text(what)
        half.rename(self.order)

    def calls(self):
        return self.record.read_text().split("\n")[:-1] if self.record.exists() else []

    def ends(self):
        """Its exit code, and how many milliseconds it lived on after the first failure."""
        code = self.platform.server.process.wait()
        return code, 1000 * (time.time() - self.record.stat().st_mtime)


def under_load(disk, what):
    platform = disk.platform
    load = Load(platform.server, platform.token, platform.cards, platform.log, "load", 8)
    disk.breaks_once(lambda: len(platform.log.those("acknowledged")) >= 300, what)
    ended = disk.ends()
    load.stop()
    return ended


def while_idle(disk, what):
    """What it does by itself in a pause: the log is copied into the database."""
    platform = disk.platform
    load = Load(platform.server, platform.token, platform.cards, platform.log, "load", 8)
    wal = Path(platform.folder, "data", "chains.db-wal")
    disk.breaks_once(lambda: wal.stat().st_size >= 5 * 1024 * 1024, what)
    load.stop()
    return disk.ends()


CASES = [
    ("a sync of the log that fails for good", under_load, "sync chains.db-wal -1"),
    ("a sync of the log that fails once", under_load, "sync chains.db-wal 1"),
    ("a write of the log that fails for good", under_load, "write chains.db-wal -1"),
    ("a write of the log that fails once", under_load, "write chains.db-wal 1"),
    ("a sync of the database that fails once, in a pause", while_idle, "sync chains.db 1"),
    ("a write of the database that fails once, in a pause", while_idle, "write chains.db 1"),
]


def trial(trials, program, shim, folder, name, life, what):
    disk = BrokenDisk(program, shim, folder)
    platform = disk.platform
    (code, lived), calls = life(disk, what), disk.calls()
    unknown = platform.log.those("unknown")
    said = "the store is broken" in platform.said() and "next=" in platform.said()
    kept, figures = code == EXIT_FAILED and said, f"exit {code}, {lived:.0f} ms later"
    trials.say(f"{name} ends the process, which says so", kept, figures)
    failed = sum(call.startswith("failed") for call in calls)
    figures = f"{failed} failed, {len(calls) - 1} tried again"
    trials.say("nothing is tried again", failed == len(calls) == 1, figures)

    platform.restart()
    repeat(platform.staff, platform.log, unknown)
    put_and_log(platform.staff, platform.log, platform.cards[0], "afterwards")
    verdict = platform.verdict()
    platform.server.end()
    whole, checked = platform.check()
    counts = f"{verdict.acknowledged} acknowledged, {len(unknown)} unanswered"
    figures = f"{counts}, {verdict}; {checked}"
    sentence = "a start on the same folder has all that was acknowledged, once"
    trials.say(sentence, verdict.good and whole, figures)


def main(program, shim):
    trials = Trials()
    for case in CASES:
        with tempfile.TemporaryDirectory(prefix="msp-broken-disk-") as folder:
            trial(trials, program, shim, Path(folder), *case)
    return trials.end()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
