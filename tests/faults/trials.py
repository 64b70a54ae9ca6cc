"""What the tests in this folder have in common: how they count, wait, and begin with a platform."""

import os
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from acknowledged import OutsideLog, check, history, judge, register_cards  # noqa: E402
from served import Client, Server  # noqa: E402


class Trials:
    """Says of each promise whether it was kept, with the figures that were seen."""

    def __init__(self):
        self.passed = self.failed = 0

    def say(self, sentence, kept, figures=""):
        self.passed, self.failed = self.passed + bool(kept), self.failed + (not kept)
        print(f"{'passed' if kept else 'FAILED'}: {sentence}: {figures}".rstrip(": "), flush=True)

    def end(self):
        print(f"{self.passed} passed, {self.failed} failed")
        return 1 if self.failed else 0


def wait_until(holds, alive=lambda: True):
    """Asks until it is so; gives up only when whoever could make it so is gone."""
    while not holds():
        if not alive():
            return False
        time.sleep(0.01)
    return True


class Platform:
    """A served platform with cards, and the log outside of what it answers."""

    def __init__(self, program, folder, cards=100, **start):
        self.program, self.folder = program, str(folder)
        self.server = Server(program, self.folder)
        self.server.start(**start)
        self.token = Path(self.folder, "data", "staff.key").read_text().strip()
        self.staff = Client(self.server, self.token)
        self.cards = register_cards(self.staff, cards)
        self.log = OutsideLog(os.path.join(self.folder, "outside.log"))

    def alive(self):
        return self.server.process.poll() is None

    def get(self, path):
        """The status alone."""
        return self.staff.call("GET", path)[0]

    def restart(self, **start):
        self.staff.close()
        return self.server.start(**start)

    def said(self):
        """What the server's log holds, over all its lives."""
        return Path(self.folder, "server.log").read_text()

    def verdict(self):
        return judge(self.log, history(self.staff))

    def check(self):
        """Of the data after the end: whether no law is broken, and what `msp check` printed."""
        checked = check(self.program, self.folder)
        return checked.returncode == 0, (checked.stdout + checked.stderr).strip()
