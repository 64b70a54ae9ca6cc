#!/usr/bin/env python3
"""Includes: every file includes what it names, once, in the order that proves headers whole."""

import re
import sys
from pathlib import Path

import house
from house import Finding

ORDER = "Own header first proves that it is whole; then ours, then the rest, which hide no lack."
ONCE = "A header is read once."
WHOLE = "A file includes what it names; what a header happens to bring may not come tomorrow."

# Names of the standard library that are used often, and the headers they come from.
HOMES = {
    "algorithm": "sort stable_sort find_if any_of all_of none_of count_if copy_if transform "
    "remove_if lower_bound upper_bound equal_range min_element max_element clamp "
    "ranges::sort ranges::find ranges::find_if ranges::any_of ranges::all_of ranges::none_of "
    "ranges::count_if ranges::lower_bound",
    "array": "array",
    "atomic": "atomic atomic_bool",
    "charconv": "from_chars to_chars",
    "chrono": "chrono::milliseconds chrono::seconds chrono::minutes chrono::system_clock "
    "chrono::steady_clock",
    "compare": "strong_ordering weak_ordering partial_ordering",
    "condition_variable": "condition_variable",
    "cstddef": "byte ptrdiff_t max_align_t",
    "cstdint": "int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t",
    "deque": "deque",
    "exception": "exception exception_ptr current_exception",
    "filesystem": "filesystem::path filesystem::exists filesystem::remove",
    "functional": "function hash reference_wrapper",
    "limits": "numeric_limits",
    "map": "map multimap",
    "memory": "unique_ptr shared_ptr weak_ptr make_unique make_shared enable_shared_from_this",
    "mutex": "mutex lock_guard unique_lock scoped_lock once_flag call_once",
    "numeric": "accumulate iota",
    "optional": "optional nullopt",
    "queue": "queue priority_queue",
    "random": "mt19937 mt19937_64 uniform_int_distribution",
    "set": "set multiset",
    "span": "span",
    "sstream": "ostringstream istringstream stringstream",
    "stdexcept": "runtime_error logic_error invalid_argument out_of_range",
    "string": "string to_string",
    "string_view": "string_view",
    "system_error": "error_code system_error errc",
    "thread": "thread jthread this_thread::get_id",
    "tuple": "tuple tie",
    "unordered_map": "unordered_map",
    "unordered_set": "unordered_set",
    "utility": "move pair exchange swap forward as_const",
    "variant": "variant visit holds_alternative get_if monostate",
    "vector": "vector",
}
HOME_OF = {name: header for header, names in HOMES.items() for name in names.split()}
# A header that cannot be without another's names gives them too.
ALSO = {
    "charconv": {"system_error"},
    "map": {"utility"},
    "optional": {"utility"},
    "string": {"string_view"},
    "variant": {"utility"},
}

_STD = re.compile(r"\bstd::((?:chrono::|ranges::|filesystem::|this_thread::)?\w+)")


def own_header(path: Path) -> str:
    return str(path.with_suffix(".hpp").relative_to("src")) if path.parts[0] == "src" else ""


def check_order(root: Path, path: Path, included: list[house.Include]) -> list[Finding]:
    found = []
    own = own_header(path)
    if path.suffix == ".cpp" and own and (root / "src" / own).exists() and included[:1]:
        if included[0].path != own:
            found.append(
                Finding(str(path), included[0].line, f'does not begin with "{own}"', ORDER)
            )
    foreign = next((i for i, include in enumerate(included) if not include.ours), len(included))
    found += [
        Finding(str(path), include.line, f'"{include.path}" stands behind foreign headers', ORDER)
        for include in included[foreign:]
        if include.ours
    ]
    seen: set[str] = set()
    for include in included:
        if include.path in seen:
            found.append(
                Finding(str(path), include.line, f"{include.path} is included twice", ONCE)
            )
        seen.add(include.path)
    return found


def reached(root: Path, included: list[house.Include], seen: set[str]) -> set[str]:
    """What these includes bring, and what our own headers among them bring in turn."""
    brought = {include.path for include in included if not include.ours}
    for include in included:
        if not include.ours or include.path in seen:
            continue
        for header in (root / "src" / include.path, root / include.path):
            if header.is_file():
                seen.add(include.path)
                brought |= reached(root, house.includes(header.read_text()), seen)
    return brought


def check_whole(root: Path, path: Path, text: str, included: list[house.Include]) -> list[Finding]:
    """The standard names of a file against the standard headers that it and our headers include."""
    has = reached(root, included, set())
    has |= set().union(*(ALSO.get(one, set()) for one in has))
    code = house.code(text)
    missing: dict[str, Finding] = {}
    for match in _STD.finditer(code):
        home = HOME_OF.get(match.group(1))
        if home and home not in has:
            line = house.line_of(code, match.start())
            missing.setdefault(
                home,
                Finding(str(path), line, f"names std::{match.group(1)} without <{home}>", WHOLE),
            )
    return list(missing.values())


def check_header(path: Path, text: str) -> list[Finding]:
    first = next((line for line in house.code(text).splitlines() if line.strip()), "")
    if path.suffix == ".hpp" and first.strip() != "#pragma once":
        return [Finding(str(path), 1, "does not begin with #pragma once", ONCE)]
    return []


def check(root: Path) -> list[Finding]:
    found = []
    for path in house.files(root, "src", "tests", "bench", "tools", suffixes=house.CPP):
        text = (root / path).read_text()
        included = house.includes(text)
        found += check_header(path, text) + check_order(root, path, included)
        found += check_whole(root, path, text, included)
    return found


if __name__ == "__main__":
    sys.exit(house.run(__doc__.splitlines()[0], check))
