#!/usr/bin/env python3
"""clang-tidy over every file; one that was clean and has not changed is not read again.

    tools/check_tidy.py [--jobs N] build/dev

Sources are read as they are compiled, with the headers that they include. A header without a source
of its own is also compiled by itself, to prove that it is whole. What a verdict rests on (the file,
our headers that it reaches, its compile command, the rules, the program's version) is the name of
a mark in the user's cache.
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
TEST_CHECKS = "--checks=-clang-analyzer-*"  # which walks every path of the tests' macros


@dataclass
class Reading:
    """One run of clang-tidy: the file and how it is compiled."""

    path: Path
    arguments: list[str]  # of the compiler, for a header; of a source, only for the hash
    header: bool


def readings(root: Path, build: Path) -> list[Reading]:
    found = {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        source = Path(entry["directory"], entry["file"]).resolve()
        if source.is_relative_to(root) and not source.is_relative_to(build):
            path = source.relative_to(root)
            found.setdefault(path, Reading(path, shlex.split(entry["command"]), header=False))
    for path in house.files(root, "src", "tests", "bench", suffixes={".hpp"}):
        if path.with_suffix(".cpp") not in found:
            found[path] = Reading(path, [*HEADER_FLAGS, f"-I{root / 'src'}"], header=True)
    return [found[path] for path in sorted(found)]


class Hasher:
    """What a reading depends on, as one number; each file's text is looked at once."""

    def __init__(self, root: Path, build: Path) -> None:
        version = subprocess.run(
            ["clang-tidy", "--version"], capture_output=True, check=True
        ).stdout
        self.root = root
        self.places = [root / "src", *generated_folders(build)]
        rules = (root / ".clang-tidy").read_bytes() + Path(__file__).read_bytes()
        self.base = hashlib.sha256(version + rules).hexdigest()
        self.seen: dict[Path, tuple[str, list[Path]]] = {}

    def mark(self, reading: Reading) -> Path:
        digest = hashlib.sha256(self.base.encode())
        digest.update(" ".join(reading.arguments).replace(str(self.root), ".").encode())
        for path in sorted(self.reached(self.root / reading.path)):
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


def command_for(build: Path, reading: Reading) -> list[str]:
    if reading.header:
        return ["clang++", "-fsyntax-only", *reading.arguments, str(reading.path)]
    command = ["clang-tidy", "--quiet", "--extra-arg=-Wno-unknown-warning-option"]
    command += [TEST_CHECKS] if house.is_test(reading.path) else []
    return [*command, "-p", str(build), str(reading.path)]


def read(root: Path, build: Path, reading: Reading) -> str:
    """What is to be said about a file; nothing if it is clean."""
    done = subprocess.run(
        command_for(build, reading), cwd=root, capture_output=True, text=True, check=False
    )
    if done.returncode == 0:
        return ""
    return (done.stdout.strip() or done.stderr.strip()).replace(f"{root}/", "")


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("build", type=Path)
    arguments.add_argument("--jobs", type=int, default=2)
    asked = arguments.parse_args()
    root, build = house.ROOT, asked.build.resolve()

    CACHE.mkdir(parents=True, exist_ok=True)
    hasher = Hasher(root, build)
    everything = readings(root, build)
    marks = {reading.path: hasher.mark(reading) for reading in everything}
    due = [reading for reading in everything if not marks[reading.path].exists()]
    said: dict[str, None] = {}  # a finding in a header is told once, however many sources reach it
    unclean = 0
    with ThreadPoolExecutor(asked.jobs) as pool:
        for reading, words in zip(due, pool.map(lambda one: read(root, build, one), due)):
            if words:
                unclean += 1
                said.update(dict.fromkeys(re.split(r"\n(?=\S+:\d+:\d+: (?:error|warning))", words)))
            else:
                marks[reading.path].touch()
    for finding in said:
        print(finding)
    print(f"{len(everything)} files, {len(due)} read anew, {unclean} not clean")
    return 1 if unclean else 0


if __name__ == "__main__":
    sys.exit(main())
