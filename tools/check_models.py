#!/usr/bin/env python3
"""The models in models/ are searched whole, and the rules that are broken on purpose are caught.

    tools/check_models.py [--jobs N] [--list] [WORD ...]

Runs the checks of models/checks.toml with Spin, those whose line has all words, and prints a line
for each; the last line is `N passed, N failed`. A search that was cut short proves nothing and has
failed; so has a wrong variant that passes. What Spin found against a variant stays in build/models
and is told by `spin -t -p -g`, in the folder and with the switches that the line names.
"""

import argparse
import itertools
import re
import shutil
import subprocess
import sys
import threading
import time
import tomllib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import house

MODELS = house.ROOT / "models"
BUILD = house.ROOT / "build/models"
SHARED = "world.pml"  # included by the models, none itself

HOLDS, REACHED, CAUGHT = "holds", "reached", "caught"
VERDICTS = (HOLDS, REACHED, CAUGHT)

DEPTH = "200000"  # steps; a search that goes deeper says so and has failed
MEMORY = "3000"  # MB a search may use, then it says so and has failed
COMPILE = ["gcc", "-w", "-DNOREDUCE", f"-DMEMLIM={MEMORY}"]
SAFETY = ["-DSAFETY", "-DNOFAIR"]
LIVENESS = ["-DNFAIR=4"]


@dataclass(frozen=True)
class Check:
    """One search: of a model with these switches, for what goes against a property."""

    model: str
    verdict: str  # what is expected
    property: str
    switches: tuple[tuple[str, str], ...]

    @property
    def is_liveness(self) -> bool:
        return self.property.startswith("live")

    @property
    def flags(self) -> str:
        return " ".join(f"{name}={value}" for name, value in self.switches)

    def __str__(self) -> str:
        return f"{self.model:<12} {self.verdict:<8} {self.property:<18} {self.flags}"


def values(value: object) -> list[str]:
    """A list in the table stands for one check with each."""
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


def expand(model: str, verdict: str, row: dict) -> list[Check]:
    given = dict(row.get("given", {}))
    if verdict == CAUGHT:
        given["WRONG"] = row["wrong"]
    choices = [[(name, one) for one in values(value)] for name, value in given.items()]
    return [
        Check(model, verdict, name, switches)
        for switches in itertools.product(*choices)
        for name in values(row["property"])
    ]


def checks_of(table: dict) -> list[Check]:
    return [
        check
        for model, verdicts in table.items()
        for verdict in VERDICTS
        for row in verdicts.get(verdict, [])
        for check in expand(model, verdict, row)
    ]


_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULES = re.compile(r"^mtype:rule\s*=\s*\{(.*?)\}", re.MULTILINE | re.DOTALL)
_PROPERTY = re.compile(r"^ltl\s+(\w+)", re.MULTILINE)
_SWITCH = re.compile(r"^#ifndef\s+(\w+)", re.MULTILINE)


def gaps(model: str, text: str, verdicts: dict) -> list[str]:
    """What the model has and the table leaves out, and the reverse."""
    plain = _COMMENT.sub("", text)
    checks = [check for check in checks_of({model: verdicts})]
    rules = {word for body in _RULES.findall(plain) for word in re.findall(r"\w+", body)}
    broken = {value for check in checks for name, value in check.switches if name == "WRONG"}
    properties = set(_PROPERTY.findall(plain))
    asked = {check.property for check in checks}
    known = {*_SWITCH.findall(plain), "WRONG"}
    used = {name for check in checks for name, _ in check.switches}
    return [
        *(f"rule {rule} is never broken" for rule in rules - broken - {"nothing_wrong"}),
        *(f"rule {rule} does not exist" for rule in broken - rules),
        *(f"property {name} is never checked" for name in properties - asked),
        *(f"property {name} does not exist" for name in asked - properties),
        *(f"switch {name} does not exist" for name in used - known),
        *(
            f"{row['wrong']} does not say what it breaks"
            for row in verdicts.get(CAUGHT, [])
            if not row.get("lesson")
        ),
    ]


