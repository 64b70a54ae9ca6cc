#!/usr/bin/env python3
"""Words that do not belong into the tree: empty names, open ends, the machine it was written on.

Also what only a reader sees in C++: a lambda with captures within a co_await expression.
"""

import re
import subprocess
import sys
from pathlib import Path

import house
from house import Finding

NAME = "A name says what a thing is, not that somebody needed a place for it."
OPEN = "What is not done is not committed; what is wanted is written down where it is planned."
PLACE = "The tree is at home on every machine."
HOST = "Where packages come from is a matter of the machine that installs them."
COROUTINE = (
    "g++ 12 may destroy such a closure twice: give the lambda a line and a name of its own first."
)

EMPTY_FILE = re.compile(
    r"(?:^|[/_.-])(?:utils?|commons?|helpers?|managers?|impl|misc)(?=$|[/_.-])", re.IGNORECASE
)
EMPTY_TYPE = re.compile(
    r"\b(?:class|struct|using|enum(?: class)?)\s+(\w*(?:Impl|Manager|Helper|Utils?|Misc))\b"
)
OPEN_END = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")
HOME = re.compile(r"(?<![\w.])/(?:home/\w|root/|Users/\w|work/)")
REGISTRY = re.compile(
    r"\b(?:(?:registry|deb|mirrors?|packages|archive)\.\w+\.(?:org|com|net|io)"
    r"|pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|crates\.io)\b"
)
RESOLVED = re.compile(r'"resolved":\s*"https?:')
AWAITED_CAPTURE = re.compile(
    r"\bco_await\b[^;]*?(?<![\w\])])\[\s*[&=\w][^\]]*\]\s*(?:\(|\{|mutable\b|->)"
)


def committed(root: Path) -> list[Path]:
    """What git keeps or would keep; in a tree without git, every file."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode != 0 or not (root / ".git").exists():
        return list(house.files(root))
    return sorted(
        path
        for name in listed.stdout.split("\0")
        if name and (path := Path(name)) and (root / path).is_file()
    )


def text_of(path: Path) -> str | None:
    content = path.read_bytes()
    return None if b"\0" in content else content.decode(errors="replace")


def check_text(path: Path, text: str) -> list[Finding]:
    found = house.each(HOME, path, text, "names a path of one machine: {}", PLACE)
    found += house.each(REGISTRY, path, text, "names a package registry: {}", HOST)
    if path.name == "package-lock.json":
        found += house.each(RESOLVED, path, text, "records where a package was fetched", HOST)
    else:
        found += house.each(OPEN_END, path, text, "{}", OPEN)
    if path.suffix in house.CPP:
        code = house.code(text)
        found += house.each(EMPTY_TYPE, path, code, "{}", NAME)
        rule = "a lambda with captures within co_await"
        found += house.each(AWAITED_CAPTURE, path, code, rule, COROUTINE)
    return found


def check(root: Path) -> list[Finding]:
    found = []
    for path in committed(root):
        if empty := EMPTY_FILE.search(str(path)):
            found.append(Finding(str(path), 1, f"is called {empty.group().strip('/_.-')}", NAME))
        if (text := text_of(root / path)) is not None:
            found += check_text(path, text)
    return found


if __name__ == "__main__":
    sys.exit(house.run(__doc__.splitlines()[0], check))
