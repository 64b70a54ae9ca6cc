#!/usr/bin/env python3
"""clang-tidy over every file; one that was clean and has not changed is not read again.

    tools/check_tidy.py [--jobs N] build/dev build/release

Each file is read twice. By itself, as the first folder compiles it: with the compiler's warnings,
which find a missing include and a shadowed name, and with the analyzer, which walks the paths of a
function. Then as the second folder compiles it, several sources as one, with all other checks:
nearly all of their time goes into headers. A header without a source is compiled by itself. What a
verdict rests on (the files, our headers that they reach, the command, the rules, the program's
version) is the name of a mark in the user's cache.
"""

import argparse
import hashlib
import json
import os
import re
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import house

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "msp-tidy"
HEADER_FLAGS = "-std=c++20 -Wall -Wextra -Werror -Wno-pragma-once-outside-header".split()
FOREIGN_FLAGS = "-Wno-unknown-warning-option"  # of another compiler than clang
TIDY = ["clang-tidy", "--quiet", f"--extra-arg={FOREIGN_FLAGS}"]
# Tests go without it: it would walk every path of their macros.
ANALYZER = "--checks=-*,clang-diagnostic-*,clang-analyzer-core.*,clang-analyzer-cplusplus.*"
# The analyzer looks at no source that another includes, and a unit includes nothing but sources.
OTHERS = "--checks=-clang-analyzer-*,-bugprone-suspicious-include"
UNIT_INCLUDE = re.compile(r'^#include "(/[^"]+)"$', re.MULTILINE)


@dataclass
class Reading:
    """One run of a compiler or of clang-tidy, and the files that its verdict rests on."""

    path: Path
    command: list[str]
    files: list[Path]


def compiled(build: Path) -> dict[Path, list[str]]:
    """What is compiled, and how; what is compiled twice, once."""
    found: dict[Path, list[str]] = {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        source = Path(entry["directory"], entry["file"]).resolve()
        found.setdefault(source, shlex.split(entry["command"]))
    return found


def flags_of(command: list[str]) -> list[str]:
    """Those of the compiler, without what it is to write and from what."""
    begin = next(at for at, word in enumerate(command) if word.endswith("++")) + 1
    named = {at for at, word in enumerate(command) if word in {"-o", "-c"}}
    named |= {at + 1 for at in named}
    return [word for at, word in enumerate(command) if at >= begin and at not in named]


def by_themselves(root: Path, build: Path) -> list[Reading]:
    sources = {
        path: flags_of(command)
        for path, command in compiled(build).items()
        if path.is_relative_to(root) and not path.is_relative_to(build)
    }
    headers = {
        root / path: [*HEADER_FLAGS, f"-I{root / 'src'}"]
        for path in house.files(root, "src", "tests", "bench", suffixes={".hpp"})
        if (root / path).with_suffix(".cpp") not in sources
    }
    analyzed = [path for path in sources if not house.is_test(path)]
    only_compiled = {path: flags for path, flags in sources.items() if path not in analyzed}
    return [
        Reading(path, [*TIDY, ANALYZER, "-p", str(build), str(path)], [path])
        for path in analyzed
    ] + [
        Reading(path, ["clang++", "-fsyntax-only", FOREIGN_FLAGS, *flags, str(path)], [path])
        for path, flags in (only_compiled | headers).items()
    ]


def together(root: Path, build: Path) -> list[Reading]:
    found = []
    for path in compiled(build):
        unit = path.parent.name == "Unity"
        if path.is_relative_to(build) and not unit:
            continue
        files = [Path(name) for name in UNIT_INCLUDE.findall(path.read_text())] if unit else [path]
        found.append(Reading(path, [*TIDY, OTHERS, "-p", str(build), str(path)], files))
    return found


class Hasher:
    """What a reading depends on, as one number; each file's text is looked at once."""

    def __init__(self, root: Path, *builds: Path) -> None:
        version = subprocess.run(
            ["clang-tidy", "--version"], capture_output=True, check=True
        ).stdout
        self.root = root
        self.places = [root / "src"]
        self.flags: dict[Path, list[str]] = {}  # which clang-tidy takes from the folder itself
        for build in builds:
            self.places += generated_folders(build)
            self.flags |= {
                path: [word.replace(str(root), ".") for word in flags_of(command)]
                for path, command in compiled(build).items()
            }
        rules = (root / ".clang-tidy").read_bytes() + Path(__file__).read_bytes()
        self.base = hashlib.sha256(version + rules).hexdigest()
        self.seen: dict[Path, tuple[str, list[Path]]] = {}

    def mark(self, reading: Reading) -> Path:
        digest = hashlib.sha256(self.base.encode())
        digest.update(" ".join(reading.command).replace(str(self.root), ".").encode())
        digest.update(" ".join(self.flags.get(reading.path, [])).encode())
        for path in sorted(set().union(*map(self.reached, reading.files))):
            digest.update(str(path.relative_to(self.root)).encode() + self.look(path)[0].encode())
        return CACHE / digest.hexdigest()

    def reached(self, path: Path) -> set[Path]:
        all_of_them, todo = set(), [path]
        while todo:
            one = todo.pop()
            if one not in all_of_them:
                all_of_them.add(one)
                todo += self.look(one)[1]
        return all_of_them

    def look(self, path: Path) -> tuple[str, list[Path]]:
        if path not in self.seen:
            text = path.read_text()
            ours = [include.path for include in house.includes(text) if include.ours]
            found = [
                place / name
                for name in ours
                for place in [*self.places, path.parent]
                if (place / name).is_file()
            ]
            self.seen[path] = hashlib.sha256(text.encode()).hexdigest(), found
        return self.seen[path]


def generated_folders(build: Path) -> list[Path]:
    """Include folders within the build folder."""
    text = (build / "compile_commands.json").read_text()
    return sorted(
        {Path(name) for name in re.findall(r"-I(\S+)", text) if Path(name).is_relative_to(build)}
    )


def read(root: Path, reading: Reading) -> str:
    """What is to be said about a file; nothing if it is clean."""
    done = subprocess.run(reading.command, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return ""
    return (done.stdout.strip() or done.stderr.strip()).replace(f"{root}/", "")


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("alone", type=Path)
    arguments.add_argument("together", type=Path)
    arguments.add_argument("--jobs", type=int, default=2)
    asked = arguments.parse_args()
    root, alone, units = house.ROOT, asked.alone.resolve(), asked.together.resolve()

    CACHE.mkdir(parents=True, exist_ok=True)
    hasher = Hasher(root, alone, units)
    everything = by_themselves(root, alone) + together(root, units)
    marked = [(reading, hasher.mark(reading)) for reading in everything]
    due = [(reading, mark) for reading, mark in marked if not mark.exists()]
    said: dict[str, None] = {}  # a finding in a header is told once, however many sources reach it
    unclean = 0
    with ThreadPoolExecutor(asked.jobs) as pool:
        for (_, mark), words in zip(due, pool.map(lambda one: read(root, one[0]), due)):
            if words:
                unclean += 1
                said.update(dict.fromkeys(re.split(r"\n(?=\S+:\d+:\d+: (?:error|warning))", words)))
            else:
                mark.touch()
    for finding in said:
        print(finding)
    print(f"{len(everything)} readings, {len(due)} made anew, {unclean} not clean")
    return 1 if unclean else 0


if __name__ == "__main__":
    sys.exit(main())
