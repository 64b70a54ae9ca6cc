"""The tree as the checks see it: its files, what of a C++ file is code, how a finding is told."""

import argparse
import os
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

SKIPPED_FOLDERS = {"build", "node_modules", "__pycache__"}
CPP = {".cpp", ".hpp"}


@dataclass(frozen=True, order=True)
class Finding:
    """One place where a rule is broken, with the reason for the rule."""

    path: str
    line: int
    rule: str
    reason: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}"


def files(root: Path, *folders: str, suffixes: set[str] | None = None) -> Iterator[Path]:
    """The files below some folders of the tree, by default all, relative to it and in order."""
    for folder in folders or (".",):
        for place, below, names in os.walk(root / folder):
            below[:] = sorted(
                name for name in below if name not in SKIPPED_FOLDERS and name != ".git"
            )
            for name in sorted(names):
                if suffixes is None or Path(name).suffix in suffixes:
                    yield (Path(place) / name).relative_to(root)


def is_test(path: Path) -> bool:
    """Tests, and what only tests use: the contract suites."""
    return path.stem.endswith("_test") or "contract" in path.stem


_NOT_CODE = re.compile(
    r"""
      (?P<comment> //(?:[^\n\\]|\\.|\\\n)* | /\*.*?\*/ )
    | (?P<raw> R"(?P<fence>[^()\\\s]{0,16})\(.*?\)(?P=fence)" )
    | (?P<string> "(?:[^"\\\n]|\\.)*" )
    | (?P<character> (?<![0-9a-zA-Z_])(?:u8|u|U|L)?'(?:[^'\\\n]|\\.)*' )
    """,
    re.VERBOSE | re.DOTALL,
)


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def code(text: str, keep_strings: bool = False) -> str:
    """The text with comments blanked out, and strings unless kept: same length, same lines."""

    def replaced(match: re.Match[str]) -> str:
        found = match.group()
        if match.lastgroup == "comment" or match.group("comment"):
            return _blank(found)
        if keep_strings:
            return found
        return found[0] + _blank(found[1:-1]) + found[-1]

    return _NOT_CODE.sub(replaced, text)


_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', re.MULTILINE)


@dataclass(frozen=True)
class Include:
    line: int
    ours: bool  # in quotes
    path: str


def includes(text: str) -> list[Include]:
    return [
        Include(line_of(text, match.start(1)), match.group(1) == '"', match.group(2))
        for match in _INCLUDE.finditer(code(text, keep_strings=True))
    ]


def line_of(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def each(pattern: re.Pattern[str], path: Path, text: str, rule: str, reason: str) -> list[Finding]:
    """A finding wherever the pattern stands; {} in the rule becomes what was found."""
    return [
        Finding(
            str(path),
            line_of(text, match.start()),
            rule.replace("{}", " ".join(match.group().split())),
            reason,
        )
        for match in pattern.finditer(text)
    ]


def run(description: str, check: Callable[[Path], list[Finding]]) -> int:
    """The main of a check: prints its findings; the exit code says whether there were any."""
    arguments = argparse.ArgumentParser(description=description)
    arguments.add_argument("root", nargs="?", type=Path, default=ROOT)
    return report(check(arguments.parse_args().root.resolve()))


def report(found: list[Finding]) -> int:
    """Prints findings under their reasons, each reason once."""
    for reason in sorted({finding.reason for finding in found}):
        print(reason)
        for finding in sorted(finding for finding in found if finding.reason == reason):
            print(f"  {finding}")
    if found:
        print(f"{Path(sys.argv[0]).stem}: {len(found)} findings")
    return 1 if found else 0
