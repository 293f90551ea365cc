"""The condition language: small, typed, and never surprised."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.conditions import ConditionError, parse

KNOWN = {"right": "yes", "land": None, "accounts": ("facebook", "threads"), "count": 4, "adult": True, "minor": False,
         "name": "", "truth": "yes"}  # fmt: skip


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("right is yes", True),
        ("right is not yes", False),
        ("right is no or partly", False),
        ("right is no or yes", True),
        ("right is not no or partly", True),
        ("land is known", False),
        ("land is not known", True),
        ("name is known", False),
        ("accounts has facebook", True),
        ("accounts has instagram or threads", True),
        ("accounts has not instagram", True),
        ("right has yes", True),
        ("land has x", False),
        ("count > 3", True),
        ("count >= 4 and count <= 4 and count = 4", True),
        ("count < 4", False),
        ("name < 4", False),
        ("adult > 0", False),
        ("adult", True),
        ("truth", True),
        ("minor", False),
        ("adult is yes", True),
        ("minor is no", True),
        ("not minor", True),
        ("not (adult and minor)", True),
        ("minor or right is yes and count > 9 or adult", True),
        ("right is no or count > 3", True),
        ("right is no or not minor", True),
        ("right is no or (count > 3)", True),
        ("right is no or land is known", False),
        ("right is no or accounts has threads", True),
    ],
)
def test_conditions_hold_or_not(source: Any, expected: Any) -> None:
    assert parse(source).holds(KNOWN.get) is expected


@pytest.mark.parametrize(
    ("source", "offset"),
    [
        ("", 0),
        ("right is", 8),
        ("right is and", 9),
        ("right == yes", 7),
        ("(right is yes", 13),
        ("right is yes)", 12),
        ("right is yes land", 13),
        ("count > many", 8),
        ("Right is yes", 0),
        ("is known", 0),
        ("right is $x", 8),
        ("and", 0),
        ("not " * 40 + "a", 80),
        ("a" * 401, 0),
        ("__import__", 0),
    ],
)
def test_a_mistake_is_told_with_its_place(source: Any, offset: Any) -> None:
    with pytest.raises(ConditionError) as caught:
        parse(source)
    assert caught.value.offset == offset
    assert str(caught.value)


@given(st.text(max_size=60))
def test_any_text_is_a_condition_or_a_mistake(source: Any) -> None:
    try:
        condition = parse(source)
    except ConditionError:
        return
    assert condition.holds(lambda name: None) in (True, False)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("right is yes AND adult", "write «and»"),
        ("right is yes && adult", "write «and»"),
        ("right is yes und adult", "write «and»"),
        ("right is yes oder adult", "write «or»"),
        ("right is yes || adult", "write «or»"),
        ("! adult", "write «not»"),
        ("right ist yes", "write «is»"),
        ("right != yes", "write «is not»"),
        ("right isn't yes", "write «is not»"),
        ("right = yes", "write «right is yes»"),
        ("right is 'yes'", "write the bare name"),
        ("right is “yes”", "write the bare name"),
        ("{right} is yes", "write the bare name"),
        ("right is yes, no", "write «and» or «or»"),
        ("Right is yes", "write «right»"),
        ("right is", "an answer id is missing"),
        ("right is yes or", "is missing"),
        ("count >", "a whole number is missing"),
    ],
)
def test_what_was_meant_is_told_with_a_mistake(source: str, said: str) -> None:
    with pytest.raises(ConditionError, match=re.escape(said)):
        parse(source)


def test_what_a_condition_looks_at_is_listed_for_the_checks() -> None:
    found = parse("right is not yes or no and count > 3").comparisons
    assert [(one.name, one.verb, one.ids, one.negated, one.number) for one in found] == [
        ("right", "is", ("yes", "no"), True, 0),
        ("count", ">", (), False, 3),
    ]
