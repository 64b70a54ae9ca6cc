#!/usr/bin/env python3
"""Time, chance and the environment come through world/; the core decides without any of them.

Only so can a simulation own them too, and a run be repeated from its seed.
"""

import re
import sys
from pathlib import Path

import house
from check_levels import PURE, ROOMS, room_of
from house import Finding

WORLDLY = ["world", "main"]
SEED = "A run must be repeatable from its seed."
KEPT = "A decision does not know how it is kept."

CLOCK = re.compile(
    r"\b\w+_clock\s*::\s*now\b"
    r"|\bsleep_(?:for|until)\b"
    r"|(?<![\w.>:])(?:std::)?time\s*\(\s*(?:NULL|nullptr|0)\s*\)"
)
CHANCE = re.compile(
    r"\brandom_device\b"
    r"|(?<![\w.>:])(?:std::)?s?rand\s*\("
    r"|\b(?:secure_)?(?:get|set|put)env\b"
)
SQL = re.compile(r"\b(?:SELECT\b.*\bFROM|INSERT INTO|UPDATE \w+ SET|DELETE FROM|CREATE TABLE)\b")

THREADS = (
    "thread mutex shared_mutex atomic condition_variable future semaphore latch barrier stop_token"
    " coroutine"
)
IMPURE = {
    "input and output": "iostream fstream cstdio filesystem syncstream".split(),
    "threads": THREADS.split(),
    "chance or a clock": "random ctime".split(),
}


def check_headers(path: Path, text: str) -> list[Finding]:
    """What a pure folder may not even include."""
    return [
        Finding(
            str(path),
            include.line,
            f"<{include.path}> in {room_of(path)}/",
            f"It brings {kind}, and a decision has none.",
        )
        for include in house.includes(text)
        for kind, headers in IMPURE.items()
        if include.path in headers
    ]


def check(root: Path) -> list[Finding]:
    found = []
    for path in house.files(root, "src", suffixes=house.CPP):
        room = room_of(path)
        if room not in ROOMS or room in WORLDLY:
            continue
        text = (root / path).read_text()
        code = house.code(text)
        found += house.each(CHANCE, path, code, "{} outside world/ and main/", SEED)
        if not house.is_test(path):
            found += house.each(CLOCK, path, code, "{} outside world/ and main/", SEED)
            found += check_headers(path, text) if room in PURE else []
        if room in PURE:
            told = house.code(text, keep_strings=True)
            found += house.each(SQL, path, told, f"SQL in {room}/", KEPT)
    return found


if __name__ == "__main__":
    sys.exit(house.run(__doc__.splitlines()[0], check))
