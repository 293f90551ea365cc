"""Hold a SIGHUP that comes too early: it asks for new content, and would end a bot that starts or stops."""

from __future__ import annotations

import signal
from types import FrameType

SIGHUP: int | None = getattr(signal, "SIGHUP", None)
"""None where there is no such signal (Windows)."""
_came: list[int] = []


def hold() -> None:
    """Let the signal wait from now on, until the bot follows its content."""
    if SIGHUP is not None:
        signal.signal(SIGHUP, _note)


def came() -> bool:
    """Say whether it came meanwhile: what was read then may be old already."""
    return bool(_came)


def _note(number: int, frame: FrameType | None) -> None:
    _came.append(number)
