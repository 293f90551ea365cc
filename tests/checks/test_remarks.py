"""A finding that is wrong here can be silenced, with a reason, and only where that does no harm."""

from __future__ import annotations

import pytest

from bot.checks.kinds import Example
from bot.checks.sample import MAIN, po
from tests.checks.trial import found

SMALL = MAIN.replace("Which lamp is broken?", "which of these lamps is broken?")
PO = "locales/de/LC_MESSAGES/messages.po"


def codes(source: str, **files: str) -> list[tuple[int, str]]:
    return [(one.line, one.code) for one in found(Example({"main.yaml": source, **files}))]


def with_remark(remark: str) -> str:
    return SMALL.replace("    say: which", f"    {remark}\n    say: which")


def test_without_a_remark_the_finding_is_there() -> None:
    assert codes(SMALL) == [(11, "D219")]


@pytest.mark.parametrize(
    "source",
    [
        with_remark("# check: ignore D219 because people write like this"),
        with_remark("# check: ignore D219, D218 because people write like this").replace(", D218", ""),
        SMALL.replace("broken?\n", "broken? # check: ignore D219 because people write like this\n"),
        with_remark("# check: ignore D219 because people write like this\n    # and more to say about it\n"),
    ],
)
def test_a_remark_on_the_line_or_above_silences_the_finding(source: str) -> None:
    assert codes(source) == []


@pytest.mark.parametrize("remark", ["# check: ignore D219", "# check: ignore D219 because", "# check:ignore D219"])
def test_a_remark_without_a_reason_is_a_problem_and_silences_nothing(remark: str) -> None:
    assert codes(with_remark(remark)) == [(11, "I901"), (12, "D219")]


@pytest.mark.parametrize(
    "remark", ["# check: please", "# check: ignore all because I say so", "# check: ignor D219 because x"]
)
def test_a_remark_that_cannot_be_read_is_a_problem(remark: str) -> None:
    assert (11, "I901") in codes(with_remark(remark))


def test_a_remark_that_silences_nothing_is_a_warning() -> None:
    source = MAIN.replace("    say: Which", "    # check: ignore D219 because it was wrong once\n    say: Which")
    problems = found(Example({"main.yaml": source}))
    assert [(one.line, one.code, one.level) for one in problems] == [(11, "I902", "warning")]


def test_a_remark_for_a_check_that_did_not_run_is_not_called_unused() -> None:
    source = MAIN.replace("  thanks:", "  # check: ignore D101 because it waits for its turn\n  thanks:")
    assert codes(source.replace("end: done", "end: finished")) == [(23, "D008")]


def test_an_error_that_keeps_the_pack_from_running_cannot_be_ignored() -> None:
    source = MAIN.replace("    end: done", "    # check: ignore D008 because I like it\n    end: finished")
    assert codes(source) == [(22, "I903"), (23, "D008")]


def test_a_warning_of_the_compiler_can_be_ignored() -> None:
    source = MAIN.replace(
        "    say: Which lamp", "    # check: ignore Y022 because it is a comment\n    say: Which lamp"
    )
    assert codes(source.replace("broken?", "broken? # really")) == []


def test_a_remark_in_a_catalogue_counts_for_the_entry_below_it() -> None:
    source = po(("The one at the bridge", "2"), ("The one at the station", "2"))[PO]
    quiet = source.replace(
        '\nmsgid "The one at the station',
        '\n# check: ignore D214, D211 because of nothing\nmsgid "The one at the station',
    )
    mine = [one for one in codes(MAIN, **{PO: quiet}) if one[1] in {"D214", "D211"}]
    assert mine == [(6, "D214")]


def test_comments_of_authors_are_left_alone() -> None:
    assert (
        codes(MAIN.replace("states:", "# We check: twice\nstates:").replace("We check: twice", "We look twice")) == []
    )
