"""Write a text as the strict reader takes it: plain where that is safe, else in quotes."""

from __future__ import annotations

import re

from bot.reader import Entries, Scalar, read

_ENDS = re.compile(r"(?<!^)(?:(?<![0-9])\.|[?!:])(?= )")
"""The end of a sentence; after a digit the dot may belong to a date («27. Mai»)."""
WIDTH = 100
"""Recorded messages longer than this are cut to their first sentence and `*`."""


def quoted(text: str) -> str:
    """Write a text on one line so that it is read back as it is."""
    piece, problems = read("", f"- bot: {text}\n")
    if not problems and _value(piece) == text:
        return text
    return "'" + text.replace("'", "''") + "'"


def _value(piece: object) -> str | None:
    first = piece.values[0] if hasattr(piece, "values") and piece.values else None
    value = first.get("bot") if isinstance(first, Entries) else None
    return value.text if isinstance(value, Scalar) else None


def first_sentence(text: str) -> str:
    """Shorten a long message to its first sentence and `*`; a short one stays whole."""
    if len(text) <= WIDTH:
        return text
    found = _ENDS.search(text)
    end = found.end() if found and found.start() < WIDTH else text.rfind(" ", 0, WIDTH)
    return f"{text[:end].rstrip()}*" if end > 0 else f"{text[:WIDTH]}*"
