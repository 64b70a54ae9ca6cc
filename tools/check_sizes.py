#!/usr/bin/env python3
"""The house limits: of a function, a file, a line, an interface, and of the core as a whole.

Says where the functions stand, so that a drift is seen before it is a finding.
"""

import json
import re
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import house
from house import Finding

FUNCTION_LINES = 50
LINES = {".cpp": 400, ".hpp": 200, ".py": 400}
COLUMNS = 100
INTERFACE_FUNCTIONS = 10
CORE_UNCOUNTED = "identity"  # the identifiers: many formats, each simple
# The parts of domain/ by how their files begin; the last takes the rest. See
# docs/decisions/0006-the-core-in-three-parts.md.
CORE_PARTS = {
    "the protocol": (("protocol",), 750),
    "the words": (("explain", "sentence", "refusal", "sight"), 850),
    "state and laws": (("",), 1500),
}

FUNCTION = "A function is read as one thought; its parts have names of their own."
FILE = "What does not fit is two things; each gets a file with its own name."
LINE = "Two files stand side by side on one screen."
INTERFACE = "Whoever uses ten functions of one thing uses two things."
CORE = "Each part of the core is held in the head as a whole; what is not core belongs elsewhere."

# The tests' macros, as the function definitions that they become.
MACROS = [
    "TEST_CASE(name)=void TEST_CASE()",
    "TEST_CASE_FIXTURE(base,name)=void TEST_CASE()",
    "TEST_CASE_TEMPLATE(name,...)=void TEST_CASE()",
    "TEST_CASE_TEMPLATE_DEFINE(name,...)=void TEST_CASE()",
]


@dataclass(frozen=True)
class Tag:
    """A function or a class, as ctags sees it."""

    path: str
    first: int
    last: int
    name: str
    kind: str
    within: str  # what it stands in
    within_kind: str
    access: str
    properties: str

    @property
    def lines(self) -> int:
        return self.last - self.first + 1

    @property
    def is_member(self) -> bool:
        """Of a class, and neither constructor nor destructor nor operator."""
        owner = self.within.split("::")[-1]
        return (
            self.within_kind in ("class", "struct")
            and self.kind in ("function", "prototype")
            and self.name.lstrip("~") != owner
            and not self.name.startswith("operator")
        )


def tags(root: Path, paths: list[Path]) -> list[Tag]:
    command = "ctags --options=NONE --sort=no --output-format=json -L - -f -".split()
    command += "--language-force=C++ --kinds-C++=fpcs".split()
    command += "--fields=+neKZa --fields-C++=+{properties}".split()
    for macro in MACROS:
        command += ["-D", macro]
    told = subprocess.run(
        command,
        cwd=root,
        input="\n".join(map(str, paths)),
        text=True,
        capture_output=True,
        check=True,
    )
    return [tag_of(json.loads(line)) for line in told.stdout.splitlines()]


def tag_of(told: dict) -> Tag:
    return Tag(
        told["path"],
        told["line"],
        told.get("end", told["line"]),
        re.sub(r"^__anon\w+", "a lambda", told["name"]),
        told["kind"],
        told.get("scope", ""),
        told.get("scopeKind", ""),
        told.get("access", ""),
        told.get("properties", ""),
    )


def functions(found: list[Tag]) -> list[Tag]:
    """The functions that have a body; a lambda belongs to the one around it."""
    return [tag for tag in found if tag.kind == "function" and tag.within_kind != "function"]


def check_functions(found: list[Tag]) -> list[Finding]:
    rule = f"more than {FUNCTION_LINES}"
    return [
        Finding(tag.path, tag.first, f"{tag.name} has {tag.lines} lines, {rule}", FUNCTION)
        for tag in functions(found)
        if tag.lines > FUNCTION_LINES
    ]


def check_interfaces(found: list[Tag]) -> list[Finding]:
    """A class that leaves functions to others: what its users call, and what they write."""
    width: dict[tuple[str, str], list[Tag]] = defaultdict(list)
    for tag in found:
        if tag.is_member and (tag.access == "public" or "pure" in tag.properties):
            width[tag.path, tag.within].append(tag)
    rule = f"more than {INTERFACE_FUNCTIONS}"
    return [
        Finding(path, members[0].first, f"{name} has {len(members)} functions, {rule}", INTERFACE)
        for (path, name), members in width.items()
        if len(members) > INTERFACE_FUNCTIONS and any("pure" in tag.properties for tag in members)
    ]


def check_lines(root: Path, paths: list[Path]) -> list[Finding]:
    found = []
    for path in paths:
        lines = (root / path).read_text().splitlines()
        limit = LINES[path.suffix]
        if len(lines) > limit:
            found.append(
                Finding(str(path), limit + 1, f"has {len(lines)} lines, more than {limit}", FILE)
            )
        found += [
            Finding(str(path), number, f"has {len(line)} columns, more than {COLUMNS}", LINE)
            for number, line in enumerate(lines, 1)
            if len(line) > COLUMNS
        ]
    return found


def core_lines(root: Path) -> dict[str, int]:
    """Lines of code in domain/ by part: neither blank, nor comment, nor test, nor identifiers."""
    lines = dict.fromkeys(CORE_PARTS, 0)
    for path in house.files(root, "src/domain", suffixes=house.CPP):
        if house.is_test(path) or path.stem.startswith(CORE_UNCOUNTED):
            continue
        part = next(
            name for name, (begins, _) in CORE_PARTS.items() if path.stem.startswith(begins)
        )
        code = house.code((root / path).read_text())
        lines[part] += len([line for line in code.splitlines() if line.strip()])
    return lines


def check_core(lines: dict[str, int]) -> list[Finding]:
    return [
        Finding("src/domain", 1, f"{part}: has {lines[part]} lines, more than {most}", CORE)
        for part, (_, most) in CORE_PARTS.items()
        if lines[part] > most
    ]


def check(root: Path) -> list[Finding]:
    paths = list(house.files(root, suffixes=set(LINES)))
    found = tags(root, [path for path in paths if path.suffix in house.CPP])
    lengths = sorted(tag.lines for tag in functions(found)) or [0]
    core = core_lines(root)
    print(
        f"{len(paths)} files, {len(lengths)} functions: median {lengths[len(lengths) // 2]} lines, "
        f"95 of 100 within {lengths[len(lengths) * 95 // 100]}, longest {lengths[-1]}; "
        f"domain/ {', '.join(f'{part} {lines}' for part, lines in core.items())}"
    )
    return (
        check_functions(found)
        + check_interfaces(found)
        + check_lines(root, paths)
        + check_core(core)
    )


if __name__ == "__main__":
    sys.exit(house.run(__doc__.splitlines()[0], check))
