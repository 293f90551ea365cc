"""Typed answers that a person writes: each type has a small grammar of its own, and says what it wanted."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from bot.engine import limits
from bot.engine.effects import Value
from bot.engine.model import Slot
from bot.engine.recognise import number

_CONTROL = {"Cc", "Cf", "Cs", "Co", "Cn"}
_KEEP = {"\n", "\u200c", "\u200d"}
"""Line breaks, and the joiners without which Persian words and family emoji fall apart."""
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[./\- ]+(\d{1,2})[./\- ]+(\d{4})")


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


def read(slot: Slot, text: str, today: date) -> Value | Refused:
    """Read a typed answer for a slot, or say what was wanted instead."""
    if slot.type == "number":
        return _number(slot, text)
    if slot.type == "date":
        return _date(slot, text, today)
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


def _date(slot: Slot, text: str, today: date) -> Value | Refused:
    digits = "".join(str(unicodedata.decimal(c, c)) for c in clean(text)[:40])
    match = _DATE.search(digits)
    if match is None:
        return Refused("date_wanted")
    year, month, day, day2, month2, year2 = match.groups()
    try:
        value = date(int(year), int(month), int(day)) if year else date(int(year2), int(month2), int(day2))
    except ValueError:
        return Refused("date_wanted")
    earliest, latest = _bound(slot.earliest, today), _bound(slot.latest, today)
    if (earliest and value < earliest) or (latest and value > latest):
        low, high = earliest or date.min, latest or today + timedelta(days=36500)
        return Refused("date_range", {"from": low.isoformat(), "to": high.isoformat()})
    return value.isoformat()


def _bound(text: str | None, today: date) -> date | None:
    if text is None:
        return None
    return today if text == "today" else date.fromisoformat(text)
