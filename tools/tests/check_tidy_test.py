import json
import unittest
from pathlib import Path

from tree import TreeTest

import check_format
import check_tidy

HOUSE = Path(__file__).resolve().parent.parent.parent


class ReadersTest(TreeTest):
    """The two programs that read C++ for us are started as the checks start them."""

    def setUp(self) -> None:
        super().setUp()
        for name in (".clang-format", ".clang-tidy"):
            self.write(name, (HOUSE / name).read_text())
        self.write(
            "src/a/a.hpp", "#pragma once\n\nnamespace msp {\n\nint one();\n\n}  // namespace msp\n"
        )
        self.write("src/a/a.cpp", '#include "a/a.hpp"\n\nint msp::one() {\n    return 1;\n}\n')
        self.build = self.root / "build"
        flags = f"-std=c++20 -I{self.root}/src -Wshadow -Wno-restrict"
        self.write(
            "build/compile_commands.json",
            json.dumps(
                [
                    {
                        "directory": str(self.build),
                        "file": str(self.root / "src/a/a.cpp"),
                        "command": f"g++ {flags} -c {self.root}/src/a/a.cpp",
                    }
                ]
            ),
        )

    def said(self) -> str:
        return "".join(
            check_tidy.read(self.root, one)
            for one in [
                *check_tidy.by_themselves(self.root, self.build),
                *check_tidy.together(self.root, self.build),
            ]
        )

    def test_clean_files_are_clean(self) -> None:
        self.assertEqual(self.said(), "")
        self.assert_told(check_format.check(self.root))

    def test_a_bug_and_a_wrong_name_are_told(self) -> None:
        self.write(
            "src/a/a.cpp",
            '#include "a/a.hpp"\n\nint msp::one() {\n    int WrongName = 1;\n'
            "    if (WrongName) {\n        return 1;\n    } else {\n        return 1;\n    }\n}\n",
        )
        self.assertIn("readability-identifier-naming", self.said())
        self.assertIn("bugprone-branch-clone", self.said())

    def test_a_header_that_is_not_whole_is_told(self) -> None:
        self.write("src/a/b.hpp", "#pragma once\n\nstd::string name();\n")
        self.assertIn("src/a/b.hpp:3", self.said())

    def unit(self, text: str) -> None:
        """Two sources that are compiled as one, as CMake writes it."""
        unit = str(self.build / "Unity/unity_0_cxx.cxx")
        self.write("src/a/b.cpp", text)
        self.write(
            "build/Unity/unity_0_cxx.cxx",
            "".join(f'#include "{self.root}/src/a/{name}.cpp"\n' for name in "ab"),
        )
        self.write(
            "build/compile_commands.json",
            json.dumps(
                [
                    {
                        "directory": str(self.build),
                        "file": unit,
                        "command": f"g++ -std=c++20 -I{self.root}/src -o x.o -c {unit}",
                    }
                ]
            ),
        )

    def test_a_bug_and_a_wrong_name_are_told_of_sources_that_are_compiled_as_one(self) -> None:
        self.unit(
            '#include "a/a.hpp"\n\nint two() {\n    int WrongName = msp::one();\n'
            "    if (WrongName) {\n        return 1;\n    } else {\n        return 1;\n    }\n}\n"
        )
        self.assertIn("src/a/b.cpp:4", self.said())
        self.assertIn("readability-identifier-naming", self.said())
        self.assertIn("bugprone-branch-clone", self.said())

    def test_a_bug_on_one_path_through_a_function_is_told(self) -> None:
        self.write(
            "src/a/a.cpp",
            '#include "a/a.hpp"\n\nstatic int divided(int by) {\n    int zero = 0;\n'
            "    return by > 3 ? by / zero : by;\n}\n\n"
            "int msp::one() {\n    return divided(5);\n}\n",
        )
        self.assertIn("clang-analyzer-core.DivideZero", self.said())

    def test_a_source_that_is_not_whole_and_a_shadowed_name_are_told(self) -> None:
        self.write("src/a/a.cpp", "int msp::one() {\n    return 1;\n}\n")
        self.assertIn("src/a/a.cpp:1", self.said())
        self.write(
            "src/a/a.cpp",
            '#include "a/a.hpp"\n\nint msp::one() {\n    const int two = 2;\n'
            "    if (two > 1) {\n        const int two = 1;\n        return two;\n    }\n"
            "    return two;\n}\n",
        )
        self.assertIn("clang-diagnostic-shadow", self.said())

    def test_a_verdict_on_sources_that_are_compiled_as_one_rests_on_each(self) -> None:
        def mark(text: str) -> Path:
            self.unit(text)
            (reading,) = check_tidy.together(self.root, self.build)
            return check_tidy.Hasher(self.root, self.build).mark(reading)

        self.assertEqual(len({mark("int two;\n"), mark("int two;\n"), mark("int three;\n")}), 2)

    def test_another_layout_is_told(self) -> None:
        self.write("src/a/a.cpp", '#include "a/a.hpp"\n\nint msp::one() {return 1;}\n')
        self.assert_told(check_format.check(self.root), "src/a/a.cpp:3: is laid out otherwise")

    def test_a_verdict_holds_until_something_it_rests_on_changes(self) -> None:
        def mark() -> Path:
            (reading,) = check_tidy.together(self.root, self.build)
            return check_tidy.Hasher(self.root, self.build).mark(reading)

        first = mark()
        self.assertEqual(mark(), first)
        self.write("src/b/b.hpp", "#pragma once\n")
        self.assertEqual(mark(), first)
        self.write("src/a/a.hpp", '#pragma once\n#include "b/b.hpp"\n')
        second = mark()
        self.write("src/b/b.hpp", "#pragma once\n\n")
        third = mark()
        self.write(".clang-tidy", (HOUSE / ".clang-tidy").read_text() + "\n")
        self.assertEqual(len({first, second, third, mark()}), 4)


if __name__ == "__main__":
    unittest.main()
