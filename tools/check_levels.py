#!/usr/bin/env python3
"""Who may include whom: the folder listing is the architecture, and this is its table.

Compares the table with every #include below src/, and the LINKS of every CMakeLists.txt there with the
includes: a folder links exactly what it includes. Keeps each foreign library in the rooms that own it,
and time, chance and the environment behind the windows of world/, so that a simulation owns them too.
"""

import re
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import house
from house import Finding

# ------------------------------------------------------------------------------------------- table


@dataclass(frozen=True)
class Room:
    """One folder of src/: its job, what its files may include, and what its tests may include besides.

    `store` names the front of a folder, the headers at its root; `store/` all that lies below it as
    well; `domain/result.hpp` one file.
    """

    job: str
    sees: list[str] = field(default_factory=list)
    tests_see: list[str] = field(default_factory=list)


RESULTS = ["domain/result.hpp", "domain/failure.hpp", "domain/time.hpp"]
IDENTIFIERS = ["domain/identity.hpp"]
STATE = ["domain", "world", "store"]
FLOWS = ["domain", "world", "provisioning", "store", "access", "operators", "jobs", "notices", "traffic"]

# A test above store/ runs on the memory engine, and the other parties in it are played by the cast.
STAGE = ["store/memory/", "cast"]

ROOMS = {
    "domain": Room("pure values and functions, from the standard library alone"),
    "world": Room("the outside through narrow windows; of the domain it knows results, and the Imsi that it "
                  "keeps out of logs", RESULTS + IDENTIFIERS),
    "provisioning": Room("one pure flow per scenario, View -> Decision", ["domain"]),
    "store": Room("keeps chains and history, and knows no scenario", ["domain", "world"], ["provisioning"]),
    "access": Room("who is asking and what is theirs", STATE, STAGE),
    "operators": Room("orders out, reports in", [*STATE, "provisioning"], [*STAGE, "access"]),
    "jobs": Room("one change to many things", [*STATE, "provisioning"], STAGE),
    "notices": Room("events on their way to an endpoint", STATE, [*STAGE, "provisioning"]),
    "traffic": Room("data up, commands down", [*STATE, "access"], STAGE),
    "api": Room("the door of programs and people", FLOWS, STAGE),
    "gateway": Room("the door of devices, which knows nothing of the other door", FLOWS, STAGE),
    "cli": Room("speaks HTTP like everyone else", ["world", *RESULTS]),
    "cast": Room("plays operators, devices and receivers, and knows only what crosses the wire",
                 ["world", *RESULTS, *IDENTIFIERS]),
    "simulation": Room("the whole platform in one process",
                       [f"{folder}/" for folder in [*FLOWS, "api", "gateway", "cli", "cast"]]),
    "main": Room("the table of contents",
                 [f"{folder}/" for folder in [*FLOWS, "api", "gateway", "cli", "cast", "simulation"]]),
}

PURE = ["domain", "provisioning"]
WORLDLY = ["world", "main"]


@dataclass(frozen=True)
class Library:
    """A foreign library: its headers, its word in LINKS, the folders of src/ whose .cpp files may know it."""

    headers: str
    word: str
    folders: list[str]
    reason: str


def all_but(*rooms: str) -> list[str]:
    return [room for room in ROOMS if room not in rooms]


LIBRARIES = [
    Library(r"boost/(asio|beast)\b", "boost", ["world"], "the platform meets the outside through its windows"),
    Library(r"openssl/", "openssl", ["world"], "the platform meets the outside through its windows"),
    Library(r"curl/", "curl", ["world"], "the platform meets the outside through its windows"),
    Library(r"prometheus/", "prometheus", ["world"], "the platform meets the outside through its windows"),
    Library(r"sqlite3\.h$", "sqlite", ["store/sqlite"], "one engine, one folder"),
    Library(r"libpq-fe\.h$", "postgres", ["store/postgres"], "one engine, one folder"),
    Library(r"mosquitto", "mosquitto", ["gateway/mosquitto_gate"], "the broker's types stay in the broker's plugin"),
    Library(r"toml\+\+/", "toml", ["main"], "configuration is read once, by main"),
    Library(r"CLI/", "cli11", ["cli", "main"], "only commands have arguments"),
    Library(r"boost/json\b", "boost_json", all_but(*PURE), "a decision does not know the wire"),
    Library(r"boost/", "boost", all_but(*PURE), "a decision needs the standard library only"),
    Library(r"fmt/", "fmt", all_but("domain"), "the core needs the standard library only"),
    Library(r"(sys|netinet|arpa|linux)/|(unistd|pthread|fcntl|poll|netdb|signal|termios|dlfcn)\.h$", "",
            ["world", "store", "cli", "main"], "the operating system is the outside too"),
]

