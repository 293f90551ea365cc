"""A bucket per conversation: short bursts pass, a flood is answered once and then met with silence."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime
from typing import Literal

BURST = 10
"""Messages in a row that pass at once; somebody correcting themselves needs five."""
PER_SECOND = 1.0
"""Messages a second that pass for long; nobody reads faster."""
_REMEMBERED = 10_000
"""Conversations remembered at once, so that memory stays bounded however many write (A01)."""


class Floods:
    """Judge events by the time they were written, not read: a backlog after an outage is no flood."""

    def __init__(self, burst: int = BURST, per_second: float = PER_SECOND) -> None:
        self.burst = burst
        self.per_second = per_second
        self._buckets: OrderedDict[str, tuple[float, datetime, bool]] = OrderedDict()

    def judge(self, key: str, at: datetime) -> Literal["take", "tell", "drop"]:
        """Say whether to take an event, to tell the person once that it is too much, or to drop it."""
        left, before, told = self._buckets.pop(key, (float(self.burst), at, False))
        left = min(float(self.burst), left + max(0.0, (at - before).total_seconds()) * self.per_second)
        verdict: Literal["take", "tell", "drop"]
        if left >= 1.0:
            left, told, verdict = left - 1.0, told and left < self.burst, "take"
        else:
            told, verdict = True, "drop" if told else "tell"
        self._buckets[key] = (left, max(at, before), told)
        if len(self._buckets) > _REMEMBERED:
            self._buckets.popitem(last=False)
        return verdict
