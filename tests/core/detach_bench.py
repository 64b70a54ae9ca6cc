#!/usr/bin/env python3
"""From a suspension to the detachment of the device, on a real mobile core.

An equipment provider suspends a machine through the interface of the platform. Measured is when
that call is answered, when the device hears that it is detached, and when the serving node does not
list its session any more. The same orders said straight to the same core, for another device and
in turns with it, are what that costs without a platform. All of it is done twice: with the
databases of platform and HLR on the disk, where each commit waits for it, and in memory.
"""

import argparse
import math
import os
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]
from bare import Bare  # noqa: E402
from core import (  # noqa: E402
    SGSN_CTRL,
    Core,
    Ctrl,
    memory_folder,
    missing_programs,
    tunnels_allowed,
)
from demo_core import SKIPPED  # noqa: E402
from play import Play  # noqa: E402
from scenarios import KICKED  # noqa: E402
from served import Client  # noqa: E402

EQUIPMENT = "EX-1"
WITHIN = 10  # seconds; a device that is not detached by then is not detached
SETTINGS = {  # as docs/operators/osmo-hlr.md sets up such an operator
    "pace": {"completion_deadline_ms": 30000, "poll_every_ms": 500, "assumed_life_ms": 15000},
    "limits": {"per_second": 200, "concurrency": 16},
}


@dataclass
class Measured:
    """Of each round that ended with a detachment, in milliseconds from the order's beginning."""

    answered: list[float] = field(default_factory=list)
    detached: list[float] = field(default_factory=list)
    gone: list[float] = field(default_factory=list)
    not_detached: int = 0


class Platform:
    """Suspends and resumes one machine as its equipment provider does."""

    def __init__(self, play: Play) -> None:
        self.machine = play.add_machine(1, "op-one")
        self.put_into_service(play)
        self.client = Client(play.server, play.tokens["acme"])
        self.switch("active")
        self.switch("de-active", "?wait=10s")

    def put_into_service(self, play: Play) -> None:
        machine = self.machine
        play.stock(machine)
        play.switch_card(machine, "active")
        play.settle()
        attach(machine.device)
        bind(play, machine, iccid=machine.iccid, imsi=machine.imsi)
        play.switch_card(machine, "de-active")
        play.settle()
        handover = {"device_ids": [machine.name], "to": "acme"}
        play.call("modemworks", "POST", "/v1/devices/handover", handover)
        play.switch_device(machine, "active")
        play.settle()
        attach(machine.device)
        bind(play, machine, equipment_id=EQUIPMENT)

    def switch(self, status: str, wait: str = "") -> None:
        path = f"/v1/equipment/{EQUIPMENT}/service{wait}"
        body = f'{{"status": "{status}"}}'
        answer, told = self.client.call("PUT", path, body, key=os.urandom(8).hex())
        if answer != 200:
            raise RuntimeError(f"{status} was answered {answer}: {told.decode()}")

    def suspend(self) -> None:
        self.switch("de-active")

    def resume(self) -> None:
        self.switch("active", "?wait=10s")


def attach(device) -> None:
    told = device.join()
    if told != device.address:
        raise RuntimeError(f"{device.name} gets no session: {told}")


def bind(play: Play, machine, **report) -> None:
    told = play.report(machine, **report)
    if told != "bound":
        raise RuntimeError(f"{machine.name} reports {', '.join(report)}: {told}")


def heard_detach(device, since: int) -> float | None:
    """When it heard it, by its own log."""
    for at, words in device.log[since:]:
        if words == KICKED:
            return device.begun + at
    return None


def seen_gone(node: Ctrl, machine) -> float | None:
    """When the serving node first said that it has no session of this IMSI."""
    deadline = time.monotonic() + WITHIN
    while machine.core.sessions(node).get(machine.imsi):
        if time.monotonic() > deadline:
            return None
    return time.monotonic()


def play_round(way, node: Ctrl, measured: Measured) -> None:
    device = way.machine.device
    way.resume()
    attach(device)
    since = len(device.log)
    begun = time.monotonic()
    way.suspend()
    answered = time.monotonic()
    ended = device.session_ended.wait(WITHIN)
    gone = seen_gone(node, way.machine) if ended else None
    detached = heard_detach(device, since)
    if gone is None or detached is None:
        measured.not_detached += 1
        print(f"NOT DETACHED: {device.name} {device.log[since:]}", flush=True)
        return
    measured.answered.append(1000 * (answered - begun))
    measured.detached.append(1000 * (detached - begun))
    measured.gone.append(1000 * (gone - begun))


