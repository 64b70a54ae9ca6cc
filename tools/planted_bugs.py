#!/usr/bin/env python3
"""The test of the test: does the simulator find the bugs that are planted for it?

    tools/planted_bugs.py [--most N] [--jobs N] [BUG ...]

Copies the tree to build/planted/tree, turns each bug of tests/planted/bugs.toml into a switch
there, builds the simulator once, and looks for each bug from seed 1 on. Prints how many seeds each
took; the last line is `N passed, N failed`. A bug whose place is gone from the code is an error: it
is to be planted anew.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUGS = ROOT / "tests/planted/bugs.toml"
PLACE = ROOT / "build/planted"
TREE = PLACE / "tree"
SWITCH = """#pragma once

#include <cstdlib>
#include <string_view>

namespace msp {

inline bool planted(std::string_view bug) {
    static const char* const looked_for = std::getenv("MSP_PLANTED");
    return looked_for && bug == looked_for;
}

}  // namespace msp
"""


def with_bugs(bugs: dict) -> dict[str, str]:
    """The text of each file that has a bug in it, all of them as switches."""
    texts: dict[str, str] = {}
    for name, bug in bugs.items():
        for change in bug["change"]:
            file = change["file"]
            text = texts.get(file) or '#include "domain/planted.hpp"\n' + (ROOT / file).read_text()
            places = text.count(change["old"])
            if places != 1:
                sys.exit(f"planted_bugs: {name} finds its place {places} times in {file}")
            new = change["new"].replace("PLANTED", f'planted("{name}")')
            texts[file] = text.replace(change["old"], new)
    texts["src/domain/planted.hpp"] = SWITCH
    return texts


def write_if_other(path: Path, text: bytes) -> None:
    if path.exists() and path.read_bytes() == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text)


def copy_tree(texts: dict[str, str]) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split("\n")
    names = {name for name in listed if name and (ROOT / name).is_file()}
    for name in names - texts.keys():
        write_if_other(TREE / name, (ROOT / name).read_bytes())
    for name, text in texts.items():
        write_if_other(TREE / name, text.encode())
    for path in TREE.rglob("*"):
        relative = str(path.relative_to(TREE))
        if path.is_file() and relative not in names and relative not in texts:
            path.unlink()


def build(jobs: str) -> Path:
    folder = PLACE / "build"
    flags = ["-DCMAKE_BUILD_TYPE=Release", "-DCMAKE_CXX_COMPILER=g++"]
    flags += ["-DCMAKE_CXX_FLAGS_RELEASE=-O2"]
    for command in (
        ["cmake", "-G", "Ninja", "-S", TREE, "-B", folder, *flags],
        ["cmake", "--build", folder, "--parallel", jobs, "--target", "msp_sim"],
    ):
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"planted_bugs: {done.stdout[-4000:]}{done.stderr[-4000:]}")
    return shutil.copy(folder / "src/simulation/msp_sim", PLACE / "msp_sim")


def look_for(program: Path, bug: str, most: int) -> tuple[int | None, str]:
    """The seed that found it, and what it said."""
    done = subprocess.run(
        [program, "--find", str(most)],
        env={**os.environ, "MSP_PLANTED": bug},
        check=False,
        capture_output=True,
        text=True,
    )
    crashed = re.search(r"seed (\d+) crashed", done.stderr)
    if crashed:
        assertion = re.search(r"Assertion .*", done.stderr)
        return int(crashed[1]), assertion[0] if assertion else "crash"
    found = re.search(r"seed (\d+): (law \d+) is broken: (.*); again", done.stdout)
    return (int(found[1]), f"{found[2]}: {found[3]}") if found else (None, done.stdout.strip())


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("bugs", nargs="*")
    arguments.add_argument("--most", type=int, default=3000)
    arguments.add_argument("--jobs", default="2")
    asked = arguments.parse_args()

    bugs = tomllib.loads(BUGS.read_text())
    copy_tree(with_bugs(bugs))
    program = build(asked.jobs)
    chosen = asked.bugs or list(bugs)
    missed = 0
    with ThreadPoolExecutor(int(asked.jobs)) as workers:
        results = workers.map(lambda bug: (bug, *look_for(program, bug, asked.most)), chosen)
        for bug, seed, words in results:
            missed += seed is None
            print(f"{bug:<26}{seed or 'not found':>10}  {bugs[bug]['what']}  [{words}]", flush=True)
    print(f"{len(chosen) - missed} passed, {missed} failed")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
