import unittest

from tree import TreeTest

import check_purity


class PurityTest(TreeTest):
    def told(self, *places: str) -> None:
        self.assert_told(check_purity.check(self.root), *places)

    def test_a_decision_has_no_clock_no_output_no_threads_and_no_sql(self) -> None:
        self.write(
            "src/domain/a.cpp",
            "#include <chrono>\n#include <iostream>\n#include <thread>\n"
            'auto now = std::chrono::system_clock::now();\nauto text = "INSERT INTO chain";\n'
            "std::chrono::system_clock::time_point at;  // system_clock::now is not here\n",
        )
        self.told(
            "src/domain/a.cpp:2: <iostream>",
            "src/domain/a.cpp:3: <thread>",
            "src/domain/a.cpp:4: system_clock::now",
            "src/domain/a.cpp:5: SQL",
        )

    def test_chance_time_and_environment_come_through_the_world(self) -> None:
        text = (
            'auto a = std::random_device{}();\nauto b = std::getenv("HOME");\nauto c = rand();\n'
            "auto d = time(nullptr);\nauto e = my.rand(1); auto f = operand(2);\n"
        )
        self.write("src/notices/a.cpp", text)
        self.write("src/world/a.cpp", text)
        self.write(
            "src/notices/a_test.cpp",
            "auto d = std::chrono::steady_clock::now();\nstd::random_device chance;\n",
        )
        self.told(
            "src/notices/a.cpp:1: random_device",
            "src/notices/a.cpp:2: getenv",
            "src/notices/a.cpp:3: rand(",
            "src/notices/a.cpp:4: time(nullptr)",
            "src/notices/a_test.cpp:2: random_device",
        )


if __name__ == "__main__":
    unittest.main()
