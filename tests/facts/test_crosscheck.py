"""Every cross-check finds what it is for, at its place, and nothing in the shipped facts (D02)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from bot.facts.crosscheck import crosscheck, overdue, unused_sources
from bot.facts.load import read_facts
from bot.facts.lookalikes import lookalikes
from tests.facts.kit import changed, shipped, texts

CASES = yaml.safe_load((Path(__file__).parent / "bad_facts.yaml").read_text(encoding="utf-8"))
"""One change each that makes the shipped facts bad."""


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['code']}-{case['says'][:30]}")
def test_a_bad_fact_is_found_at_its_place(case: dict[str, str]) -> None:
    problems = changed(case["file"], case["old"], case["new"])
    hits = [one for one in problems if one.code == case["code"] and case["says"] in str(one)]
    assert hits, [str(one) for one in problems]
    assert all(one.line >= 1 and one.col >= 1 and one.file.endswith(".yaml") for one in problems)
    assert any(one.line > 1 for one in hits)


def test_the_shipped_facts_have_nothing_to_find() -> None:
    assert crosscheck(shipped()) == []
    assert unused_sources(shipped()) == []


def test_a_source_nothing_rests_on_is_worth_a_look() -> None:
    more = "  extra:\n    publisher: Somebody\n    date: 2026\n    kind: secondary\n    shows: Nothing\n"
    facts, problems = read_facts({**texts(), "sources.yaml": texts()["sources.yaml"].rstrip("\n") + "\n" + more})
    assert problems == []
    assert facts is not None
    assert {one.level for one in unused_sources(facts)} == {"warning"}
    assert [(one.code, one.message) for one in unused_sources(facts)] == [
        ("F050", "nothing rests on the source extra.")
    ]


def test_a_source_whose_host_is_nearly_another_one_is_told() -> None:
    assert lookalikes(shipped()) == []
    wrong = texts()["sources.yaml"].replace(
        "https://www.facebook.com/privacy/policies/uso/", "https://www.facebok.com/x"
    )
    facts, problems = read_facts({**texts(), "sources.yaml": wrong})
    assert problems == []
    assert facts is not None
    ((line, code, level),) = [(one.line, one.code, one.level) for one in lookalikes(facts)]
    assert (wrong.split("\n")[line - 1].strip(), code, level) == ("url: https://www.facebok.com/x", "F031", "warning")


def test_D02_facts_older_than_their_review_date_are_found() -> None:
    facts = shipped()
    assert overdue(facts, date(2027, 2, 28)) == []
    late = overdue(facts, date(2027, 3, 1))
    assert [(one.file.rpartition("/")[2], one.code) for one in late] == [
        ("pack.yaml", "F041"),
        ("authorities.yaml", "F041"),
    ]
    assert all(one.line > 1 and one.level == "warning" for one in late)


def test_several_bad_facts_are_told_together() -> None:
    broken = texts()["claims.yaml"].replace("people in the US got none.", "people in the US could not object.")
    broken = broken.replace("date: 2025-05-27", "date: 2025-05-26")
    found = {one.code for one in read_facts({**texts(), "claims.yaml": broken})[1]}
    assert found == {"F042", "F043"}


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("forms.yaml", "confirmed_live: null", "confirmed_live: 2036-11-24"),
        ("authorities.yaml", "checked_on: 2026-11-23", "checked_on: 2062-11-23"),
    ],
)
def test_a_day_that_has_not_come_yet_is_found(file: str, old: str, new: str) -> None:
    facts, _ = read_facts({**texts(), file: texts()[file].replace(old, new, 1)})
    assert facts is not None
    (found,) = overdue(facts, date(2026, 11, 24))
    assert (found.code, found.level, found.file.endswith(file)) == ("F042", "error", True)


def test_a_territory_that_is_not_there_is_told_where_it_would_stand() -> None:
    text = texts()["territories.yaml"]
    start, end = text.index("  SY:\n"), text.index("  SZ:\n")
    (found,) = read_facts({**texts(), "territories.yaml": text[:start] + text[end:]})[1]
    assert (found.code, found.line - text[:start].count("\n")) == ("F021", 2)  # the first key of the next one
