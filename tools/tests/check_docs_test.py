import unittest

from tree import TreeTest

import check_docs


class DocsTest(TreeTest):
    def told(self, *places: str) -> None:
        self.assert_told(check_docs.check(self.root), *places)

    def test_what_exists_may_be_spoken_of(self) -> None:
        self.write("Makefile", "check:\n")
        self.write("docs/b.md", "# The `store`, in short\n## Twice\n## Twice\n")
        self.write(
            "a.md",
            "[b](docs/b.md#the-store-in-short) [c](docs/b.md#twice-1)\n"
            "[d](https://example.org) `docs/b.md`\n"
            "`make check` and `[x](y)`\n```\nmake check\n[not a link](nowhere.md)\n```\n"
            "they make sense\n",
        )
        self.told()

    def test_what_does_not_exist_is_told(self) -> None:
        self.write("Makefile", "check:\n")
        self.write("docs/b.md", "# One\n")
        self.write(
            "a.md",
            "[b](docs/c.md)\n[c](docs/b.md#two)\n`src/store/gone.hpp`\n`make fun`\n[d](#here)\n",
        )
        self.told(
            "a.md:1: links to docs/c.md",
            "a.md:2: links to docs/b.md#two",
            "a.md:3: names src/store/gone.hpp",
            "a.md:4: names make fun",
            "a.md:5: links to #here",
        )


if __name__ == "__main__":
    unittest.main()
