#!/usr/bin/env python3
"""Runs the fuzzer on every reader of foreign bytes for a while and counts.

    tests/fuzz/run.py [--seconds 60] [--jobs 2] [--only NAME] build/fuzz

Begins with the corpus; inputs that reach something new are kept in build/fuzz/corpus/NAME, and what
ends a reader in build/fuzz/found/NAME-…: put such a file into tests/fuzz/corpus/NAME, and mend the
reader. The last line is `N passed, N failed`, in readers.
"""

import argparse
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT / "tests" / "fuzz" / "corpus"
LONGEST_INPUT = 8192
LONGEST_SECONDS_OF_ONE_INPUT = 10
MEMORY_MIB = 2048

RUNS = re.compile(r"stat::number_of_executed_units: *(\d+)")
COVERED = re.compile(r"cov: (\d+)")


@dataclass
class Run:
    """What came of one reader."""

    reader: str
    inputs: int
    covered: int  # edges of the program
    sound: bool
    said: str


def run(reader: str, build: Path, seconds: int) -> Run:
    kept = build / "corpus" / reader
    found = build / "found"
    kept.mkdir(parents=True, exist_ok=True)
    found.mkdir(parents=True, exist_ok=True)
    ended = subprocess.run(
        [
            str(build / "tests" / "fuzz" / "msp_fuzz"),
            f"-max_total_time={seconds}",
            f"-max_len={LONGEST_INPUT}",
            f"-timeout={LONGEST_SECONDS_OF_ONE_INPUT}",
            f"-rss_limit_mb={MEMORY_MIB}",
            f"-artifact_prefix={found}/{reader}-",
            "-print_final_stats=1",
            str(kept),
            str(CORPUS / reader),
        ],
        env={**os.environ, "FUZZ_TARGET": reader},
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    inputs = RUNS.findall(ended.stderr)
    covered = COVERED.findall(ended.stderr)
    return Run(
        reader=reader,
        inputs=int(inputs[-1]) if inputs else 0,
        covered=int(covered[-1]) if covered else 0,
        sound=ended.returncode == 0 and bool(inputs) and int(inputs[-1]) > 0,
        said=ended.stderr[-4000:],
    )


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("build")
    arguments.add_argument("--seconds", type=int, default=60)
    arguments.add_argument("--jobs", type=int, default=2)
    arguments.add_argument("--only", default="")
    asked = arguments.parse_args()

    build = Path(asked.build).resolve()
    readers = [each.name for each in sorted(CORPUS.iterdir()) if asked.only in ("", each.name)]
    runs = []
    with ThreadPoolExecutor(asked.jobs) as pool:
        for one in pool.map(lambda reader: run(reader, build, asked.seconds), readers):
            runs.append(one)
            print(
                f"  {one.reader:<20}{one.inputs:>12,} inputs{one.covered:>8,} edges"
                f"{'' if one.sound else '   FAILED'}",
                flush=True,
            )
            if not one.sound:
                print(one.said)
    failed = sum(not one.sound for one in runs)
    print(f"\nfuzz: {sum(one.inputs for one in runs):,} inputs, {asked.seconds} s a reader")
    print(f"{len(runs) - failed} passed, {failed} failed")
    return 1 if failed or not runs else 0


if __name__ == "__main__":
    sys.exit(main())
