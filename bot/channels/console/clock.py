"""The clock of a terminal conversation: it can be set, and it can be moved on."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_SPAN = re.compile(r"\s*([0-9]{1,6})\s+(minute|hour|day|week|month)s?\s*", re.IGNORECASE)
_LAST_YEAR = 9000
"""Beyond this year the calendar of Python ends soon, and letters still have to reckon deadlines from it."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time as a person says it; `unit` is minute, hour, day, week or month."""

    number: int
    unit: str


def read_span(text: str) -> Span | None:
    """Read «31 days» (minutes, hours, days, weeks, months); None for anything else."""
    match = _SPAN.fullmatch(text)
    return Span(int(match[1]), match[2].lower()) if match else None


class ConsoleClock:
    """Tell the time, from `start` on.

    With a `start` (aware) the clock stands still until it is moved, so that a transcript can be repeated word for word;
    without one it is the machine's clock, in the machine's zone, plus what it was moved.
    """

    def __init__(self, start: datetime | None = None) -> None:
        if start is not None and start.tzinfo is None:
            start = start.replace(tzinfo=UTC)
        self._start = start
        self._moved = timedelta()

    def now(self) -> datetime:
        """Give the time, aware."""
        return self._base() + self._moved

    def after(self, span: Span) -> datetime:
        """Give the time after a span from now; ValueError where the calendar ends.

        Months are those of the calendar: a month after 31 January is the last day of February.
        """
        now = self.now()
        try:
            if span.unit == "month":
                months = now.year * 12 + now.month - 1 + span.number
                year, month = months // 12, months % 12 + 1
                moment = now.replace(year=year, month=month, day=min(now.day, monthrange(year, month)[1]))
            else:
                moment = now + timedelta(**{f"{span.unit}s": span.number})
        except (ValueError, OverflowError) as error:
            raise ValueError("the calendar ends before that") from error
        if moment.year > _LAST_YEAR:
            raise ValueError("the calendar ends before that")
        return moment

    def advance(self, number: int, unit: str) -> None:
        """Move the clock on, for example `advance(31, "days")`; ValueError for no such unit or beyond the calendar."""
        span = read_span(f"{number} {unit}")
        if span is None:
            raise ValueError("a whole number of minutes, hours, days, weeks or months")
        self.move_to(self.after(span))

    def move_to(self, moment: datetime) -> None:
        """Move the clock to a moment; it never goes back."""
        self._moved = max(self._moved, moment - self._base())

    def _base(self) -> datetime:
        return self._start if self._start is not None else datetime.now(UTC).astimezone()
