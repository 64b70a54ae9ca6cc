#!/usr/bin/env python3
"""All checks, the quick ones first; the last line says how many hold.

    tools/check_all.py [--jobs N] build/dev build/release
"""

import argparse
import subprocess
import sys
import time

import house


def checks(alone: str, together: str, jobs: str) -> list[tuple[str, list[str]]]:
    """What each check is called, and its command."""
    return [
        (
            "the checks catch what they are for",
            ["-m", "unittest", "discover", "-q", "-s", "tools/tests", "-p", "*_test.py"],
        ),
        ("levels", ["tools/check_levels.py"]),
        ("links", ["tools/check_links.py"]),
        ("purity", ["tools/check_purity.py"]),
        ("includes", ["tools/check_includes.py"]),
        ("sizes", ["tools/check_sizes.py"]),
        ("words", ["tools/check_words.py"]),
        ("documents", ["tools/check_docs.py"]),
        ("format", ["tools/check_format.py"]),
        ("every test is run", ["tools/check_tests_run.py", alone]),
        ("tidy", ["tools/check_tidy.py", "--jobs", jobs, alone, together]),
    ]


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("alone")
    arguments.add_argument("together")
    arguments.add_argument("--jobs", default="2")
    asked = arguments.parse_args()

    broken = []
    everything = checks(asked.alone, asked.together, asked.jobs)
    for name, command in everything:
        print(f"== {name}", flush=True)
        began = time.monotonic()
        if (
            subprocess.run([sys.executable, "-B", *command], cwd=house.ROOT, check=False).returncode
            != 0
        ):
            broken.append(name)
        print(f"   {time.monotonic() - began:.1f} s", flush=True)
    print(
        f"checks: {len(everything) - len(broken)} passed, {len(broken)} failed"
        f"{': ' + ', '.join(broken) if broken else ''}"
    )
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
