"""Typed answers: each with its own grammar."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.engine.machine import build, fire
from bot.engine.model import Dialog, Slot, State, Target
from bot.engine.validate import Refused, clean, read

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a\u202eb", "ab"), ("x\x00y", "xy"), ("\ud800z", "z"), ("a\r\nb", "a\nb"), ("  a ", "a"),
     ("👩\u200d👩", "👩\u200d👩"),
     ("می\u200cخواهم", "می\u200cخواهم")],
)  # fmt: skip
def test_U01_what_is_typed_is_cleaned(text: Any, expected: Any) -> None:
    assert clean(text) == expected


def test_a_text_without_a_letter_or_digit_is_none() -> None:
    assert read(Slot("s", "text"), "?!… 🦄", TODAY) == Refused("not_understood")


def test_a_number_with_one_bound_only() -> None:
    assert read(Slot("s", "number", minimum=3), "5", TODAY) == 5
    refused = read(Slot("s", "number", maximum=3), "5", TODAY)
    assert isinstance(refused, Refused)
    assert refused.extra == {"from": 0, "to": 3}


def test_dates_have_bounds_that_are_told() -> None:
    slot = Slot("s", "date", earliest="2024-01-01")
    assert read(slot, "١/٢/٢٠٢٥", TODAY) == "2025-02-01"
    refused = read(slot, "1.1.1999", TODAY)
    assert isinstance(refused, Refused)
    assert refused.extra["from"] == "2024-01-01"


@pytest.mark.parametrize(
    "text",
    ["24 December 2026", "december 24th, 2026", "on the 24. Dec. 2026", "24. Dezember 2026", "24 DÉC 2026",
     "2026年12月24日", "2026/12/24", "24-12-2026", "Thu, 24 Dec 2026 10:30:00 +0100", "24 December 2026, 9:15",
     "24.12.2026 10:30"],
)  # fmt: skip
def test_dates_are_understood_as_people_write_them(text: str) -> None:
    months = {"december": 12, "dec": 12, "dezember": 12, "may": 5}
    assert read(Slot("s", "date"), text, TODAY, months) == "2026-12-24"


@pytest.mark.parametrize("text", ["24 December", "December 2026", "31 May 2026 or 1 May 2026", "31 dec may 2026", "x",
                                  "24 December 2026, 9-10"])  # fmt: skip
def test_half_a_date_is_none(text: str) -> None:
    assert read(Slot("s", "date"), text, TODAY, {"december": 12, "dec": 12, "may": 5}) == Refused("date_wanted")


def test_a_machine_without_a_transition_says_so() -> Any:
    dialog = Dialog("d", "a", {"a": State("a", "say", next=Target("b")), "b": State("b", "end", end="done")})
    machine = build(dialog)

    class Light:
        state = "b"
        answer = ""
        jump: Target | None = None

        def lookup(self, name: str, /) -> None:
            return None

    assert not fire(machine, "next", Light())
    assert not fire(machine, "answer", Light())
