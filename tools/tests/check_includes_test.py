import unittest

from tree import TreeTest

import check_includes


class IncludesTest(TreeTest):
    def told(self, *places: str) -> None:
        self.assert_told(check_includes.check(self.root), *places)

    def test_own_header_then_ours_then_the_rest(self) -> None:
        self.write("src/store/a.hpp", "// What it is.\n#pragma once\n")
        self.write(
            "src/store/a.cpp",
            '#include "store/a.hpp"\n\n#include "domain/b.hpp"\n\n#include <vector>\n',
        )
        self.told()

    def test_another_order_is_told(self) -> None:
        self.write("src/store/a.hpp", "#pragma once\n")
        self.write("src/store/a.cpp", '#include "domain/b.hpp"\n#include "store/a.hpp"\n')
        self.write(
            "src/store/c.cpp", '#include <vector>\n#include "domain/b.hpp"\n#include <vector>\n'
        )
        self.told(
            'src/store/a.cpp:1: does not begin with "store/a.hpp"',
            'src/store/c.cpp:2: "domain/b.hpp" stands',
            "src/store/c.cpp:3: vector is included twice",
        )

    def test_a_header_is_read_once(self) -> None:
        self.write("src/store/a.hpp", "int a;\n#pragma once\n")
        self.told("src/store/a.hpp:1: does not begin with #pragma once")

    def test_a_file_includes_what_it_names(self) -> None:
        self.write(
            "src/store/a.cpp",
            "#include <string>\nstd::string a;\nstd::string_view b;\n"
            "std::optional<int> c;  // std::vector\nauto d = std::nullopt;\n",
        )
        self.told("src/store/a.cpp:4: names std::optional without <optional>")

    def test_what_our_headers_include_need_not_be_said_again(self) -> None:
        self.write("src/domain/b.hpp", "#pragma once\n#include <optional>\n")
        self.write("src/domain/c.hpp", '#pragma once\n#include "domain/b.hpp"\n')
        self.write("src/store/a.cpp", '#include "domain/c.hpp"\nstd::optional<int> c;\n')
        self.told()


if __name__ == "__main__":
    unittest.main()
