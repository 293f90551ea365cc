"""A name that is misspelled where it is declared is told there, once."""

from __future__ import annotations

import pytest

from bot.checks.kinds import Example
from bot.checks.misspelled import where_declared
from bot.checks.sample import MAIN
from bot.errors import Problem
from tests.checks.trial import found

TWICE = MAIN.replace("        id: station\n", "        id: station\n        go: thank_you\n").replace(
    "next: thanks", "next: thank_you"
)
CALLS = MAIN.replace(
    "        id: station\n    next: thanks\n", "        id: station\n        go: thanks\n    next: thanks\n"
)


def problems(main: str) -> list[tuple[int, str, str]]:
    return [(one.line, one.code, f"{one.message} {one.hint}") for one in found(Example({"main.yaml": main}))]


def test_one_misspelled_declaration_is_one_problem_at_its_line() -> None:
    ((line, code, said),) = problems(TWICE.replace("  thanks:\n", "  thnak_you:\n"))
    assert (line, code) == (21, "D041")
    assert "2 times, first in main.yaml:18" in said
    assert "Did you mean «thank_you» here?" in said


def test_a_name_used_once_is_told_where_it_looks_like_no_word() -> None:
    once = MAIN.replace("thanks", "the_lamp")
    assert [(line, code) for line, code, _ in problems(once)] == []
    ((line, code, _),) = problems(once.replace("  the_lamp:\n", "  teh_lamp:\n"))
    assert (line, code) == (20, "D041")
    assert problems(once.replace("next: the_lamp", "next: teh_lamp"))[0][:2] == (18, "D041")


def test_a_name_misspelled_where_it_is_used_is_told_there() -> None:
    ((line, code, said),) = problems(CALLS.replace("next: thanks", "next: thnaks"))
    assert (line, code) == (19, "D041")
    assert said.endswith("Did you mean «thanks»?")


def test_an_example_that_was_forgotten_when_an_answer_got_a_new_name_is_told_itself() -> None:
    tap = "  - they tap: bridge\n"
    example = f"example: A lamp\nlanguage: en\ntalk:\n{tap}{tap}expect:\n  state: main/thanks\n"
    files = {"main.yaml": MAIN.replace("id: bridge", "id: bridges"), "examples/one.yaml": example}
    assert [(one.file, one.line, one.code) for one in found(Example(files))] == [
        ("examples/one.yaml", 4, "E402"),
        ("examples/one.yaml", 5, "E402"),
    ]


def test_what_was_only_missed_for_the_misspelled_name_goes_with_it() -> None:
    files = {"a.yaml": "# thrid is a comment\nthrid: 1\n", "b.yaml": "third: 2\nthird: 3\n"}
    missed = [
        Problem("b.yaml", 1, 1, "F020", "there is no product third.", "Did you mean «thrid»?"),
        Problem("b.yaml", 2, 1, "F020", "there is no product third.", "Did you mean «thrid»?"),
        Problem("b.yaml", 2, 1, "F011", "no form for thrid."),
        Problem("b.yaml", 2, 1, "F011", "the key name is missing."),
    ]
    first, other = where_declared(files, missed)
    assert (first.file, first.line, first.col, first.code) == ("a.yaml", 2, 1, "F020")
    assert other is missed[3]


@pytest.mark.parametrize("code", ["D002", "F010", "E003"])
def test_keys_of_the_format_are_never_the_mistake(code: str) -> None:
    unknown = [Problem("a.yaml", line, 1, code, "no key «renmaed».", "Did you mean «renamed»?") for line in (1, 2)]
    assert list(where_declared({"a.yaml": "renmaed: 1\nrenmaed: 2\nrenamed: 3\n"}, unknown)) == unknown
