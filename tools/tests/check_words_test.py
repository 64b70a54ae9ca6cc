import subprocess
import unittest

from tree import TreeTest

import check_words


class WordsTest(TreeTest):
    def told(self, *places: str) -> None:
        self.assert_told(check_words.check(self.root), *places)

    def test_plain_files_pass(self) -> None:
        self.write(
            "src/store/commit_queue.cpp",
            "class CommitQueue;\nauto x = co_await wait(use(loop));\n"
            "auto y = co_await wait([] { return 1; }, table[index]);\n",
        )
        self.write("docs/operations.md", "Data lies in /var/lib/msp, as the common case has it.\n")
        self.told()

    def test_empty_names_are_told(self) -> None:
        self.write("src/common/a.hpp", "")
        self.write("src/store/string_utils.cpp", "")
        self.write(
            "src/store/a.cpp", "class StoreManager {};\nstruct EngineImpl;\nclass Implementation;\n"
        )
        self.told(
            "src/common/a.hpp:1: is called common",
            "src/store/string_utils.cpp:1: is called utils",
            "src/store/a.cpp:1: class StoreManager",
            "src/store/a.cpp:2: struct EngineImpl",
        )

    def test_open_ends_are_told(self) -> None:
        self.write("src/store/a.cpp", "int a;  // TO" "DO later\n")
        self.write("docs/a.md", "FIX" "ME\n")
        self.told("src/store/a.cpp:1: TO" "DO", "docs/a.md:1: FIX" "ME")

    def test_machines_and_registries_are_told(self) -> None:
        self.write("docs/a.md", "see /ho" "me/ann/msp and /ro" "ot/x\n")
        self.write("docs/b.md", "https://registry." "npm" "js.org/x and http://deb." "debian.org\n")
        self.write(
            "portal/package-lock.json",
            '{"resolved": "ht' 'tps://example.org/x.tgz"}\n{"resolved": "packages/x"}\n',
        )
        self.told(
            "docs/a.md:1: names a path",
            "docs/a.md:1: names a path",
            "docs/b.md:1: names a package registry",
            "docs/b.md:1: names a package registry",
            "portal/package-lock.json:1: records where",
        )

    def test_a_closure_within_co_await_is_told(self) -> None:
        self.write(
            "src/world/a.cpp",
            "auto a = co_await run(\n    [this](int x) { return x; });\n"
            "auto b = co_await [&] { return f(); }();\n",
        )
        self.told(
            "src/world/a.cpp:1: a lambda with captures", "src/world/a.cpp:3: a lambda with captures"
        )

    def test_what_git_ignores_is_not_read(self) -> None:
        subprocess.run(["git", "init", "-q"], cwd=self.root, check=True)
        self.write(".gitignore", "/out/\n")
        self.write("out/util.cpp", "")
        self.write("src/util.cpp", "")
        self.told("src/util.cpp:1: is called util")


if __name__ == "__main__":
    unittest.main()
