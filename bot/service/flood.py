"""A bucket per conversation: short bursts pass, a flood is answered once and then met with silence."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime
from typing import Literal

BURST = 10
"""Messages in a row that pass at once; somebody correcting themselves needs five."""
PER_SECOND = 1.0
"""Messages a second that pass for long; nobody reads faster."""
BACKLOG = 1000
"""Messages taken at once however long ago they say they were written: a homeserver may date them as it likes."""
_REMEMBERED = 10_000
"""Conversations remembered at once, so that memory stays bounded however many write (A01)."""


class Floods:
    """Judge events by the time they were written, not read: a backlog after an outage is no flood.

    Where that time comes from strangers it bounds nothing by itself, so what was received is counted too, with an
    allowance that only an honest backlog fits into.
    """

    def __init__(self, burst: int = BURST, per_second: float = PER_SECOND, backlog: int = BACKLOG) -> None:
        self.burst = burst
        self.per_second = per_second
        self.backlog = backlog
        self._buckets: OrderedDict[str, tuple[float, datetime, bool]] = OrderedDict()
        self._received: OrderedDict[str, tuple[float, datetime]] = OrderedDict()

    def judge(self, key: str, at: datetime, received: datetime | None = None) -> Literal["take", "tell", "drop"]:
        """Say whether to take an event, to tell the person once that it is too much, or to drop it."""
        left, before, told = self._buckets.pop(key, (float(self.burst), at, False))
        left = min(float(self.burst), left + max(0.0, (at - before).total_seconds()) * self.per_second)
        spare = self._spare(key, received)
        verdict: Literal["take", "tell", "drop"]
        if left >= 1.0 and spare >= 1.0:
            calm = left >= self.burst and spare >= self.burst
            left, spare, told, verdict = left - 1.0, spare - 1.0, told and not calm, "take"
        else:
            told, verdict = True, "drop" if told else "tell"
        self._buckets[key] = (left, max(at, before), told)
        if received is not None:
            self._received[key] = (spare, received)
        for remembered in (self._buckets, self._received):
            if len(remembered) > _REMEMBERED:
                remembered.popitem(last=False)
        return verdict

    def _spare(self, key: str, received: datetime | None) -> float:
        if received is None:
            return float(self.backlog)
        spare, before = self._received.pop(key, (float(self.backlog), received))
        return min(float(self.backlog), spare + max(0.0, (received - before).total_seconds()) * self.per_second)
