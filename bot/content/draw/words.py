"""The words on a picture: without markup, short, on a few lines."""

from __future__ import annotations

import re
import textwrap

_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_MARKS = re.compile(r"\*\*|`")
_SPACE = re.compile(r"\s+")


def plain(msgid: str) -> str:
    """Give a text of a dialog without its markup, on one line; `{name}` stays."""
    text = _MARKS.sub("", _LINK.sub(r"\1", msgid)).replace("{{", "{").replace("}}", "}")
    return _SPACE.sub(" ", text).strip()


def shorten(text: str, length: int) -> str:
    """Cut a text at a word so that it has at most `length` characters, with «…» where something is missing."""
    if len(text) <= length:
        return text
    cut = text[: length - 1]
    space = cut.rfind(" ")
    return f"{(cut[:space] if space > length // 2 else cut).rstrip(' ,.;:–-')}…"


def lines(text: str, width: int, most: int) -> tuple[str, ...]:
    """Break a text into at most `most` lines of `width` characters, with «…» where something is missing."""
    return tuple(textwrap.wrap(text, width, break_on_hyphens=False, max_lines=most, placeholder="…"))
