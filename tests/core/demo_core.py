#!/usr/bin/env python3
"""Plays the whole use case on two real mobile cores, and shows what the devices themselves saw.

usage: demo_core.py MSP
"""

import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]
from core import Core, missing_programs, tunnels_allowed  # noqa: E402
from play import Play  # noqa: E402
from scenarios import Scenarios  # noqa: E402

SKIPPED = 77
NO_TUNNEL = (
    "this computer gives no tun device (/dev/net/tun, as root): the cores can be asked who may\n"
    "attach, but no device gets an address"
)


def show(number, title, checks):
    good = all(holds for _, holds in checks)
    print(f"{'PASS' if good else 'FAIL'}  scenario {number}  {title}")
    for sentence, holds in checks:
        print(f"        {'' if holds else 'NOT: '}{sentence}")
    sys.stdout.flush()
    return good


def show_log(device):
    print(f"\nWhat the device {device.name} saw")
    for at, words in device.log:
        print(f"    +{at:8.3f}  {words}")


def attach_only(cores):
    """What is left without sessions: the core itself says who may attach and who may not."""
    core = cores["op-one"]
    core.add_card("460030000000009", bytes(range(16)))
    barred = core.record("460030000000009")
    core.resume("460030000000009")
    allowed = core.record("460030000000009")
    print(f"packets allowed in stock {barred['nam_ps']}, when staff allow {allowed['nam_ps']}")


def play_all(program, folder, cores):
    begun = time.monotonic()
    play = Play(program, folder, cores)
    passed = checks = held = 0
    try:
        scenarios = Scenarios(play)
        for number, title, found in scenarios.run():
            passed += show(number, title, found)
            checks, held = checks + len(found), held + sum(bool(one) for _, one in found)
        show_log(scenarios.one.device)
    finally:
        play.end()
    print(f"\n{passed} of 7 scenarios in {time.monotonic() - begun:.0f} s")
    print(f"{held} passed, {checks - held} failed")
    return 0 if passed == 7 else 1


def main(program):
    missing = missing_programs()
    if missing:
        print(f"skipped: {', '.join(missing)} not installed")
        return SKIPPED
    with_sessions = tunnels_allowed()
    with tempfile.TemporaryDirectory(prefix="msp-demo-core-") as name:
        cores = {}
        try:
            for operator in ("op-one", "op-two"):
                cores[operator] = Core(Path(name), with_sessions)
                cores[operator].start()
                print(f"{operator}: OsmoHLR, OsmoSGSN, OsmoGGSN on {cores[operator].host}")
            if not with_sessions:
                attach_only(cores)
                print(f"skipped: {NO_TUNNEL}")
                return SKIPPED
            return play_all(program, name, cores)
        finally:
            for core in cores.values():
                core.end()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