STANDARD = re.compile(r"[a-z_]+$|c(math|stdint|string)$")
IMPURE = {
    "input and output": ["iostream", "fstream", "cstdio", "filesystem", "syncstream"],
    "threads": ["thread", "mutex", "shared_mutex", "atomic", "condition_variable", "future", "semaphore", "latch",
                "barrier", "stop_token", "coroutine"],
    "chance or a clock": ["random", "ctime"],
}

CLOCK = re.compile(r"\b\w+_clock\s*::\s*now\b|\bsleep_(?:for|until)\b"
                   r"|(?<![\w.>:])(?:std::)?time\s*\(\s*(?:NULL|nullptr|0)\s*\)")
CHANCE = re.compile(r"\brandom_device\b|(?<![\w.>:])(?:std::)?s?rand\s*\(|\b(?:secure_)?(?:get|set|put)env\b")
SQL = re.compile(r"\b(?:SELECT\b.*\bFROM|INSERT INTO|UPDATE \w+ SET|DELETE FROM|CREATE TABLE)\b")


def room_of(path: Path) -> str | None:
    return path.parts[1] if path.parts[0] == "src" and len(path.parts) > 2 else None


# ---------------------------------------------------------------------------------------- includes


def sees(room: str, tests: bool, included: str) -> bool:
    folder = str(Path(included).parent)
    allowed = ROOMS[room].sees + (ROOMS[room].tests_see if tests else [])
    return included.split("/")[0] == room or any(
        included == one or folder == one or (one.endswith("/") and included.startswith(one)) for one in allowed)


def include_of_ours(path: Path, include: house.Include) -> Finding | None:
    place = str(path), include.line
    room = room_of(path)
    if include.path.split("/")[0] not in ROOMS:
        return Finding(*place, f'"{include.path}" does not begin at src/',
                       "An include names folder and file, so that it reads the same everywhere.")
    if room and not sees(room, house.is_test(path), include.path):
        return Finding(*place, f'{room}/ may not include "{include.path}"', f"{room}/: {ROOMS[room].job}.")
    return None


def include_of_doctest(path: Path, include: house.Include) -> Finding | None:
    if house.is_test(path):
        return None
    return Finding(str(path), include.line, f"<{include.path}> outside a test", "Tests stay out of the product.")


def include_of_library(path: Path, include: house.Include, library: Library) -> Finding | None:
    below = str(path.relative_to("src").parent) + "/"
    if path.suffix != ".cpp":
        return Finding(str(path), include.line, f"<{include.path}> in a header",
                       "What is slow to compile, or not ours, stays in .cpp files.")
    if not any(below.startswith(f"{folder}/") for folder in library.folders) and not house.is_test(path):
        return Finding(str(path), include.line, f"<{include.path}> in {below}",
                       f"Only in {', '.join(library.folders)}: {library.reason}.")
    return None


def include_of_others(path: Path, include: house.Include) -> Finding | None:
    """What stands in angle brackets, for a file below src/."""
    if include.path.startswith("doctest/"):
        return include_of_doctest(path, include)
    for library in LIBRARIES:
        if re.match(library.headers, include.path):
            return include_of_library(path, include, library)
    if not STANDARD.match(include.path):
        return Finding(str(path), include.line, f"<{include.path}> belongs to no room",
                       "A new library gets a line in tools/check_levels.py that says who may know it.")
    for kind, headers in IMPURE.items():
        if room_of(path) in PURE and include.path in headers and not house.is_test(path):
            return Finding(str(path), include.line, f"<{include.path}> in {room_of(path)}/",
                           f"It brings {kind}, and a decision has none.")
    return None


def check_includes(path: Path, text: str) -> list[Finding]:
    found = []
    for include in house.includes(text):
        if include.ours:
            found.append(include_of_ours(path, include))
        elif room_of(path):
            found.append(include_of_others(path, include))
    return [finding for finding in found if finding]


# ------------------------------------------------------------------------------------------- words


def check_words(path: Path, text: str) -> list[Finding]:
    """Clocks, chance, the environment and SQL, wherever their headers came from."""

    def each(pattern: re.Pattern[str], code: str, rule: str, reason: str) -> list[Finding]:
        return [Finding(str(path), house.line_of(code, match.start()), rule.format(match.group().strip()), reason)
                for match in pattern.finditer(code)]

    room = room_of(path)
    found = []
    if room and room not in WORLDLY:
        code = house.code(text)
        rule, reason = "{} outside world/ and main/", "A run must be repeatable from its seed."
        found += each(CHANCE, code, rule, reason)
        found += [] if house.is_test(path) else each(CLOCK, code, rule, reason)
    if room in PURE:
        found += each(SQL, house.code(text, keep_strings=True), f"SQL in {room}/",
                      "A decision does not know how it is kept.")
    return found


