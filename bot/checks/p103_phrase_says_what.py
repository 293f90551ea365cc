"""Find phrases that leave out what they are about."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.kinds import Example, Level, teller
from bot.checks.markup import names_in
from bot.checks.sample import PACK
from bot.checks.view import View
from bot.errors import Problem

NEEDED = {"did_you_mean_one": "candidate", "too_long": "limit", "foreign_command": "command"}

CODE = "P103"
TITLE = "A phrase does not say what it is about."
LEVEL: Level = "error"
EXPLANATION = (
    "«Did you mean …?» without the guess, «too long» without how much is allowed: the person cannot act on it. Put the "
    "fill-in into the phrase."
)
WHOLE = False
say = teller(CODE, LEVEL)


def check(view: View) -> Iterator[Problem]:
    """Look for the fill-in that a phrase lives by."""
    for one in view.texts:
        needed = NEEDED.get(one.text.place.rpartition("/")[2]) if one.role == "phrase" else None
        if needed and needed not in names_in(one.source):
            yield say(one.scalar, f"this phrase lacks {{{needed}}}.", f"Say {{{needed}}} in it.")


GOOD = (Example(),)
BAD = (Example({"pack.yaml": PACK.replace("Did you mean {candidate}?", "Did you mean this?")}, 28, "pack.yaml"),)
