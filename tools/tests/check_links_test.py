import unittest

from tree import TreeTest

import check_links


class LinksTest(TreeTest):
    def setUp(self) -> None:
        super().setUp()
        for folder in ("domain", "world"):
            self.write(f"src/{folder}/result.hpp", "")
            self.write(f"src/{folder}/CMakeLists.txt", f"msp_library({folder} SOURCES a.cpp)\n")
        self.write("src/store/a.cpp", '#include "domain/result.hpp"\n')

    def told(self, *places: str) -> None:
        self.assert_told(check_links.check(self.root), *places)

    def test_links_say_what_includes_say(self) -> None:
        self.write(
            "src/store/CMakeLists.txt",
            "msp_library(store\n    SOURCES a.cpp  # all\n    LINKS domain)\n",
        )
        self.told()

    def test_an_include_that_is_not_linked_is_told(self) -> None:
        self.write("src/store/CMakeLists.txt", "msp_library(store SOURCES a.cpp)\n")
        self.told('src/store/a.cpp:1: includes "domain/result.hpp"')

    def test_a_link_that_is_not_included_is_told(self) -> None:
        self.write(
            "src/store/CMakeLists.txt", "\nmsp_library(store SOURCES a.cpp LINKS domain world)\n"
        )
        self.told("src/store/CMakeLists.txt:2: LINKS world")

    def test_tests_have_links_of_their_own(self) -> None:
        self.write(
            "src/store/CMakeLists.txt",
            "msp_library(store SOURCES a.cpp LINKS domain)\n"
            "msp_tests(store a_test.cpp LINKS world)\n",
        )
        self.write("src/store/a_test.cpp", '#include "world/result.hpp"\n')
        self.told()
        self.write("src/store/a.cpp", '#include "domain/result.hpp"\n#include "world/result.hpp"\n')
        self.told('src/store/a.cpp:2: includes "world/result.hpp"')

    def test_a_package_is_linked_only_where_it_may_be_known(self) -> None:
        self.write(
            "src/store/CMakeLists.txt", "msp_library(store SOURCES a.cpp LINKS domain sqlite)\n"
        )
        self.told()
        self.write(
            "src/store/CMakeLists.txt", "msp_library(store SOURCES a.cpp LINKS domain openssl)\n"
        )
        self.told("src/store/CMakeLists.txt:1: LINKS openssl")


if __name__ == "__main__":
    unittest.main()
