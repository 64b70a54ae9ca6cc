#!/usr/bin/env python3
"""The layout of C++ code is clang-format's: checks it, or with --write makes it so."""

import re
import subprocess
import sys
from pathlib import Path

import house
from house import Finding

REASON = "Layout is not worth a thought: `make format` gives it to every file."

_TOLD = re.compile(
    r"^(?P<path>[^:\n]+):(?P<line>\d+):\d+: (?:error|warning): code should be clang-formatted",
    re.MULTILINE,
)


def run_clang_format(root: Path, *options: str) -> subprocess.CompletedProcess[str]:
    paths = [str(path) for path in house.files(root, suffixes=house.CPP)]
    return subprocess.run(
        ["clang-format", "--style=file", *options, *paths],
        cwd=root,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def check(root: Path) -> list[Finding]:
    done = run_clang_format(root, "--dry-run", "-Werror")
    first: dict[str, Finding] = {}
    for match in _TOLD.finditer(done.stderr):
        first.setdefault(
            match["path"],
            Finding(match["path"], int(match["line"]), "is laid out otherwise", REASON),
        )
    if done.returncode != 0 and not first:
        sys.exit(done.stderr)
    return list(first.values())


if __name__ == "__main__":
    if "--write" in sys.argv:
        sys.exit(run_clang_format(house.ROOT, "-i").returncode)
    sys.exit(house.run(__doc__.splitlines()[0], check))
