#!/usr/bin/env python3
"""Runs the tests of one build and counts them: test cases and assertions over all executables.

    tools/run_tests.py [--jobs N] [--label unit] release

A test executable that ran no test case has failed, and so has one that ended without saying how many it
ran. The last line is `N passed, N failed`, in test cases; the exit code says whether all is well.
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
PLAIN = re.compile(r"^(?:\w+: )?(\d+) passed, (\d+) failed\b", re.MULTILINE)


@dataclass
class Count:
    passed: int = 0
    failed: int = 0
    assertions: int = 0


def count(output: str, succeeded: bool) -> Count:
    """What one executable did, by its own closing lines and by how it ended."""
    result = Count()
    for passed, failed in DOCTEST_CASES.findall(output) or PLAIN.findall(output):
        result.passed += int(passed)
        result.failed += int(failed)
    result.assertions = sum(int(number) for number in DOCTEST_ASSERTIONS.findall(output))
    ran = result.passed + result.failed
    if ran == 0 or (not succeeded and result.failed == 0):
        result.failed += 1
    return result


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("preset")
    arguments.add_argument("--jobs", default="2")
    arguments.add_argument("--label", default="")
    asked = arguments.parse_args()

    build = ROOT / "build" / asked.preset
    report = build / "tests.xml"
    report.unlink(missing_ok=True)
    command = ["ctest", "--test-dir", str(build), "--output-on-failure", "--no-tests=error"]
    command += ["--parallel", asked.jobs, "--output-junit", str(report)]
    command += ["--test-output-size-passed", OUTPUT_KEPT, "--test-output-size-failed", OUTPUT_KEPT]
    command += ["--label-regex", asked.label] if asked.label else []
    ended = subprocess.run(command, check=False)
    if not report.exists():
        print("run_tests: no test ran")
        return 1

    total = Count()
    print()
    for case in sorted(ElementTree.parse(report).getroot(), key=lambda case: case.get("name")):
        succeeded = case.get("status") == "run"
        one = count(case.findtext("system-out") or "", succeeded)
        total = Count(*(getattr(total, f) + getattr(one, f) for f in ("passed", "failed", "assertions")))
        print(f"  {case.get('name'):<24}{one.passed + one.failed:>6} cases{one.assertions:>12,} assertions"
              f"{float(case.get('time')):>9.2f} s{'' if one.failed == 0 else '   FAILED'}")
    print(f"\n{asked.preset}: {total.passed + total.failed} test cases, {total.assertions:,} assertions")
    print(f"{total.passed} passed, {total.failed} failed")
    return 0 if ended.returncode == 0 and total.failed == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