class Disk:
    """What one commit costs at least: a page is written and synced."""

    def __init__(self, folder: Path) -> None:
        self.file = os.open(folder / "synced", os.O_CREAT | os.O_WRONLY)
        self.synced: list[float] = []

    def sync(self) -> None:
        begun = time.monotonic()
        os.write(self.file, bytes(4096))
        os.fdatasync(self.file)
        self.synced.append(1000 * (time.monotonic() - begun))

    def end(self) -> None:
        os.close(self.file)


def quantile(values: list[float], part: float) -> float:
    return sorted(values)[math.ceil(part * len(values)) - 1]


def figures(values: list[float]) -> list[float]:
    return [quantile(values, 0.5), quantile(values, 0.99), min(values), max(values)]


def row(words: str, values: list[float]) -> None:
    print(f"  {words:<42}" + "".join(f"{one:8.2f}" for one in values))


def show(platform: Measured, bare: Measured, disk: Disk) -> None:
    print(f"  {'ms from the order':<42}{'p50':>8}{'p99':>8}{'min':>8}{'max':>8}")
    row("platform: the call is answered", figures(platform.answered))
    row("platform: the device hears its detachment", figures(platform.detached))
    row("platform: the serving node lists it no more", figures(platform.gone))
    row("bare: all is sent", figures(bare.answered))
    row("bare: the device hears its detachment", figures(bare.detached))
    row("bare: the serving node lists it no more", figures(bare.gone))
    row("a page written and synced", figures(disk.synced))
    for words, ours, theirs in (
        ("platform / bare: detachment", platform.detached, bare.detached),
        ("platform / bare: listed no more", platform.gone, bare.gone),
    ):
        row(words, [quantile(ours, part) / quantile(theirs, part) for part in (0.5, 0.99)])


def measure(play: Play, disk: Disk, rounds: int) -> bool:
    """Whether each round ended with a detachment."""
    platform, bare = Platform(play), Bare(play.add_machine(2, "op-one"))
    ways = [(platform, Measured()), (bare, Measured())]
    node = Ctrl(bare.core.host, SGSN_CTRL)
    for number in range(rounds):
        for way, measured in ways if number % 2 == 0 else reversed(ways):
            play_round(way, node, measured)
        disk.sync()
    bare.end()
    of_platform, of_bare = (measured for _, measured in ways)
    if of_platform.detached and of_bare.detached:
        show(of_platform, of_bare, disk)
    for words, one in (("platform", of_platform), ("bare", of_bare)):
        told = f"{len(one.detached)} detached, {one.not_detached} not detached"
        print(f"  {words}: {rounds} rounds, {told}", flush=True)
    return not of_platform.not_detached and not of_bare.not_detached


def measure_in(parent: Path, program: str, rounds: int) -> bool:
    """With both databases, that of the platform and that of the HLR, in a folder in there."""
    with tempfile.TemporaryDirectory(prefix="msp-detach-", dir=parent) as name:
        core, disk = Core(Path(name), database_folder=name), Disk(Path(name))
        try:
            core.start()
            play = Play(program, name, {"op-one": core}, SETTINGS)
            try:
                return measure(play, disk, rounds)
            finally:
                play.end()
        finally:
            core.end()
            disk.end()


def main(asked: argparse.Namespace) -> int:
    if missing := missing_programs():
        print(f"skipped: {', '.join(missing)} not installed")
        return SKIPPED
    if not tunnels_allowed():
        print("skipped: without root and /dev/net/tun the core gives no device an address")
        return SKIPPED
    folder = Path(asked.folder).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    places = [("on this disk", folder)]
    if memory := memory_folder():
        places.append(("in memory", Path(memory)))
    print("From suspension to detachment, by the platform and without it, in turns")
    good = True
    for words, place in places:
        print(f"both databases {words}", flush=True)
        good &= measure_in(place, asked.program, asked.rounds)
    return 0 if good else 1


def at_least_one(text: str) -> int:
    if (count := int(text)) < 1:
        raise ValueError(text)
    return count


def arguments() -> argparse.Namespace:
    out = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    out.add_argument("program", metavar="MSP")
    out.add_argument("--rounds", type=at_least_one, default=100, help="of each kind")
    out.add_argument("--folder", default=tempfile.gettempdir(), help="on the disk to measure on")
    return out.parse_args()


if __name__ == "__main__":
    sys.exit(main(arguments()))
