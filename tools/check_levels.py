#!/usr/bin/env python3
"""Who may include whom: the folder listing is the architecture, and this is its table.

Compares the table with every #include below src/, and keeps each foreign library in the rooms that
own it. check_links.py holds the link lines against the includes, check_purity.py what folders do.
"""

import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

import house
from house import Finding

# ---------------------------------------------------------------------------------------- folders


@dataclass(frozen=True)
class Room:
    """A folder of src/: its job, what its files may include, and what its tests may besides.

    `store` names the front of a folder, the headers at its root; `store/` all that lies below it as
    well; `domain/result.hpp` one file.
    """

    job: str
    sees: list[str] = field(default_factory=list)
    tests_see: list[str] = field(default_factory=list)


RESULTS = ["domain/result.hpp", "domain/failure.hpp", "domain/time.hpp"]
IDENTIFIERS = ["domain/identity.hpp"]

STATE = ["domain", "world", "store"]
FLOWS = [*STATE, "provisioning", "access", "operators", "jobs", "notices", "traffic"]
ALL = [f"{folder}/" for folder in [*FLOWS, "api", "gateway", "cli", "cast"]]

# A test above store/ runs on the memory engine, and the other parties in it are played by the cast.
STAGE = ["store/memory/", "cast"]

ROOMS = {
    "domain": Room("pure values and functions, from the standard library alone"),
    "world": Room(
        "narrow windows; of the domain it knows results, and the Imsi that it keeps out of logs",
        [*RESULTS, *IDENTIFIERS],
    ),
    "provisioning": Room("one pure flow per scenario, View -> Decision", ["domain"]),
    "store": Room("keeps state, knows no scenario", ["domain", "world"], ["provisioning"]),
    "access": Room("who is asking and what is theirs", STATE, STAGE),
    "operators": Room("orders out, reports in", [*STATE, "provisioning"], [*STAGE, "access"]),
    "jobs": Room("one change to many things", [*STATE, "provisioning"], STAGE),
    "notices": Room("events on their way to an endpoint", STATE, [*STAGE, "provisioning"]),
    "traffic": Room("data up, commands down", [*STATE, "access"], STAGE),
    "api": Room("the door of programs and people", FLOWS, STAGE),
    "gateway": Room("the door of devices, which knows nothing of the other door", FLOWS, STAGE),
    "cli": Room("speaks HTTP like everyone else", ["world", *RESULTS]),
    "cast": Room(
        "plays operators, devices and receivers, and knows only what crosses the wire",
        ["world", *RESULTS, *IDENTIFIERS],
    ),
    "main": Room("the table of contents", ALL),
    "simulation": Room("the whole platform in one process", [*ALL, "main/node.hpp"]),
}

PURE = ["domain", "provisioning"]
NOT_PURE = [room for room in ROOMS if room not in PURE]

# -------------------------------------------------------------------------------------- libraries


@dataclass(frozen=True)
class Library:
    """A foreign library: its headers, its word in LINKS, and whose .cpp files may know it."""

    headers: str
    word: str
    folders: list[str]
    reason: str


WINDOWS = "the platform meets the outside through the windows of world/"
ENGINE = "one engine, one folder"
PLUGIN = "the broker's types stay in the broker's plugin"
SYSTEM = r"(sys|netinet|arpa|linux)/" r"|(unistd|pthread|fcntl|poll|netdb|signal|termios|dlfcn)\.h$"