@dataclass(frozen=True)
class Search:
    """What came of one search."""

    verdict: str  # holds, refuted, or why neither can be said
    states: int = 0

    def fulfils(self, expected: str) -> bool:
        return self.verdict == (HOLDS if expected == HOLDS else "refuted")


_CUT_SHORT = {
    "max search depth too small": "too deep",
    "out of memory": "out of memory",
    "reached -DMEMLIM": "out of memory",
}
_REFUTED = re.compile(r"^pan:\d+: (?:assertion violated !\(|acceptance cycle|claim violated)", re.M)


def read_search(output: str) -> Search:
    """A search ends with the number of errors; whatever else it ends with proves nothing."""
    errors = re.search(r"errors: (\d+)$", output, re.MULTILINE)
    stored = re.search(r"^\s*(\d\S*) states, stored", output, re.MULTILINE)
    if not errors or not stored:
        return Search("did not end")
    states = int(float(stored[1]))
    cut_short = next((word for said, word in _CUT_SHORT.items() if said in output), None)
    if cut_short:
        return Search(cut_short, states)
    if errors[1] == "0":
        return Search(HOLDS, states)
    return Search("refuted" if _REFUTED.search(output) else "another error", states)


@dataclass
class Verifier:
    """The program that Spin makes of a model with its switches; made once, run for each property."""

    check: Check
    folder: Path
    lock: threading.Lock = field(default_factory=threading.Lock)

    @cached_property
    def failure(self) -> str | None:
        self.folder.mkdir(parents=True)
        switches = [f"-D{name}={value}" for name, value in self.check.switches]
        optimise = "-O2" if self.check.verdict == HOLDS else "-O0"
        kind = LIVENESS if self.check.is_liveness else SAFETY
        for command in (
            ["spin", *switches, "-a", MODELS / f"{self.check.model}.pml"],
            [*COMPILE, optimise, *kind, "-o", "pan", "pan.c"],
        ):
            done = subprocess.run(
                command, cwd=self.folder, check=False, capture_output=True, text=True
            )
            if done.returncode != 0:
                return f"{done.stdout}{done.stderr}"[-2000:]
        return None

    def search(self, check: Check) -> Search:
        with self.lock:
            if self.failure:
                return Search(f"is no model:\n{self.failure}")
        options = ["-a", "-f"] if check.is_liveness else []
        done = subprocess.run(
            ["./pan", *options, f"-m{DEPTH}", "-N", check.property],
            cwd=self.folder,
            check=False,
            capture_output=True,
            text=True,
        )
        return read_search(done.stdout + done.stderr)


def verifiers_of(checks: list[Check]) -> dict[tuple, Verifier]:
    made: dict[tuple, Verifier] = {}
    for check in checks:
        key = (check.model, check.switches, check.is_liveness, check.verdict == HOLDS)
        made.setdefault(key, Verifier(check, BUILD / str(len(made) + 1)))
    return made


def run(checks: list[Check], jobs: int) -> int:
    """How many failed."""
    shutil.rmtree(BUILD, ignore_errors=True)
    verifiers = verifiers_of(checks)

    def one(check: Check) -> tuple[Check, Verifier, Search, float]:
        key = (check.model, check.switches, check.is_liveness, check.verdict == HOLDS)
        began = time.monotonic()
        search = verifiers[key].search(check)
        return check, verifiers[key], search, time.monotonic() - began

    failed = 0
    states = 0
    with ThreadPoolExecutor(jobs) as workers:
        for check, verifier, search, seconds in workers.map(one, checks):
            passed = search.fulfils(check.verdict)
            failed += not passed
            states += search.states
            print(
                f"{check!s:<112}{search.states:>11,} states{seconds:>7.1f} s"
                f"{'' if passed else f'  FAILED: {search.verdict}'}",
                flush=True,
            )
            if passed and check.verdict == HOLDS:
                shutil.rmtree(verifier.folder, ignore_errors=True)
    print(f"{states:,} states")
    return failed
