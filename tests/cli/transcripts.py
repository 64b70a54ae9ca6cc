#!/usr/bin/env python3
"""The guides of docs/cli, command by command, against a platform of their own each.

    tests/cli/transcripts.py MSP [--write] [PAGE ...]

A page's commands are run in order by a shell in an empty folder, with the contexts m2m-sp,
modemworks and acme, the files delivery.csv, damaged.csv and modemworks.enrolment, and a command
`machine N ID` that brings card N into service in equipment ID. What a command prints must be what
stands in the page, but for what differs from run to run (MASKS). --write puts what was printed into
the pages. docs/cli.md must be what `msp manual` prints.
"""

import argparse
import difflib
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from served import Server  # noqa: E402
from story import Story, card_file, iccid, imsi  # noqa: E402

GUIDES = HERE.parents[1] / "docs" / "cli"
MANUAL = GUIDES.parent / "cli.md"

MASKS = [
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"), "2026-03-02T09:14:05.120Z"),
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC"), "2026-03-02 09:14 UTC"),
    (re.compile(r"\bmsp_[a-z0-9]{8,}_[A-Za-z0-9_-]{20,}"), "msp_k3v9q0x2m7c1_…"),
    (re.compile(r"whsec_[A-Za-z0-9+/=]{20,}"), "whsec_…"),
    (re.compile(r"\b[0-9a-f]{32}\b"), "4bf92f3577b34da6a3ce929d0e0e4736"),
    (re.compile(r"127\.0\.0\.1:\d{2,5}\b"), "127.0.0.1:8440"),
    (re.compile(r"\bwh-[a-z0-9]{16}\b"), "wh-k3v9q0x2m7c1d8f5"),
    (re.compile(r"^((?:id +)?)[a-z0-9]{20}(?= |$)", re.MULTILINE), r"\1k3v9q0x2m7c1d8f5h6j4"),
    (re.compile(r"^(id|claim) ( *)[a-z0-9]{12}$", re.MULTILINE), r"\1 \2k3v9q0x2m7c1"),
    (re.compile(r"^(key +)[a-z0-9]{10}$", re.MULTILINE), r"\1f8h2j4k6m1"),
    (re.compile(r"^[a-z0-9]{10}( +epba )", re.MULTILINE), r"f8h2j4k6m1\1"),
    (re.compile(r"^[a-z0-9]{12}( +https://)", re.MULTILINE), r"k3v9q0x2m7c1\1"),
    (
        re.compile(r"^(op-east +connected +\d+) +\d+( +)\d+( +)", re.MULTILINE),
        r"\1      25\g<2>90\3",
    ),
    (re.compile(r"(?<![\w-])[\w-]{43}(?![\w-])", re.ASCII), "…43 characters…"),
]


def masked(text):
    for pattern, instead in MASKS:
        text = pattern.sub(instead, text)
    return "\n".join(line.rstrip() for line in text.splitlines())


def told(page):
    """What a page says, whatever the width of its columns."""
    return [re.sub(r" {2,}", "  ", line) for line in page.splitlines()]


def damaged():
    return f"iccid,imsi\n8.98603E+18,{imsi(1)}\n{iccid(2)[:-1]}0,{imsi(2)}\n{iccid(3)},46003\n"


