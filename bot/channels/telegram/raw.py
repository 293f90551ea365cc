"""Look into JSON whose every value may be of any type: a wrong type is a missing value. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

_NOTHING: Mapping[str, Any] = {}
_MOST = 2**63 - 1


def mapping(raw: object, name: str) -> Mapping[str, Any]:
    """Give the object under a name, an empty one where there is none."""
    value = raw.get(name) if isinstance(raw, Mapping) else None
    return value if isinstance(value, Mapping) else _NOTHING


def number(raw: object, name: str) -> int | None:
    """Give the whole number (64 bits) under a name."""
    value = raw.get(name) if isinstance(raw, Mapping) else None
    if isinstance(value, bool) or not isinstance(value, int) or not -_MOST <= value <= _MOST:
        return None
    return value


def text(raw: object, name: str) -> str:
    """Give the text under a name, without halves of characters; an empty one where there is none."""
    value = raw.get(name) if isinstance(raw, Mapping) else None
    return whole(value) if isinstance(value, str) else ""


def flag(raw: object, name: str) -> bool:
    """Tell whether the value under a name is `true`."""
    return isinstance(raw, Mapping) and raw.get(name) is True


def several(raw: object, name: str) -> Sequence[Any]:
    """Give the list under a name, an empty one where there is none."""
    value = raw.get(name) if isinstance(raw, Mapping) else None
    return value if isinstance(value, list) else ()


def whole(value: str) -> str:
    """Replace halves of characters, which no encoder takes."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return value.encode("utf-8", "replace").decode()
    return value