# The first that fits holds.
LIBRARIES = [
    Library(r"boost/(asio|beast)\b", "boost", ["world"], WINDOWS),
    Library(r"openssl/", "openssl", ["world"], WINDOWS),
    Library(r"curl/", "curl", ["world"], WINDOWS),
    Library(r"prometheus/", "prometheus", ["world"], WINDOWS),
    Library(r"sqlite3\.h$", "sqlite", ["store/sqlite"], ENGINE),
    Library(r"libpq-fe\.h$", "postgres", ["store/postgres"], ENGINE),
    Library(r"mosquitto", "mosquitto", ["gateway/mosquitto_gate"], PLUGIN),
    Library(r"toml\+\+/", "toml", ["main"], "configuration is read once, by main"),
    Library(r"CLI/", "cli11", ["cli", "main"], "only commands have arguments"),
    Library(r"boost/json\b", "boost_json", NOT_PURE, "a decision does not know the wire"),
    Library(r"boost/", "boost", NOT_PURE, "a decision needs the standard library only"),
    Library(r"fmt/", "fmt", [*NOT_PURE, "provisioning"], "the core needs nothing but the standard"),
    Library(SYSTEM, "", ["world", "store", "cli", "main"], "the operating system is outside too"),
]

STANDARD = re.compile(r"[a-z_]+$|c(math|stdint|string)$")


# ---------------------------------------------------------------------------------------- includes


def room_of(path: Path) -> str | None:
    return path.parts[1] if path.parts[0] == "src" and len(path.parts) > 2 else None


def library_of(header: str) -> Library | None:
    return next((one for one in LIBRARIES if re.match(one.headers, header)), None)


def may_see(path: Path, header: str) -> bool:
    room = room_of(path)
    if room is None or header.split("/")[0] == room:
        return True
    allowed = ROOMS[room].sees + (ROOMS[room].tests_see if house.is_test(path) else [])
    front = str(Path(header).parent)
    return any(
        one in (header, front) or (one.endswith("/") and header.startswith(one)) for one in allowed
    )


def why_not_ours(path: Path, header: str) -> tuple[str, str] | None:
    """Why this file may not include this header of ours: the rule and its reason."""
    tree = path.parts[0]
    if tree != "src" and header.startswith(f"{tree}/"):
        return None
    if header.split("/")[0] not in ROOMS:
        return (
            f'"{header}" does not begin at src/{"" if tree == "src" else f" or with {tree}/"}',
            "An include names folder and file, so that it reads the same everywhere.",
        )
    if not may_see(path, header):
        room = room_of(path)
        return f'{room}/ may not include "{header}"', f"{room}/: {ROOMS[room].job}."
    return None


def why_not_foreign(path: Path, header: str) -> tuple[str, str] | None:
    """Why this file below src/ may not include this header of others: the rule and its reason."""
    if header.startswith("doctest/"):
        outside = f"<{header}> outside a test", "Tests stay out of the product."
        return None if house.is_test(path) else outside
    library = library_of(header)
    if library is None:
        unknown = (
            f"<{header}> belongs to no room",
            "A new library gets its line in tools/check_levels.py, which says who may know it.",
        )
        return None if STANDARD.match(header) else unknown
    if path.suffix != ".cpp":
        return f"<{header}> in a header", "What is slow to compile, or not ours, stays in .cpp."
    within = f"{path.relative_to('src').parent}/"
    if house.is_test(path) or any(within.startswith(f"{one}/") for one in library.folders):
        return None
    return f"<{header}> in {within}", f"Only in {', '.join(library.folders)}: {library.reason}."


def check_file(path: Path, text: str) -> list[Finding]:
    found = []
    for include in house.includes(text):
        why = None
        if include.ours:
            why = why_not_ours(path, include.path)
        elif room_of(path):
            why = why_not_foreign(path, include.path)
        if why:
            found.append(Finding(str(path), include.line, *why))
    return found


def check(root: Path) -> list[Finding]:
    found = []
    for path in house.files(root, "src", "tests", "bench", "tools", suffixes=house.CPP):
        if path.parts[0] == "src" and room_of(path) not in ROOMS:
            rule = "A new folder first gets its line in tools/check_levels.py."
            found.append(Finding(str(path), 1, "stands in no room of the table", rule))
        else:
            found += check_file(path, (root / path).read_text())
    return found


if __name__ == "__main__":
    sys.exit(house.run(__doc__.splitlines()[0], check))