class World:
    """A platform with an operator and two parties, and a shell in front of it."""

    def __init__(self, program, folder):
        self.program, self.folder = program, Path(folder)
        self.server = Server(program, folder)
        self.server.start()
        self.story = Story(program, self.server, folder)
        self.work = self.folder / "work"
        self.work.mkdir()
        self.story.enrolment_key = self.story.add_party("modemworks", "device-provider", ["MW-"])
        self.story.add_party("acme", "equipment-provider", [])
        self.operator = self.story.begin_operator()
        (self.work / "delivery.csv").write_text(card_file())
        (self.work / "damaged.csv").write_text(damaged())
        (self.work / "modemworks.enrolment").write_text(self.story.enrolment_key + "\n")
        self.write_contexts()
        self.write_machine()

    def write_contexts(self):
        address = f"http://127.0.0.1:{self.server.port}"
        contexts = {
            party: {"server": address, "key": token} for party, token in self.story.tokens.items()
        }
        kept = {"current": "m2m-sp", "contexts": contexts}
        (self.folder / "contexts.json").write_text(json.dumps(kept))

    def write_machine(self):
        """`machine N ID`: what docs/cli/machines.md does step by step, in silence."""
        bin_folder = self.folder / "bin"
        bin_folder.mkdir()
        (bin_folder / "msp").symlink_to(self.program)
        machine = bin_folder / "machine"
        numbers = "\n".join(f"{n}) iccid={iccid(n)} imsi={imsi(n)} ;;" for n in range(1, 5))
        report = 'msp device report "MW-$1" --enrolment-key-file modemworks.enrolment'
        machine.write_text(
            f"""#!/usr/bin/env bash
set -e
exec >/dev/null 2>&1
case $1 in
{numbers}
esac
msp card import delivery.csv --operator op-east --batch B-1
msp card issue --batch B-1 --to modemworks
msp --context modemworks card activate "$iccid" --wait 10s
{report} --iccid "$iccid" --imsi "$imsi"
msp --context modemworks device handover "MW-$1" --to acme
msp device check "MW-$1" --wait 10s  # how many events there are must not depend on who is quicker
msp --context acme device activate "MW-$1" --wait 10s
{report} --equipment "$2"
msp --context acme equipment activate "$2" --wait 10s
"""
        )
        machine.chmod(0o755)

    def run(self, command):
        ended = subprocess.run(
            ["bash", "-c", command],
            cwd=self.work,
            env={
                "PATH": f"{self.folder}/bin:/usr/bin:/bin",
                "HOME": str(self.folder),
                "MSP_CONTEXTS": str(self.folder / "contexts.json"),
                "OP_EAST": self.story.operator_url,
                "LANG": "C.UTF-8",
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=60,
            check=False,
        )
        return ended.stdout

    def end(self):
        self.story.operator.terminate()
        self.story.operator.wait()
        self.server.end()


def played(page, world):
    """The page as it is when its commands are run now."""
    out, inside = [], False
    for line in page.splitlines():
        if line.startswith("```"):
            inside = line == "```console"
            out.append(line)
        elif not inside:
            out.append(line)
        elif line.startswith("$ "):
            out.append(line)
            out += masked(world.run(line[2:])).splitlines()
    return "\n".join(out) + "\n"


def differences(name, expected, found):
    stands, is_now = f"{name}, as it stands", "as it is"
    return list(difflib.unified_diff(told(expected), told(found), stands, is_now, lineterm=""))


def check_guide(program, path, write):
    with tempfile.TemporaryDirectory(prefix="msp-cli-") as folder:
        world = World(program, folder)
        try:
            found = played(path.read_text(), world)
        finally:
            world.end()
    if write:
        path.write_text(found)
    return differences(path.name, path.read_text(), found)


def check_manual(program, write):
    found = subprocess.run([program, "manual"], capture_output=True, text=True, check=True).stdout
    if write:
        MANUAL.write_text(found)
    return differences(MANUAL.name, MANUAL.read_text(), found)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("msp", type=os.path.abspath)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("pages", nargs="*")
    asked = parser.parse_args()

    guides = [path for path in sorted(GUIDES.glob("*.md")) if "```console" in path.read_text()]
    results = {MANUAL.name: check_manual(asked.msp, asked.write)}
    for path in guides:
        if not asked.pages or path.stem in asked.pages:
            results[path.name] = check_guide(asked.msp, path, asked.write)
    commands = sum(path.read_text().count("\n$ ") for path in guides)
    for name, lines in results.items():
        print(f"{'FAILED' if lines else 'passed'}: {name}")
        print("\n".join(lines[:80]), end="\n" if lines else "")
    failed = sum(bool(lines) for lines in results.values())
    print(f"{commands} commands in {len(guides)} guides")
    print(f"{len(results) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
