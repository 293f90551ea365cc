"""Typed answers that a person writes: each type has a small grammar of its own, and says what it wanted."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType

from bot.engine import limits
from bot.engine.effects import Value
from bot.engine.model import Slot
from bot.engine.recognise import normalise, number

_CONTROL = {"Cc", "Cf", "Cs", "Co", "Cn"}
_KEEP = {"\n", "\u200c", "\u200d"}
"""Line breaks, and the joiners without which Persian words and family emoji fall apart."""
_DATE = re.compile(r"(\d{4})\D{1,3}(\d{1,2})\D{1,3}(\d{1,2})|(\d{1,2})[./\- ]+(\d{1,2})[./\- ]+(\d{4})")
"""The year first (2026-12-24, 2026年12月24日), or the day first (24.12.2026)."""
_CLOCK = re.compile(r"\b\d{1,2}(?::\d{2}){1,2}\b(?: ?[+-]\d{4}\b)?")
"""A time of day, as the head of a letter has it beside the date (10:30:00 +0100)."""


NO_MONTHS: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Refused:
    """Say by the name of a phrase why a typed answer was not taken; `extra` fills that phrase."""

    phrase: str
    extra: Mapping[str, Value] = field(default_factory=dict)


def clean(text: str) -> str:
    """Take control characters, lone surrogates and text-direction tricks out of what a person typed."""
    if text.isascii() and text.isprintable():
        return text.strip()
    kept = [c for c in text.replace("\r\n", "\n") if c in _KEEP or unicodedata.category(c) not in _CONTROL]
    return "".join(kept).strip()


def read(slot: Slot, text: str, today: date, months: Mapping[str, int] = NO_MONTHS) -> Value | Refused:
    """Read a typed answer for a slot, or say what was wanted instead; `months` are the names that a date may have."""
    if slot.type == "number":
        return _number(slot, text)
    if slot.type == "date":
        return _date(slot, text, today, months)
    longest = slot.maximum or (limits.NAME_KEPT if slot.type == "name" else limits.TEXT_KEPT)
    words = clean(text)
    if slot.type == "name":
        words = " ".join(words.split())
    if not any(char.isalnum() for char in words):
        return Refused("not_understood")
    if len(words) > longest:
        return Refused("too_long", {"limit": longest, "length": len(words)})
    return words


def _number(slot: Slot, text: str) -> Value | Refused:
    value = number(text)
    if value is None:
        return Refused("number_wanted")
    low, high = slot.minimum, slot.maximum
    if (low is not None and value < low) or (high is not None and value > high):
        return Refused(
            "number_range", {"from": low if low is not None else 0, "to": high if high is not None else 10**9}
        )
    return value


def _date(slot: Slot, text: str, today: date, months: Mapping[str, int]) -> Value | Refused:
    digits = _CLOCK.sub(" ", "".join(str(unicodedata.decimal(c, c)) for c in clean(text)[:40]))
    words = normalise(digits).split()
    if not months.keys().isdisjoint(words):
        parts = _with_a_name(words, months)
    else:
        match = _DATE.search(digits)
        parts = [one for one in match.groups() if one] if match else []
        parts = parts if match and match[1] else parts[::-1]
    try:
        value = date(*map(int, parts))
    except (ValueError, TypeError):
        return Refused("date_wanted")
    earliest, latest = _bound(slot.earliest, today), _bound(slot.latest, today)
    if (earliest and value < earliest) or (latest and value > latest):
        low, high = earliest or date.min, latest or today + timedelta(days=36500)
        return Refused("date_range", {"from": low.isoformat(), "to": high.isoformat()})
    return value.isoformat()


def _with_a_name(words: Sequence[str], months: Mapping[str, int]) -> list[str]:
    """Find year, month and day where the month is a word, in any order («24 December 2026»); else nothing."""
    named = {months[word] for word in words if word in months}
    numbers = re.findall(r"\d+", " ".join([word for word in words if word not in months]))
    days, years = [[one for one in numbers if len(one) in sizes] for sizes in ((1, 2), (4,))]
    if len(named) != 1 or len(days) != 1 or len(years) != 1:
        return []
    return [years[0], str(named.pop()), days[0]]


def _bound(text: str | None, today: date) -> date | None:
    if text is None:
        return None
    return today if text == "today" else date.fromisoformat(text)
