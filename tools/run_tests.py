#!/usr/bin/env python3
"""Runs the tests of one build and counts them: test cases and assertions over all executables.

    tools/run_tests.py [--jobs N] [--label unit] release

A test executable that ran no test case has failed, and so has one that ended without saying how
many it ran. One that cannot be run on this machine says `skipped: ` and why, and is no case. The
last line is `N passed, N failed`, in test cases; the exit code says the same.
"""

import argparse
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUTPUT_KEPT = "10000000"

DOCTEST_CASES = re.compile(r"\[doctest\] test cases: +\d+ \| +(\d+) passed \| +(\d+) failed")
DOCTEST_ASSERTIONS = re.compile(r"\[doctest\] assertions: +(\d+) ")
SKIPPED = re.compile(r"^skipped: (.+)$", re.MULTILINE)
PLAIN = re.compile(r"^(?:\w+: )?(\d+) passed, (\d+) failed\b", re.MULTILINE)


@dataclass
class Count:
    passed: int = 0
    failed: int = 0
    assertions: int = 0

    @property
    def cases(self) -> int:
        return self.passed + self.failed

    def __add__(self, other: "Count") -> "Count":
        return Count(
            self.passed + other.passed,
            self.failed + other.failed,
            self.assertions + other.assertions,
        )


def count(output: str, succeeded: bool) -> Count:
    """What one executable did, by its own closing lines and by how it ended."""
    result = Count()
    for passed, failed in DOCTEST_CASES.findall(output) or PLAIN.findall(output):
        result.passed += int(passed)
        result.failed += int(failed)
    result.assertions = sum(int(number) for number in DOCTEST_ASSERTIONS.findall(output))
    if result.cases == 0 or (not succeeded and result.failed == 0):
        result.failed += 1
    return result


def why_skipped(output: str, status: str) -> str:
    """The reason that it gave; none where it was to be run, or gives no reason."""
    given = SKIPPED.search(output) if status == "notrun" else None
    return given.group(1) if given else ""


def run_ctest(build: Path, report: Path, jobs: str, label: str) -> bool:
    """Whether all tests passed by CTest's word; what they printed is in the report."""
    report.unlink(missing_ok=True)
    command = ["ctest", "--test-dir", str(build), "--output-on-failure", "--no-tests=error"]
    command += ["--parallel", jobs, "--output-junit", str(report)]
    command += ["--test-output-size-passed", OUTPUT_KEPT, "--test-output-size-failed", OUTPUT_KEPT]
    command += ["--label-regex", label] if label else []
    return subprocess.run(command, check=False).returncode == 0


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("preset")
    arguments.add_argument("--jobs", default="2")
    arguments.add_argument("--label", default="")
    asked = arguments.parse_args()

    report = ROOT / "build" / asked.preset / "tests.xml"
    all_well = run_ctest(report.parent, report, asked.jobs, asked.label)
    if not report.exists():
        print("run_tests: no test ran")
        return 1

    print()
    total = Count()
    for test in sorted(ElementTree.parse(report).getroot(), key=lambda test: test.get("name")):
        output = test.findtext("system-out") or ""
        if why := why_skipped(output, test.get("status")):
            print(f"  {test.get('name'):<24}  SKIPPED: {why}")
            continue
        one = count(output, test.get("status") == "run")
        total += one
        print(
            f"  {test.get('name'):<24}{one.cases:>6} cases{one.assertions:>12,} assertions"
            f"{float(test.get('time')):>9.2f} s{'   FAILED' if one.failed else ''}"
        )
    print(f"\n{asked.preset}: {total.cases} test cases, {total.assertions:,} assertions")
    print(f"{total.passed} passed, {total.failed} failed")
    return 0 if all_well and total.failed == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
