#!/usr/bin/env python3
"""The models in models/ are searched whole, and the rules that are broken on purpose are caught.

    tools/check_models.py [--jobs N] [--story] [WORD ...]

Runs the checks of models/checks.toml with Spin, those whose line has all the words, and prints a
line for each; the last line is `N passed, N failed`. A search that was cut short proves nothing and
has failed; so has a wrong variant that passes. With --story it tells, step by step, what Spin found
against each property that does not hold.
"""

import argparse
import itertools
import re
import subprocess
import sys
import tempfile
import time
import tomllib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import house
import model_story

MODELS = house.ROOT / "models"
PAGE = house.ROOT / "docs/protocol.md"  # tells every lesson
SHARED = "world.pml"  # included by the models, none itself

# What is expected of a property: that it holds; that the state which it denies is reached; that it
# is refuted where a rule is broken.
HOLDS, REACHED, CAUGHT = "holds", "reached", "caught"
REFUTED = "refuted"

STEPS = "200000"  # a search that goes deeper has failed
MEMORY_MB = "3000"  # a search that needs more has failed
COMPILER = ["gcc", "-w", "-DNOREDUCE", f"-DMEMLIM={MEMORY_MB}"]
ONE_CLAIM = ["-DSAFETY", "-DNOFAIR"]
LIVENESS = ["-DNFAIR=5"]  # room for weak fairness among that many times eight processes, less some


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
    def flags(self) -> list[str]:
        return [f"-D{name}={value}" for name, value in self.switches]

    @property
    def program(self) -> tuple:
        """What one program made by Spin serves."""
        return self.model, self.verdict, self.is_liveness, self.switches

    @property
    def words(self) -> set[str]:
        """By which it may be chosen."""
        return {self.model, self.verdict, self.property, *itertools.chain(*self.switches)}

    def __str__(self) -> str:
        given = " ".join(f"{name}={value}" for name, value in self.switches)
        return f"{self.model:<12}{self.verdict:<9}{self.property:<17}{given}"


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
        for verdict in (HOLDS, REACHED, CAUGHT)
        for row in verdicts.get(verdict, [])
        for check in expand(model, verdict, row)
    ]


_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULES = re.compile(r"^mtype:rule\s*=\s*\{(.*?)\}", re.MULTILINE | re.DOTALL)
_PROPERTY = re.compile(r"^ltl\s+(\w+)", re.MULTILINE)
_SWITCH = re.compile(r"^#ifndef\s+(\w+)", re.MULTILINE)


def gaps(model: str, text: str, verdicts: dict) -> list[str]:
    """What the model has and the table leaves out, and the reverse."""
    code = _COMMENT.sub("", text)
    checks = checks_of({model: verdicts})
    rules = {word for body in _RULES.findall(code) for word in re.findall(r"\w+", body)}
    broken = {value for check in checks for name, value in check.switches if name == "WRONG"}
    properties, asked = set(_PROPERTY.findall(code)), {check.property for check in checks}
    shown = {check.property for check in checks if check.verdict != CAUGHT}
    switches = {name for check in checks for name, _ in check.switches} - {"WRONG"}
    silent = [row["wrong"] for row in verdicts.get(CAUGHT, []) if not row.get("lesson")]
    found = {
        "rule {} is never broken": rules - broken - {"nothing_wrong"},
        "rule {} does not exist": broken - rules,
        "property {} is neither proved nor reached": properties - shown,
        "property {} does not exist": asked - properties,
        "switch {} does not exist": switches - set(_SWITCH.findall(code)),
        "rule {} has no lesson": set(silent),
    }
    return [
        f"{model}: {words.format(name)}" for words, names in found.items() for name in sorted(names)
    ]


def untold(model: str, page: str, verdicts: dict) -> list[str]:
    """The lessons that the page does not tell in the words of the table."""
    told = " ".join(page.split())
    return [
        f"{model}: {PAGE.name} does not tell the lesson of {row['wrong']}"
        for row in verdicts.get(CAUGHT, [])
        if " ".join(row.get("lesson", "").split()) not in told
    ]


def gaps_of_all(table: dict) -> list[str]:
    models = {path.stem: path.read_text() for path in MODELS.glob("*.pml") if path.name != SHARED}
    found = [f"{model} has no checks" for model in sorted(models.keys() - table.keys())]
    found += [f"{model} is no model" for model in sorted(table.keys() - models.keys())]
    for model in sorted(models.keys() & table.keys()):
        found += gaps(model, models[model], table[model])
        found += untold(model, PAGE.read_text(), table[model])
    return found


