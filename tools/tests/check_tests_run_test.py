import contextlib
import io
import json
import unittest

from tree import TreeTest

import check_tests_run


class TestsRunTest(TreeTest):
    """A build folder as CMake leaves it behind, written by hand."""

    def setUp(self) -> None:
        super().setUp()
        self.commands: list[dict] = []
        self.write("src/a/a_test.cpp", 'TEST_CASE("it holds") {}\n')
        self.compiled("src/a/a_test.cpp", "a_tests")
        self.registered("a_tests")

    def compiled(self, source: str, target: str) -> None:
        build = self.root / "build"
        build.mkdir(exist_ok=True)
        self.commands.append(
            {
                "directory": str(build),
                "file": str(self.root / source),
                "command": f"g++ -o src/a/CMakeFiles/{target}.dir/x.cpp.o -c x.cpp",
            }
        )
        self.write("build/compile_commands.json", json.dumps(self.commands))

    def registered(self, *targets: str, properties: str = "") -> None:
        self.write(
            "build/CTestTestfile.cmake",
            "".join(
                f'add_test([=[{name}]=] "{self.root}/build/src/a/{name}")\n{properties}\n'
                for name in targets
            ),
        )

    def told(self, *places: str) -> None:
        with contextlib.redirect_stdout(io.StringIO()):
            found = check_tests_run.check(self.root, self.root / "build")
        self.assert_told([one for one in found if "build/" not in one.path], *places)

    def test_a_test_that_is_compiled_and_run_is_fine(self) -> None:
        self.told()

    def test_a_test_file_that_is_not_compiled_is_told(self) -> None:
        self.write("src/a/b_test.cpp", 'TEST_CASE("it holds") {}\n')
        self.told("src/a/b_test.cpp:1: is not compiled")

    def test_an_executable_that_ctest_does_not_run_is_told(self) -> None:
        self.write("src/a/b_test.cpp", 'TEST_CASE("it holds") {}\n')
        self.compiled("src/a/b_test.cpp", "b_tests")
        self.told(
            "src/a/b_test.cpp:1: is compiled only into src/a/b_tests",
            "src/a/b_tests:1: is a test executable",
        )

    def test_a_disabled_test_does_not_run(self) -> None:
        self.registered(
            "a_tests",
            properties='set_tests_properties([=[a_tests]=] PROPERTIES  DISABLED "TRUE")',
        )
        self.told(
            "src/a/a_test.cpp:1: is compiled only into", "src/a/a_tests:1: is a test executable"
        )

    def test_what_other_tests_play_on_needs_no_test_case(self) -> None:
        self.write("src/a/a_test.cpp", '#include "a/stage_test.hpp"\nvoid set() {}\n')
        self.write("src/a/stage_test.hpp", "void set();\n")
        self.told("src/a/a_test.cpp:1: has no test case")
        self.write("src/a/b_test.hpp", '#include "a/stage_test.hpp"\n')
        self.told()

    def test_a_file_without_a_test_case_and_one_that_skips_are_told(self) -> None:
        self.write("src/a/a_test.cpp", "// TEST_CASE(\n")
        self.told("src/a/a_test.cpp:1: has no test case")
        self.write("src/a/a_test.cpp", '\nTEST_CASE("later" * doctest::skip()) {}\n')
        self.told("src/a/a_test.cpp:2: switches a test off")


if __name__ == "__main__":
    unittest.main()
