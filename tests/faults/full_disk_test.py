#!/usr/bin/env python3
"""The disk under the data folder fills up under load, is given room again, and fills up again.

The folder is on a small tmpfs of its own, in a mount namespace that goes with this test. Reads go
on; changes are refused with the documented problem, and accepted again as soon as there is room,
by the same process. What was refused is not there, what was acknowledged is, once.

usage: full_disk_test.py MSP
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from trials import Platform, Trials, wait_until
from acknowledged import DISK_FULL, Load, put_and_log, repeat

DISK_KIB = 24 * 1024
ROOM = 2 * 1024 * 1024  # left for the load
FITS = 10_000  # commands: more than there is room for
ROUNDS = 3
NAMESPACE = "MSP_TEST_NAMESPACE"  # set once we are in a mount namespace of our own


def enter_namespace():
    """Begins anew where mounting is ours alone; says why not, where that is not permitted."""
    user = [] if os.geteuid() == 0 else ["--map-root-user"]
    unshare = ["unshare", "--mount", *user]
    mount = ["mount", "-t", "tmpfs", "none", "/mnt"]
    tried = subprocess.run([*unshare, *mount], capture_output=True, text=True, check=False)
    if tried.returncode != 0:
        print(f"skipped: a disk of its own cannot be mounted here: {tried.stderr.strip()}")
        print("  next: run it as root, or where users may have mount namespaces")
        sys.exit(77)
    os.environ[NAMESPACE] = "1"
    os.execvp(unshare[0], [*unshare, sys.executable, "-B", *sys.argv])


class SmallDisk:
    """A tmpfs, and a file on it that takes room away and gives it back."""

    def __init__(self, path):
        self.path, self.ballast = path, path / "ballast"
        path.mkdir()
        size = f"size={DISK_KIB}k,mode=0700"
        subprocess.run(["mount", "-t", "tmpfs", "-o", size, "none", path], check=True)

    def free(self):
        held = os.statvfs(self.path)
        return held.f_bavail * held.f_frsize

    def leave_room(self, size):
        with open(self.ballast, "ab") as file:
            file.write(b"\0" * max(self.free() - size, 0))

    def make_room(self):
        self.ballast.unlink()

    def unmount(self):
        subprocess.run(["umount", self.path], check=True)


class Answers:
    """What the load heard: how many of each status, and the problems told."""

    def __init__(self):
        self.counts, self.problems = {}, []

    def hear(self, outcome, status, body):
        self.counts[status] = self.counts.get(status, 0) + 1
        if outcome != "acknowledged" and status:
            self.problems.append((status, body))

    def refused(self):
        return self.counts.get(DISK_FULL, 0)

    def acknowledged(self):
        return self.counts.get(200, 0)


def is_documented(status, body):
    problem = json.loads(body)
    return status == DISK_FULL and problem["code"] == "disk-full" and problem["hint"]


READS = ["/livez", "/v1/history?limit=1000", "/v1/cards?limit=100", "/metrics"]


def one_round(trials, platform, disk, number):
    """Full under load; read from meanwhile; given room; full of work again. Seconds it took."""
    server, answers = platform.server, Answers()
    alive = lambda: server.process.poll() is None
    disk.leave_room(ROOM)
    load = Load(server, platform.token, platform.cards, platform.log, str(number), 8, answers.hear)
    wait_until(lambda: answers.refused() >= 200 or answers.acknowledged() > FITS, alive)
    paths = [*READS, f"/v1/cards/{platform.cards[0]}", "/readyz"]
    asked = [(path, platform.get(path)) for _ in range(20) for path in paths]
    reads = dict(sorted(asked, key=lambda told: told[1]))  # the worst of each counts
    before, freed = answers.acknowledged(), time.monotonic()
    disk.make_room()
    wait_until(lambda: answers.acknowledged() > before, alive)
    took = time.monotonic() - freed
    wait_until(lambda: answers.acknowledged() > before + 200, alive)
    load.stop()
    others = {path: status for path, status in reads.items() if status != 200}
    figures = f"{20 * len(paths)} reads, {len(others)} paths answered otherwise {others or ''}"
    trials.say("on a full disk reads go on", not others, figures.strip())
    bad = [told for told in answers.problems if not is_documented(*told)]
    trials.say(
        f"changes are refused with {DISK_FULL}, code and hint",
        answers.refused() >= 200 and not bad,
        f"{answers.refused()} refused, {len(bad)} otherwise {bad[:1] or ''}",
    )
    trials.say(
        "with room again changes are accepted, by the same process",
        alive() and answers.acknowledged() > before + 200,
        f"the first after {1000 * took:.0f} ms",
    )


def main(program):
    if NAMESPACE not in os.environ:
        enter_namespace()
    trials = Trials()
    with tempfile.TemporaryDirectory(prefix="msp-full-disk-") as folder:
        disk = SmallDisk(Path(folder, "data"))
        try:
            play(trials, program, folder, disk)
        finally:
            disk.unmount()
    return trials.end()


def play(trials, program, folder, disk):
    platform = Platform(program, folder)
    for number in range(ROUNDS):
        one_round(trials, platform, disk, number)
    again = platform.log.those("refused")[:100]
    repeat(platform.staff, platform.log, again)
    trials.say(
        "what was refused is done under the same key, once there is room",
        set(map(platform.log.outcome.get, again)) == {"acknowledged"},
        f"{len(again)} of {len(again) + len(platform.log.those('refused'))}",
    )
    verdict, unknown = platform.verdict(), len(platform.log.those("unknown"))
    figures = f"{verdict.acknowledged} acknowledged, {unknown} unanswered, {verdict}"
    sentence = "what was acknowledged is there once, what was refused is not"
    trials.say(sentence, verdict.good, figures)
    killed_when_full(trials, platform, disk)
    platform.server.end()
    whole, checked = platform.check()
    trials.say("no law is broken, and nothing is half applied", whole, checked)


def killed_when_full(trials, platform, disk):
    """It dies on a full disk, and is started there; then it is given room."""
    server, answers = platform.server, Answers()
    disk.leave_room(0)
    load = Load(server, platform.token, platform.cards, platform.log, "full", 8, answers.hear)
    alive = lambda: server.process.poll() is None
    wait_until(lambda: answers.refused() >= 50 or answers.acknowledged() > FITS, alive)
    server.kill()
    load.stop()
    platform.restart()
    reads = {platform.get(path) for path in READS}
    _, refused, _ = put_and_log(platform.staff, platform.log, platform.cards[0], "in-vain")
    disk.make_room()
    _, done, _ = put_and_log(platform.staff, platform.log, platform.cards[0], "afterwards")
    verdict, statuses = platform.verdict(), (reads, refused, done)
    trials.say(
        "killed on a full disk it starts there, reads, and goes on once there is room",
        verdict.good and statuses == ({200}, DISK_FULL, 200),
        f"{verdict.acknowledged} acknowledged, {verdict}; {statuses}",
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
