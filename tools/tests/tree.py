"""A small tree of its own for each test of a check."""

import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from house import Finding  # noqa: E402


class TreeTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name).resolve()

    def write(self, path: str, text: str) -> None:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)

    def assert_told(self, found: list[Finding], *places: str) -> None:
        """The findings stand exactly at these places, each `path:line: beginning of the rule`."""
        told = sorted(map(str, found))
        self.assertEqual(len(told), len(places), told)
        for one, place in zip(told, sorted(places)):
            self.assertTrue(one.startswith(place), f"{one!r} is not {place!r}")
