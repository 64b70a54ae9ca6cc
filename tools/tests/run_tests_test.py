import unittest

import tree  # noqa: F401  finds the checks
from run_tests import Count, count, why_skipped

DOCTEST = """[doctest] test cases:  {cases} |  {passed} passed | {failed} failed | 0 skipped
[doctest] assertions: 312 | 312 passed | 0 failed |
"""


class CountTest(unittest.TestCase):
    def test_doctest_says_how_many(self) -> None:
        self.assertEqual(
            count(DOCTEST.format(cases=12, passed=12, failed=0), True), Count(12, 0, 312)
        )
        self.assertEqual(
            count(DOCTEST.format(cases=12, passed=9, failed=3), False), Count(9, 3, 312)
        )

    def test_another_program_may_say_it_in_a_line(self) -> None:
        self.assertEqual(count("portal: 7 passed, 1 failed\n", False), Count(7, 1, 0))

    def test_a_crash_is_a_failure(self) -> None:
        self.assertEqual(count("Segmentation fault\n", False), Count(0, 1, 0))
        self.assertEqual(
            count(DOCTEST.format(cases=2, passed=2, failed=0), False), Count(2, 1, 312)
        )

    def test_no_test_is_a_failure(self) -> None:
        self.assertEqual(count("", True), Count(0, 1, 0))
        self.assertEqual(count(DOCTEST.format(cases=0, passed=0, failed=0), True), Count(0, 1, 312))

    def test_a_skipped_test_says_why_or_has_failed(self) -> None:
        self.assertEqual(why_skipped("skipped: no mount\n  next: be root\n", "notrun"), "no mount")
        self.assertEqual(why_skipped("skipped: no mount\n", "run"), "")
        self.assertEqual(why_skipped("", "notrun"), "")


if __name__ == "__main__":
    unittest.main()
