#!/usr/bin/env python3
"""The house limits: how long a function, a file and a line may be, how wide an interface, how large the core.

Says where the functions stand (median and 95th percentile), so that a drift is seen before it is a finding.
"""

import json
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import house
from house import Finding

FUNCTION_LINES = 50
LINES = {".cpp": 400, ".hpp": 200}
COLUMNS = 100
INTERFACE_FUNCTIONS = 10
CORE_LINES = 1500
CORE_UNCOUNTED = {"identity"}  # the identifiers: long tables of formats, each simple

FUNCTION = "A function is read as one thought; its parts have names of their own."
FILE = "What does not fit is two things; each gets a file with its own name."
LINE = "Two files stand side by side on one screen."
INTERFACE = "Whoever uses ten functions of one thing uses two things."
CORE = "The core is held in the head as a whole; what is not core belongs to another folder."

# The tests' macros, as the function definitions that they become.
MACROS = ["TEST_CASE(name)=void TEST_CASE()", "TEST_CASE_FIXTURE(base,name)=void TEST_CASE()",
          "TEST_CASE_TEMPLATE(name,...)=void TEST_CASE()", "TEST_CASE_TEMPLATE_DEFINE(name,...)=void TEST_CASE()"]


def tags(root: Path, paths: list[Path]) -> list[dict]:
    """What ctags sees: functions and classes, with the lines where they begin and end."""
    command = ["ctags", "--options=NONE", "-f", "-", "--output-format=json", "--language-force=C++", "--sort=no",
               "--kinds-C++=fpcs", "--fields=+neKZ", "--fields-C++=+{properties}", "-L", "-"]
    for macro in MACROS:
        command += ["-D", macro]
    names = "\n".join(map(str, paths))
    told = subprocess.run(command, cwd=root, input=names, text=True, capture_output=True, check=True).stdout
    return [json.loads(line) for line in told.splitlines()]


def functions(found: list[dict]) -> list[tuple[str, int, str, int]]:
    """Path, line, name and length of every function; a lambda is part of the one that it stands in."""
    return [(tag["path"], tag["line"], re.sub(r"^__anon\w+", "a lambda", tag["name"]), tag["end"] - tag["line"] + 1)
            for tag in found if tag["kind"] == "function" and tag.get("scopeKind") != "function"]


def check_functions(found: list[dict]) -> list[Finding]:
    return [Finding(path, line, f"{name} has {lines} lines, more than {FUNCTION_LINES}", FUNCTION)
            for path, line, name, lines in functions(found) if lines > FUNCTION_LINES]


def check_interfaces(found: list[dict]) -> list[Finding]:
    members = defaultdict(list)
    for tag in found:
        if tag["kind"] in ("function", "prototype") and tag.get("scopeKind") in ("class", "struct"):
            owner = tag["scope"].split("::")[-1]
            if tag["name"].lstrip("~") != owner and not tag["name"].startswith("operator"):
                members[tag["path"], tag["scope"]].append(tag)
    return [Finding(path, same[0]["line"], f"{scope} has {len(same)} functions, more than {INTERFACE_FUNCTIONS}", INTERFACE)
            for (path, scope), same in members.items()
            if len(same) > INTERFACE_FUNCTIONS and any("pure" in tag.get("properties", "") for tag in same)]


def check_lines(root: Path, paths: list[Path]) -> list[Finding]:
    found = []
    for path in paths:
        lines = (root / path).read_text().splitlines()
        limit = LINES[path.suffix]
        if len(lines) > limit:
            found.append(Finding(str(path), limit + 1, f"has {len(lines)} lines, more than {limit}", FILE))
        found += [Finding(str(path), number, f"has {len(line)} columns, more than {COLUMNS}", LINE)
                  for number, line in enumerate(lines, 1) if len(line) > COLUMNS]
    return found


def core_lines(root: Path) -> int:
    """Lines of code in domain/: neither blank, nor comment, nor test, nor identifiers."""
    return sum(
        len([line for line in house.code((root / path).read_text()).splitlines() if line.strip()])
        for path in house.files(root, "src/domain", suffixes=house.CPP)
        if not house.is_test(path) and path.stem not in CORE_UNCOUNTED)


def check(root: Path) -> list[Finding]:
    paths = list(house.files(root, suffixes=house.CPP))
    if not paths:
        return []
    found = tags(root, paths)
    lengths = sorted(lines for *_, lines in functions(found)) or [0]
    core = core_lines(root)
    print(f"{len(paths)} files, {len(lengths)} functions: median {lengths[len(lengths) // 2]} lines, "
          f"95 of 100 within {lengths[len(lengths) * 95 // 100]}, longest {lengths[-1]}; domain/ {core} lines")
    too_large = [Finding("src/domain", 1, f"has {core} lines, more than {CORE_LINES}", CORE)]
    return (check_functions(found) + check_interfaces(found) + check_lines(root, paths)
            + (too_large if core > CORE_LINES else []))


if __name__ == "__main__":
    sys.exit(house.run(__doc__.splitlines()[0], check))
