import contextlib
import io
import unittest
from pathlib import Path

from tree import TreeTest

import check_sizes
from house import Finding


def lines(number: int, text: str = "    work();\n") -> str:
    return text * number


class SizesTest(TreeTest):
    def found(self) -> list[Finding]:
        with contextlib.redirect_stdout(io.StringIO()):
            return check_sizes.check(self.root)

    def test_a_function_of_fifty_lines_stands_and_one_of_more_does_not(self) -> None:
        self.write("src/api/a.cpp", "void f() {\n" + lines(48) + "}\n")
        self.assert_told(self.found())
        self.write("src/api/a.cpp", "void f() {\n" + lines(49) + "}\n")
        self.assert_told(self.found(), "src/api/a.cpp:1: f has 51 lines")

    def test_a_long_test_case_and_a_long_lambda_in_a_table_are_functions(self) -> None:
        self.write("src/api/a_test.cpp", 'TEST_CASE("a { sentence") {\n' + lines(60) + "}\n")
        self.write(
            "src/api/b.cpp", "const Row rows[] = {\n{1, [](int a) {\n" + lines(60) + "}},\n};\n"
        )
        self.assert_told(
            self.found(),
            "src/api/a_test.cpp:1: TEST_CASE has 62",
            "src/api/b.cpp:2: a lambda has 62",
        )

    def test_a_long_class_or_namespace_is_not_a_function(self) -> None:
        self.write(
            "src/api/a.cpp",
            "namespace msp {\nnamespace {\nstruct A {\n"
            + lines(70, "    int f() { return 1; }\n")
            + "};\n}\n}\n",
        )
        self.assert_told(self.found())

    def test_functions_are_found_whatever_stands_around_them(self) -> None:
        self.write(
            "src/api/a.cpp",
            """\
#define OPEN {
const std::string text = R"sql(create { ( ' " )sql";
template <class T, std::size_t N = (3 > 2)>
    requires(sizeof(T) > 1)
constexpr auto A<T>::map(const std::map<int, T>& m) const& noexcept -> std::optional<T> {
    return m.at('}');
}
A::A(int a) : a_{a}, b_(std::vector<int>{1, 2}) {
    for (;;) {
    }
}
A::operator bool() const { return 1'000 > 3; }
Result<int, Refusal> parse(std::string_view text,
                           const Options& options = {}) {
    auto inner = [&] { return 1; };
    struct Local { int x{1}; };
    return {};
}
""",
        )
        found = check_sizes.functions(check_sizes.tags(self.root, [Path("src/api/a.cpp")]))
        self.assertEqual(
            [(tag.name, tag.lines) for tag in found],
            [("map", 3), ("A", 4), ("operator bool", 1), ("parse", 6)],
        )

    def test_a_file_and_a_line_have_limits(self) -> None:
        self.write("src/api/a.cpp", "int a;\n" * 401)
        self.write("src/api/a.hpp", "int a;\n" * 201)
        self.write("src/api/b.cpp", "int a;\n" * 400 + "")
        self.write("src/api/c.cpp", "// " + "x" * 97 + "\n// " + "x" * 98 + "\n")
        self.assert_told(
            self.found(),
            "src/api/a.cpp:401: has 401",
            "src/api/a.hpp:201: has 201",
            "src/api/c.cpp:2: has 101 columns",
        )

    def test_an_interface_has_at_most_ten_functions(self) -> None:
        head = (
            "class Wide {\npublic:\n    Wide();\n    virtual ~Wide() = default;\n"
            "    Wide& operator=(const Wide&) = delete;\n"
        )
        private = "private:\n" + "    int g(int);\n" * 5
        functions = "".join(f"    virtual Result<int> f{n}(int) = 0;\n" for n in range(10))
        self.write("src/api/a.hpp", head + functions + private + "};\n")
        self.assert_told(self.found())
        self.write("src/api/a.hpp", head + functions + "    int one_more() const;\n};\n")
        self.assert_told(self.found(), "src/api/a.hpp:6: Wide has 11 functions")
        self.write(
            "src/api/a.hpp",
            (head + functions + "    int one_more() const;\n};\n").replace(" = 0", ""),
        )
        self.assert_told(self.found())

    def test_the_core_has_a_limit_that_comments_tests_and_identifiers_do_not_count_for(
        self,
    ) -> None:
        for part in range(5):
            self.write(f"src/domain/part{part}.cpp", "int a;\n" * 300 + "// law\n\n" * 40)
        self.write("src/domain/part_test.cpp", "int a;\n" * 300)
        self.write("src/domain/identity.cpp", "int a;\n" * 300)
        self.assert_told(self.found())
        self.write("src/domain/more.cpp", "int a;\n")
        self.write("src/domain/protocol_rules.cpp", "int a;\n" * 300)
        self.assert_told(self.found(), "src/domain:1: state and laws: has 1501 lines")


if __name__ == "__main__":
    unittest.main()
