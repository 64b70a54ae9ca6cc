#!/usr/bin/env python3
"""The link lines say what the includes say: a folder LINKS exactly the folders that it includes.

So a CMakeLists.txt can be read in place of its folder's includes, and check_levels.py judges both.
"""

import re
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import house
from check_levels import LIBRARIES
from house import Finding

SAME = "A folder's CMakeLists.txt tells whom it knows, no fewer and no more."

_CALL = re.compile(r"\b(msp_library|msp_tests|msp_executable)\s*\(([^)]*)\)")
_COMMENT = re.compile(r"#[^\n]*")


@dataclass
class Side:
    """The product of a folder, or its tests: what is linked, what is included."""

    line: int = 1
    links: set[str] = field(default_factory=set)
    includes: dict[Path, Finding] = field(default_factory=dict)


@dataclass
class Unit:
    """A folder with a CMakeLists.txt."""

    libraries: set[str] = field(default_factory=set)
    product: Side = field(default_factory=Side)
    tests: Side = field(default_factory=Side)


def read_units(root: Path) -> dict[Path, Unit]:
    units: dict[Path, Unit] = defaultdict(Unit)
    for path in house.files(root, "src", suffixes={".txt"}):
        text = _COMMENT.sub(lambda found: " " * len(found.group()), (root / path).read_text())
        for call in _CALL.finditer(text) if path.name == "CMakeLists.txt" else ():
            function, words = call.group(1), call.group(2).split()
            unit = units[path.parent]
            side = unit.tests if function == "msp_tests" else unit.product
            side.line = house.line_of(text, call.start())
            side.links |= set(words[words.index("LINKS") + 1 :]) if "LINKS" in words else set()
            unit.libraries |= {words[0]} if function == "msp_library" else set()
    return dict(units)


def note_includes(root: Path, units: dict[Path, Unit]) -> None:
    """Notes for each unit which others it includes, each with the finding it is if not linked."""

    def home(path: Path) -> Path | None:
        return next((folder for folder in path.parents if folder in units), None)

    for path in house.files(root, "src", suffixes=house.CPP):
        here = home(path)
        if here is None:
            continue
        side = units[here].tests if house.is_test(path) else units[here].product
        for include in house.includes((root / path).read_text()):
            there = home(Path("src", include.path)) if include.ours else None
            if there not in (None, here):
                rule = f'includes "{include.path}", which LINKS does not say'
                side.includes.setdefault(there, Finding(str(path), include.line, rule, SAME))


def check_side(
    folder: Path, side: Side, home_of: dict[str, Path], told: set[Path]
) -> list[Finding]:
    """A side's includes against what is linked, here or `told` already, and the other way."""
    place = str(folder / "CMakeLists.txt"), side.line
    linked = told | {home_of[word] for word in side.links if word in home_of}
    found = [finding for there, finding in side.includes.items() if there not in linked]
    for word in sorted(side.links):
        there = home_of.get(word)
        if there not in (None, folder) and there not in side.includes:
            found.append(Finding(*place, f"LINKS {word}, of which nothing is included", SAME))
    return found


def check_packages(folder: Path, side: Side) -> list[Finding]:
    """A package is linked only where some file may know it, in this folder or in one below."""
    here = f"{folder.relative_to('src')}/"
    found = []
    for word in sorted(side.links & {library.word for library in LIBRARIES}):
        known = [library for library in LIBRARIES if library.word == word]
        rooms = [f"{room}/" for library in known for room in library.folders]
        if not any(here.startswith(room) or room.startswith(here) for room in rooms):
            place = str(folder / "CMakeLists.txt"), side.line
            reason = f"Only in {', '.join(known[0].folders)}: {known[0].reason}."
            found.append(Finding(*place, f"LINKS {word}", reason))
    return found


def check(root: Path) -> list[Finding]:
    units = read_units(root)
    note_includes(root, units)
    home_of = {library: folder for folder, unit in units.items() for library in unit.libraries}
    found = []
    for folder, unit in units.items():
        by_product = {home_of[word] for word in unit.product.links if word in home_of}
        found += check_side(folder, unit.product, home_of, set())
        found += check_side(folder, unit.tests, home_of, by_product)
        found += check_packages(folder, unit.product)
    return found


if __name__ == "__main__":
    sys.exit(house.run(__doc__.splitlines()[0], check))
