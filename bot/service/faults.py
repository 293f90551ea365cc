"""Named points at which a test may kill the process: `OPTOUT_FAULT=after_commit` or `after_send:3` (the third time)."""

from __future__ import annotations

import os
import sys

from bot.errors import SettingsError

POINTS = ("after_fetch", "after_step", "after_commit", "after_send", "after_mark")
_STATUS = 137
"""What a shell reports for `kill -9`."""


class FaultSetting(SettingsError):
    """Say that OPTOUT_FAULT names no point."""


class Faults:
    """Count how often each point was reached and end the process at the chosen one. Inactive unless it is set."""

    def __init__(self, setting: str = "") -> None:
        name, _, number = setting.partition(":")
        if name and (name not in POINTS or (number and not number.isdigit())):
            raise FaultSetting(
                f"OPTOUT_FAULT is «{setting}»; it can be {', '.join(POINTS)}, with «:N» for the N-th time."
            )
        self.point = name
        self.left = int(number or 1)

    def reached(self, point: str) -> None:
        """Die here when this is the point and the time."""
        if point != self.point:
            return
        self.left -= 1
        if self.left <= 0:
            sys.stderr.flush()
            os._exit(_STATUS)
