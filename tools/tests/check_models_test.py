import unittest

import tree  # noqa: F401  finds the checks
from check_models import (
    CAUGHT,
    HOLDS,
    REACHED,
    REFUTED,
    Search,
    checks_of,
    gaps,
    read_search,
    untold,
)
from model_story import story

FOUND = "pan:1: assertion violated  !( !((taken<=events))) (at depth 13)\npan: wrote a.trail\n"
ENDED = """
State-vector 100 byte, depth reached 1936, errors: {errors}
    56212 states, stored
   631124 states, matched
"""
MODEL = """
mtype:rule = {
    nothing_wrong,
    forgets, /* not a_word_of_this */
    hurries
};
#ifndef SIZE
#define SIZE 1
#endif
ltl safe { [] true }
ltl never_there { [] true }
"""
TABLE = {
    "holds": [{"property": "safe", "given": {"SIZE": [1, 2]}}],
    "reached": [{"property": "never_there"}],
    "caught": [
        {"wrong": "forgets", "property": "safe", "lesson": "It is gone."},
        {"wrong": "hurries", "property": "safe", "lesson": "It is too early."},
    ],
}


class ReadSearchTest(unittest.TestCase):
    def test_a_search_without_errors_proves_the_property(self) -> None:
        self.assertEqual(read_search(ENDED.format(errors=0)), Search(HOLDS, 56212))

    def test_what_goes_against_the_property_refutes_it(self) -> None:
        self.assertEqual(read_search(FOUND + ENDED.format(errors=1)), Search(REFUTED, 56212))
        cycle = "pan:1: acceptance cycle (at depth 58)\n"
        self.assertEqual(read_search(cycle + ENDED.format(errors=1)), Search(REFUTED, 56212))

    def test_an_error_of_the_model_itself_is_not_taken_for_one(self) -> None:
        outside = "pan:1: indexing wanted_in[5] - size is 5 (at depth 9)\n"
        self.assertEqual(
            read_search(outside + ENDED.format(errors=1)), Search("another error", 56212)
        )

    def test_a_search_that_was_cut_short_proves_nothing(self) -> None:
        deep = "error: max search depth too small\n"
        self.assertEqual(read_search(deep + ENDED.format(errors=0)), Search("too deep", 56212))
        full = "pan: reached -DMEMLIM bound\n"
        self.assertEqual(read_search(full + ENDED.format(errors=0)), Search("out of memory", 56212))
        self.assertEqual(read_search("Killed\n"), Search("did not end"))

    def test_only_a_wrong_variant_that_is_refuted_is_caught(self) -> None:
        for expected in (CAUGHT, REACHED):
            self.assertTrue(Search(REFUTED).is_as(expected))
            self.assertFalse(Search(HOLDS).is_as(expected))
            self.assertFalse(Search("too deep").is_as(expected))
        self.assertTrue(Search(HOLDS).is_as(HOLDS))
        self.assertFalse(Search(REFUTED).is_as(HOLDS))
        self.assertFalse(Search("too deep").is_as(HOLDS))


class TableTest(unittest.TestCase):
    def test_a_list_stands_for_one_check_with_each(self) -> None:
        checks = checks_of({"keys": TABLE})
        verdicts = [check.verdict for check in checks]
        self.assertEqual(verdicts, [HOLDS, HOLDS, REACHED, CAUGHT, CAUGHT])
        self.assertEqual(checks[1].flags, ["-DSIZE=2"])
        self.assertEqual(checks[3].flags, ["-DWRONG=forgets"])

    def test_a_table_that_names_all_there_is_has_no_gaps(self) -> None:
        self.assertEqual(gaps("keys", MODEL, TABLE), [])

    def test_what_nobody_checks_is_a_gap(self) -> None:
        self.assertEqual(
            gaps("keys", MODEL, {"holds": TABLE["holds"], "caught": TABLE["caught"][:1]}),
            [
                "keys: rule hurries is never broken",
                "keys: property never_there is neither proved nor reached",
            ],
        )

    def test_what_does_not_exist_is_a_gap(self) -> None:
        wrong = {"wrong": "dreams", "property": "true", "given": {"SICE": 2}}
        self.assertEqual(
            gaps("keys", MODEL, {**TABLE, "caught": [*TABLE["caught"], wrong]}),
            [
                "keys: rule dreams does not exist",
                "keys: property true does not exist",
                "keys: switch SICE does not exist",
                "keys: rule dreams has no lesson",
            ],
        )


class LessonsTest(unittest.TestCase):
    def test_a_page_tells_each_lesson_however_it_is_laid_out(self) -> None:
        self.assertEqual(untold("keys", "It is\ngone. It is too early.", TABLE), [])
        self.assertEqual(
            untold("keys", "It is gone.", TABLE),
            ["keys: protocol.md does not tell the lesson of hurries"],
        )


START = "\t\tcalm = 0\n\t\torders = 0\n\t\tseen[0] = 0\n\t\tseen[1] = 0\n"
TRAIL = """
  1:\tproc  2 (Node:1) m.pml:5 (state 1)\t[(behind)]
  2:\tproc  2 (Node:1) m.pml:6 (state 2)\t[orders = 2]
\t\torders = 2
  3:\tproc  2 (Node:1) m.pml:6 (state 2)\t[orders = 6]
\t\torders = 6
  <<<<<START OF CYCLE>>>>>
  4:\tproc  3 (Reader:1) m.pml:9 (state 1)\t[seen[1] = 1]
\t\tseen[0] = 0
\t\tseen[1] = 1
spin: trail ends after 4 steps
\t\tcalm = 0
\t\torders = 6
"""


class StoryTest(unittest.TestCase):
    def test_it_tells_who_changed_what(self) -> None:
        self.assertEqual(
            [" ".join(line.split()) for line in story(START, TRAIL)],
            [
                "Node 2 orders = 2",
                "Node 2 orders = 6",
                "and from here on, again and again:",
                "Reader 3 seen[1] = 1",
            ],
        )


if __name__ == "__main__":
    unittest.main()
