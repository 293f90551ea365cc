"""Write times as whole milliseconds since 1970, UTC: sorts, fits 64 bits and means the same in every database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def to_ms(moment: datetime) -> int:
    """Turn an aware time into milliseconds."""
    return (moment - _EPOCH) // _MILLISECOND


def from_ms(milliseconds: int) -> datetime:
    """Turn milliseconds into a time in UTC."""
    return _EPOCH + milliseconds * _MILLISECOND


def maybe_ms(moment: datetime | None) -> int | None:
    """Turn a time into milliseconds, if there is one."""
    return None if moment is None else to_ms(moment)


def maybe_from_ms(milliseconds: int | None) -> datetime | None:
    """Turn milliseconds into a time, if there are any."""
    return None if milliseconds is None else from_ms(milliseconds)
