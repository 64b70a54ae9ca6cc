#!/usr/bin/env python3
"""Every *_test.cpp is compiled into an executable that CTest runs.

    tools/check_tests_run.py build/dev

Reads what CMake wrote into the build folder; nothing has to be compiled for it.
"""

import json
import re
import sys
from pathlib import Path

import house
from house import Finding

REASON = "A test that exists but is not run promises what nobody holds."

_OBJECT = re.compile(r"(?P<folder>.*?)/?CMakeFiles/(?P<target>[^/]+)\.dir/")
_NAME = r"(?:\[=*\[)?([\w.-]+)(?:\]=*\])?"
_ADDED = re.compile(rf'^add_test\({_NAME} "([^"]+)"', re.MULTILINE)
_DISABLED = re.compile(
    rf'^set_tests_properties\({_NAME} PROPERTIES\b.*\bDISABLED "?(?:TRUE|ON|1)\b', re.MULTILINE
)


def compiled_into(build: Path, root: Path) -> dict[Path, set[Path]]:
    """For each source file the targets it is compiled into, as paths in the build folder."""
    into: dict[Path, set[Path]] = {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        source = Path(entry["directory"], entry["file"]).resolve()
        made = _OBJECT.match(
            entry.get("output") or re.search(r" -o (\S+)", entry["command"]).group(1)
        )
        if made and source.is_relative_to(root):
            into.setdefault(source.relative_to(root), set()).add(
                Path(made["folder"], made["target"])
            )
    return into


def run_by_ctest(build: Path) -> set[Path]:
    """The programs that CTest would start, as paths in the build folder.

    Read from CTest's own files: CTest does not tell the command of a program that is not built yet.
    """
    started = set()
    for file in build.rglob("CTestTestfile.cmake"):
        text = file.read_text()
        off = set(_DISABLED.findall(text))
        for name, program in _ADDED.findall(text):
            if name not in off and Path(program).is_relative_to(build):
                started.add(Path(program).relative_to(build))
    return started


def is_stage(root: Path, path: Path) -> bool:
    """What other tests play on: begins with a header of tests that one of them includes too."""
    included = house.includes((root / path).read_text())
    if not included or not house.is_test(Path(included[0].path)):
        return False
    return any(
        include.path == included[0].path
        for other in house.files(root, suffixes=house.CPP)
        if house.is_test(other) and other.name != Path(included[0].path).name and other != path
        for include in house.includes((root / other).read_text())
    )


def check_file(root: Path, path: Path, into: set[Path], started: set[Path]) -> list[Finding]:
    code = house.code((root / path).read_text())
    found = []
    if not into & started:
        where = (
            f"compiled only into {', '.join(map(str, sorted(into)))}, which CTest does not run"
            if into
            else "not compiled"
        )
        found.append(Finding(str(path), 1, f"is {where}", REASON))
    has_cases = re.search(r"\b(?:TEST_CASE|[A-Z_]*CONTRACT)\w*\s*\(", code)
    if not has_cases and not is_stage(root, path):
        found.append(Finding(str(path), 1, "has no test case", REASON))
    found += [
        Finding(str(path), house.line_of(code, match.start()), "switches a test off", REASON)
        for match in re.finditer(
            r"doctest::(?:skip|may_fail|should_fail|expected_failures)\b", code
        )
    ]
    return found


def check(root: Path, build: Path) -> list[Finding]:
    into, started = compiled_into(build, root), run_by_ctest(build)
    found = []
    tests = [path for path in house.files(root, suffixes={".cpp"}) if path.stem.endswith("_test")]
    for path in tests:
        found += check_file(root, path, into.get(path, set()), started)
    for target in sorted(set().union(*into.values())) if into else []:
        if target.name.endswith("_tests") and target not in started:
            found.append(
                Finding(str(target), 1, "is a test executable that CTest does not run", REASON)
            )
    print(f"{len(tests)} test files in {len(started)} executables")
    return found


if __name__ == "__main__":
    folder = Path(sys.argv[1]).resolve()
    sys.exit(house.report(check(house.ROOT, folder)))
