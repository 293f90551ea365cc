"""Walk every check: a new one without examples, or with examples that prove nothing, fails by itself."""

from __future__ import annotations

import pytest

from bot.checks.kinds import Check, Example
from bot.checks.registry import all_checks
from tests.checks.trial import found, view_of

CHECKS = all_checks()
GOOD = [pytest.param(check, one, id=f"{check.CODE}-{n}") for check in CHECKS for n, one in enumerate(check.GOOD)]
BAD = [pytest.param(check, one, id=f"{check.CODE}-{n}") for check in CHECKS for n, one in enumerate(check.BAD)]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.CODE)
def test_every_check_has_a_code_words_and_examples(check: Check) -> None:
    assert check.__name__.split(".")[-1].startswith(check.CODE.lower() + "_")  # type: ignore[attr-defined]
    assert check.TITLE.endswith(".")
    assert check.EXPLANATION.endswith(".")
    assert check.LEVEL in {"error", "warning"}
    assert check.GOOD
    assert check.BAD


@pytest.mark.parametrize(("check", "example"), GOOD)
def test_a_good_example_is_not_found(check: Check, example: Example) -> None:
    assert [problem for problem in found(example) if problem.level == "error" or problem.code == check.CODE] == []


@pytest.mark.parametrize(("check", "example"), BAD)
def test_a_bad_example_is_found_at_its_line(check: Check, example: Example) -> None:
    mine = [(one.file, one.line) for one in found(example) if one.code == check.CODE]
    assert (example.file, example.line) in mine, [str(one) for one in found(example)]


@pytest.mark.parametrize(("check", "example"), BAD)
def test_a_finding_says_what_it_found_and_stands_inside_its_line(check: Check, example: Example) -> None:
    view = view_of(example.files, example.covered)
    texts = {**view.files, **dict(view.locales.values())}
    for problem in check.check(view):
        assert problem.message.endswith(".")
        lines = texts[problem.file].split("\n")
        assert 1 <= problem.line <= len(lines)
        assert 1 <= problem.col <= len(lines[problem.line - 1]) + 1