# ------------------------------------------------------------------------------------------- links


@dataclass
class Unit:
    """A folder with a CMakeLists.txt: what its product and its tests link, and what they include."""

    libraries: set[str] = field(default_factory=set)
    line: dict[bool, int] = field(default_factory=lambda: {False: 1, True: 1})
    links: dict[bool, set[str]] = field(default_factory=lambda: {False: set(), True: set()})
    includes: dict[bool, dict[Path, Finding]] = field(default_factory=lambda: {False: {}, True: {}})


_CALL = re.compile(r"\b(msp_library|msp_tests|msp_executable)\s*\(([^)]*)\)")


def units(root: Path) -> dict[Path, Unit]:
    made: dict[Path, Unit] = defaultdict(Unit)
    for path in house.files(root, "src"):
        if path.name != "CMakeLists.txt":
            continue
        text = re.sub(r"#[^\n]*", lambda match: " " * len(match.group()), (root / path).read_text())
        for call in _CALL.finditer(text):
            words = call.group(2).split()
            tests = call.group(1) == "msp_tests"
            unit = made[path.parent]
            unit.line[tests] = house.line_of(text, call.start())
            unit.links[tests] |= set(words[words.index("LINKS") + 1:]) if "LINKS" in words else set()
            unit.libraries |= {words[0]} if call.group(1) == "msp_library" else set()
    return dict(made)


def note_includes(root: Path, made: dict[Path, Unit]) -> None:
    def home(path: Path) -> Path | None:
        return next((parent for parent in path.parents if parent in made), None)

    for path in house.files(root, "src", suffixes=house.CPP):
        here = home(path)
        for include in house.includes((root / path).read_text()) if here else []:
            there = home(Path("src") / include.path) if include.ours else None
            if there and there != here:
                finding = Finding(str(path), include.line, f'includes "{include.path}", which LINKS does not say',
                                  f"{here}/CMakeLists.txt links what its files include, so that it tells the levels.")
                made[here].includes[house.is_test(path)].setdefault(there, finding)


def check_unit(folder: Path, unit: Unit, folder_of: dict[str, Path]) -> list[Finding]:
    found = []
    linked = {tests: {folder_of.get(word) for word in unit.links[tests]} for tests in (False, True)}
    for tests, includes in unit.includes.items():
        told = linked[False] | (linked[True] if tests else set())
        found += [finding for there, finding in includes.items() if there not in told]
    for tests, words in unit.links.items():
        place = str(folder / "CMakeLists.txt"), unit.line[tests]
        for word in sorted(words - unit.libraries):
            if word in folder_of and folder_of[word] not in unit.includes[tests]:
                found.append(Finding(*place, f"LINKS {word}, of which nothing is included",
                                     "A link that no include needs hides who knows whom."))
            for library in LIBRARIES:
                if word == library.word and not tests and not allowed_below(folder, word):
                    found.append(Finding(*place, f"LINKS {word} in {folder}", f"{library.reason.capitalize()}."))
                    break
    return found


def allowed_below(folder: Path, word: str) -> bool:
    """Whether any file of this folder, or of one below it, may know the library."""
    here = f"{folder.relative_to('src')}/"
    rooms = [f"{room}/" for library in LIBRARIES if library.word == word for room in library.folders]
    return any(here.startswith(room) or room.startswith(here) for room in rooms)


def check_links(root: Path) -> list[Finding]:
    made = units(root)
    note_includes(root, made)
    folder_of = {library: folder for folder, unit in made.items() for library in unit.libraries}
    return [finding for folder, unit in made.items() for finding in check_unit(folder, unit, folder_of)]


# -------------------------------------------------------------------------------------------- main


def check(root: Path) -> list[Finding]:
    found = []
    for path in house.files(root, "src", "tests", "bench", "tools", suffixes=house.CPP):
        if path.parts[0] == "src" and room_of(path) not in ROOMS:
            found.append(Finding(str(path), 1, "stands in no room of the table",
                                 "A new folder first gets its line in tools/check_levels.py."))
            continue
        text = (root / path).read_text()
        found += check_includes(path, text) + check_words(path, text)
    return found + check_links(root)


if __name__ == "__main__":
    sys.exit(house.run(__doc__.splitlines()[0], check))