@dataclass(frozen=True)
class Search:
    """What came of one search."""

    verdict: str  # holds, refuted, or why neither can be said of the property
    states: int = 0

    def is_as(self, expected: str) -> bool:
        return self.verdict == (HOLDS if expected == HOLDS else REFUTED)


_CUT_SHORT = {
    "max search depth too small": "too deep",
    "out of memory": "out of memory",
    "reached -DMEMLIM": "out of memory",
}
_AGAINST = re.compile(r"^pan:\d+: (?:assertion violated +!\(|acceptance cycle)", re.MULTILINE)


def read_search(output: str) -> Search:
    """A search ends with the number of errors; whatever else it ends with proves nothing."""
    errors = re.search(r"errors: (\d+)$", output, re.MULTILINE)
    stored = re.search(r"^\s*(\d\S*) states, stored", output, re.MULTILINE)
    if not errors or not stored:
        return Search("did not end")
    states = int(float(stored[1]))
    if errors[1] != "0":
        return Search(REFUTED if _AGAINST.search(output) else "another error", states)
    cut_short = next((word for said, word in _CUT_SHORT.items() if said in output), None)
    return Search(cut_short or HOLDS, states)


def told(command: list, folder: Path) -> tuple[bool, str]:
    """Whether it succeeded, and what it said."""
    done = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)
    return done.returncode == 0, done.stdout + done.stderr


def make(program: Check, folder: Path, shortest_first: bool) -> str:
    """Makes the program that searches, in a folder of its own; what was wrong with the model."""
    optimise = "-O2" if program.verdict == HOLDS else "-O0"  # the others are soon found
    kind = LIVENESS if program.is_liveness else ONE_CLAIM
    kind = [*kind, "-DBFS"] if shortest_first and not program.is_liveness else kind
    for command in (
        ["spin", *program.flags, "-a", MODELS / f"{program.model}.pml"],
        [*COMPILER, optimise, *kind, "-o", "pan", "pan.c"],
    ):
        succeeded, words = told(command, folder)
        if not succeeded:
            return words[-1000:]
    return ""


def story_of(check: Check, folder: Path) -> list[str]:
    trail = ["spin", *check.flags, "-k", f"{check.model}.pml.trail", "-t", "-g"]
    model = MODELS / f"{check.model}.pml"
    start = told([*trail, "-u1", model], folder)[1]  # one step in, with every value there is
    return model_story.story(start, told([*trail, "-p", model], folder)[1])


@dataclass(frozen=True)
class Result:
    check: Check
    found: Search
    seconds: float
    story: list[str]


def results(checks: list[Check], with_story: bool) -> list[Result]:
    """Of checks that one program serves: it is made once and run for each."""
    done = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        began = time.monotonic()
        wrong = make(checks[0], folder, with_story)
        for check in checks:
            search = ["./pan", *(["-a", "-f"] if check.is_liveness else []), f"-m{STEPS}"]
            found = (
                Search(f"is no model: {wrong}")
                if wrong
                else read_search(told([*search, "-N", check.property], folder)[1])
            )
            steps = story_of(check, folder) if with_story and found.verdict == REFUTED else []
            done.append(Result(check, found, time.monotonic() - began, steps))
            began = time.monotonic()
    return done


def run(checks: list[Check], jobs: int, with_story: bool) -> int:
    """Prints a line for each check; how many failed."""
    failed = 0
    width = max((len(str(check)) for check in checks), default=0)
    programs = [list(same) for _, same in itertools.groupby(checks, lambda check: check.program)]
    with ThreadPoolExecutor(jobs) as workers:
        done = workers.map(lambda same: results(same, with_story), programs)
        for result in itertools.chain.from_iterable(done):
            passed = result.found.is_as(result.check.verdict)
            failed += not passed
            print(
                f"{result.check!s:<{width}}{result.found.states:>11,} states"
                f"{result.seconds:>7.1f} s{'' if passed else f'  FAILED: {result.found.verdict}'}",
                *result.story,
                sep="\n",
                flush=True,
            )
    return failed


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("words", nargs="*")
    arguments.add_argument("--jobs", type=int, default=2)
    arguments.add_argument("--story", action="store_true")
    asked = arguments.parse_args()

    table = tomllib.loads((MODELS / "checks.toml").read_text())
    missing = gaps_of_all(table)
    for gap in missing:
        print(f"models/checks.toml: {gap}")
    everything = checks_of(table)
    chosen = [check for check in everything if check.words >= set(asked.words)]
    if not chosen:
        print("no check has all these words")
    failed = run(chosen, asked.jobs, asked.story)
    print(f"{len(chosen) - failed} passed, {failed + len(missing)} failed")
    return 1 if failed or missing or not chosen else 0


if __name__ == "__main__":
    sys.exit(main())
