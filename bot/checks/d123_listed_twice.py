"""Find what a list of the facts names twice."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.kinds import Example, Level, teller
from bot.checks.view import View
from bot.errors import Problem
from bot.reader import Entries, Items, Piece, Scalar, read

CODE = "D123"
TITLE = "A list of the facts names something twice."
LEVEL: Level = "warning"
EXPLANATION = (
    "A line was copied, or two lists were put together. Nothing breaks, but whoever corrects one of the two will "
    "believe that all is done."
)
WHOLE = False
say = teller(CODE, LEVEL)


def check(view: View) -> Iterator[Problem]:
    """Look at every list of words or names."""
    for path, text in view.files.items():
        if path.startswith("facts/"):
            yield from _twice(read(view.prefix + path, text, flow=True)[0])


def _twice(piece: Piece | None) -> Iterator[Problem]:
    if isinstance(piece, Entries):
        for _, value in piece:
            yield from _twice(value)
    elif isinstance(piece, Items):
        seen: set[str] = set()
        for value in piece.values:
            if not isinstance(value, Scalar):
                yield from _twice(value)
            elif value.text in seen:
                yield say(value, f"«{value.text[:40]}» is in this list already.", "Delete one.")
            else:
                seen.add(value.text)


def _words(words: str) -> dict[str, str]:
    return {"facts/territories.yaml": f"territories:\n  FI:\n    words:\n      en: {words}\n"}


GOOD = (Example(_words("[Finland, Åland]")),)
BAD = (
    Example(_words("[Finland, Finland]"), 4, "facts/territories.yaml"),
    Example(_words("\n        - Finland\n        - Åland\n        - Finland"), 7, "facts/territories.yaml"),
)
