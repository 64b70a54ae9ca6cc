#!/usr/bin/env python3
"""The connector and a real mobile core in trouble: programs that die, hang and come back.

usage: trouble_test.py MSP
"""

import signal
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]
from core import Core, missing_programs, tunnels_allowed  # noqa: E402
from demo_core import SKIPPED  # noqa: E402
from play import Play  # noqa: E402


class Trouble:
    def __init__(self, play):
        self.play = play
        self.core = play.cores["op-one"]
        self.machine = play.add_machine(1, "op-one")
        play.stock(self.machine)

    def confirmed(self):
        return self.play.chain(self.machine)["network"]["confirmed"]

    def barred(self):
        """De-activates, and waits until the HLR bars it: the session is another matter."""
        self.play.switch_card(self.machine, "de-active")
        return self.play.settled(lambda: self.machine.allowed() == "00")

    @contextmanager
    def node_standing_still(self):
        node = self.core.running["osmo-sgsn"]
        node.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            node.send_signal(signal.SIGCONT)

    def in_service(self):
        self.play.switch_card(self.machine, "active")
        return self.play.settle() and self.machine.device.join() == self.machine.device.address

    def tests(self):
        for sentence, test in (
            ("an HLR that is killed and back gets the newest wish", self.hlr_is_killed),
            ("a serving node that hangs keeps de-active unconfirmed", self.node_hangs),
            ("a serving node that is killed takes its sessions along", self.node_is_killed),
            ("a platform that is killed amid an order ends the session when back", self.killed),
            ("a subscriber that staff delete is lost, and shows so", self.deleted),
        ):
            yield sentence, self.in_service() and test()

    def hlr_is_killed(self):
        self.core.kill("osmo-hlr")
        self.play.switch_card(self.machine, "de-active")
        waited = not self.confirmed() and self.machine.has_session()
        self.core.start_hlr()
        self.core.connect()
        self.core.await_in_vty("show gsup-connections", "SGSN")
        return (
            waited
            and self.play.settle()
            and self.machine.allowed() == "00"
            and self.machine.device.session_ended.wait(30)
        )

    def node_hangs(self):
        with self.node_standing_still():
            barred = self.barred()
            told = self.play.settled(lambda: self.said("sessions-not-seen"))
            waited = barred and told and not self.confirmed()
        return waited and self.play.settle() and not self.machine.has_session()

    def said(self, word):
        last = self.play.call("m2m-sp", "GET", "/v1/operators/op-one")["last"]
        return any(word in exchange["outcome"] for exchange in last)

    def node_is_killed(self):
        self.core.kill("osmo-sgsn")
        waited = self.barred() and not self.confirmed()
        self.core.start_sgsn()
        self.machine.device.switch_on()
        return waited and self.play.settle() and not self.machine.has_session()

    def killed(self):
        with self.node_standing_still():
            barred = self.barred()
            self.play.kill()
        self.play.serve()
        return barred and self.play.settle() and not self.machine.has_session()

    def deleted(self):
        self.core.staff(f"subscriber imsi {self.machine.imsi} delete")

        def lost():
            holds = self.play.chain(self.machine)["held_by"]
            return any(hold["code"] == "lost" for hold in holds)

        return self.play.settled(lost)


def main(program):
    if missing_programs() or not tunnels_allowed():
        print("skipped: this takes osmo-hlr, osmo-sgsn, osmo-ggsn, root and /dev/net/tun")
        return SKIPPED
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="msp-core-trouble-") as name:
        core = Core(Path(name))
        try:
            core.start()
            play = Play(program, name, {"op-one": core})
            try:
                for sentence, good in Trouble(play).tests():
                    passed, failed = passed + bool(good), failed + (not good)
                    print(f"{'passed' if good else 'FAILED'}: {sentence}", flush=True)
            finally:
                play.end()
        finally:
            core.end()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
