import unittest

import tree  # noqa: F401  finds the checks
import house


class CodeTest(unittest.TestCase):
    def test_comments_and_strings_are_no_code(self) -> None:
        text = "int a; // getenv\n/* rand(\n) */ f(\"std::vector \\\" {\", '{', '\\'', 1'000);\n"
        code = house.code(text)
        self.assertEqual(len(code), len(text))
        self.assertEqual(code.count("\n"), text.count("\n"))
        for word in ("getenv", "rand", "vector", "{"):
            self.assertNotIn(word, code)
        self.assertIn("1'000", code)

    def test_a_raw_string_ends_at_its_own_fence(self) -> None:
        code = house.code('auto a = R"sql(create " // { )" )sql"; int after;')
        self.assertNotIn("create", code)
        self.assertNotIn("{", code)
        self.assertIn("int after;", code)

    def test_strings_are_kept_where_they_are_wanted(self) -> None:
        self.assertIn("SELECT", house.code('f("SELECT"); // gone', keep_strings=True))
        self.assertNotIn("gone", house.code('f("SELECT"); // gone', keep_strings=True))

    def test_an_include_in_a_comment_is_none(self) -> None:
        found = house.includes('// #include "a.hpp"\n#include "b/b.hpp"\n#  include <vector>\n')
        self.assertEqual(
            [(one.line, one.ours, one.path) for one in found],
            [(2, True, "b/b.hpp"), (3, False, "vector")],
        )


if __name__ == "__main__":
    unittest.main()
