#!/usr/bin/env python3
"""The documents speak of what exists: their links lead somewhere, what they name is there."""

import re
import sys
from pathlib import Path

import house
from house import Finding

LINK = "A reader who follows a dead link stops believing the page."
NAMED = "A page that names what is gone sends its reader searching."

_FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)|!\[[^\]\n]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$", re.MULTILINE)
_OUR_PATH = re.compile(
    r"^(?:src|tools|docs|tests|bench|portal|models|examples|packaging|changes)/[\w./-]*$"
    r"|^[A-Z][A-Z_]+\.md$"
)
_MAKE = re.compile(r"(?:^|[`\s(])make ([a-z]+)(?=[`\s),.:]|$)", re.MULTILINE)


def blanked(text: str, pattern: re.Pattern[str]) -> str:
    return pattern.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)


def anchors(text: str) -> set[str]:
    """The names of a page's headings, as the usual renderers make them."""
    names: set[str] = set()
    for heading in _HEADING.findall(blanked(text, _FENCE)):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        name = re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", plain.lower()))
        suffix = 1
        while name in names:
            name = f"{name.removesuffix(f'-{suffix - 1}')}-{suffix}"
            suffix += 1
        names.add(name)
    return names


def check_link(root: Path, path: Path, text: str, line: int, target: str) -> list[Finding]:
    if re.match(r"[a-z][a-z0-9+.-]*:", target):
        return []
    name, _, anchor = target.partition("#")
    page = (root / path.parent / name) if name else root / path
    if not page.exists():
        return [Finding(str(path), line, f"links to {target}, which does not exist", LINK)]
    if (
        anchor
        and page.suffix == ".md"
        and anchor not in anchors(page.read_text() if name else text)
    ):
        return [Finding(str(path), line, f"links to {target}, a heading that does not exist", LINK)]
    return []


def make_targets(root: Path) -> set[str]:
    makefile = root / "Makefile"
    return (
        set(re.findall(r"^([a-z]+):", makefile.read_text(), re.MULTILINE))
        if makefile.exists()
        else set()
    )


def check_page(root: Path, path: Path, targets: set[str]) -> list[Finding]:
    text = (root / path).read_text()
    found = []
    prose = blanked(text, _FENCE)
    for match in _LINK.finditer(blanked(prose, _CODE)):
        target = match.group(1) or match.group(2)
        found += check_link(root, path, text, house.line_of(text, match.start()), target)
    for match in _CODE.finditer(prose):
        named = match.group(1)
        if _OUR_PATH.match(named) and not (root / named).exists():
            found.append(
                Finding(
                    str(path),
                    house.line_of(text, match.start()),
                    f"names {named}, which does not exist",
                    NAMED,
                )
            )
    shown = "\n".join(_CODE.findall(prose)) + "\n".join(
        match.group() for match in _FENCE.finditer(text)
    )
    for target in sorted(set(_MAKE.findall(shown)) - targets):
        line = house.line_of(text, text.index(f"make {target}"))
        found.append(Finding(str(path), line, f"names make {target}, which does not exist", NAMED))
    return found


def check(root: Path) -> list[Finding]:
    targets = make_targets(root)
    return [
        finding
        for path in house.files(root, suffixes={".md"})
        for finding in check_page(root, path, targets)
    ]


if __name__ == "__main__":
    sys.exit(house.run(__doc__.splitlines()[0], check))
