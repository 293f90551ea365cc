"""Reckon days: when an answer is due.

The rule: the clock starts on the day of the event. A month later is the same day of the next month, or its last day
where that day does not exist (31 January + 1 month = 28 or 29 February). Days and weeks are counted plainly. Weekends
and holidays do not move a day, because no source in the facts says so.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from bot.facts.fields import Unit
from bot.facts.rules import Deadline


def later(start: date, number: int, unit: Unit) -> date | None:
    """Count `number` days, weeks or months from `start`; None beyond the last day there is."""
    try:
        if unit == "months":
            months = start.month - 1 + number
            year, month = start.year + months // 12, months % 12 + 1
            return date(year, month, min(start.day, monthrange(year, month)[1]))
        return start + timedelta(days=number * (7 if unit == "weeks" else 1))
    except (ValueError, OverflowError):
        return None


def usable(deadline: Deadline | None) -> bool:
    """Say whether a day may be reckoned: only from a time limit of medium or high confidence."""
    return deadline is not None and deadline.confidence != "low"


def due(deadline: Deadline | None, sent_on: str | None, extended: bool = False) -> date | None:
    """Give the last day for the answer to what was sent on `sent_on` (ISO text), if it may be reckoned.

    A form arrives on the day it is sent, so `sent` and `received` are the same day. `extended` counts the extension
    on top (one month, and two more); None when there is none.
    """
    if deadline is None or not usable(deadline) or not isinstance(sent_on, str):
        return None
    try:
        start = date.fromisoformat(sent_on)
    except ValueError:
        return None
    if not extended:
        return later(start, deadline.number, deadline.unit)
    more = deadline.extension
    if more is None:
        return None
    if more.unit == deadline.unit:
        return later(start, deadline.number + more.number, more.unit)
    first = later(start, deadline.number, deadline.unit)
    return later(first, more.number, more.unit) if first else None
