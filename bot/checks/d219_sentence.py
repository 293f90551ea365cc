"""Find messages that break off, or begin in the middle."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.checks.kinds import Example, Level, teller
from bot.checks.sample import MAIN
from bot.checks.view import View
from bot.errors import Problem

CODE = "D219"
TITLE = "A message is not a whole sentence."
LEVEL: Level = "warning"
EXPLANATION = (
    "It begins with a small letter or ends without a full stop, question mark or colon, as if a part were "
    "lost. Where the end of a line got lost in the file, look for quotes or « #»."
)
WHOLE = False
say = teller(CODE, LEVEL)

_END = re.compile(r"[.?!…:;][\"'”’»)\]*`]*$|[)\]}`*]$|[^\w\s,–-]$")
_SHORT = 25


def check(view: View) -> Iterator[Problem]:
    """Look at the beginning and the end of what is said."""
    for one in view.every:
        if one.role not in {"say", "phrase", "fact"} or len(one.source) < _SHORT:
            continue
        if one.source[0].islower():
            yield say(view.spot(one.scalar, 0), "this begins with a small letter.", "Is something missing before it?")
        paragraphs = [part for part in re.split(r"\n\s*\n", one.source) if part.strip()]
        last = paragraphs[-1].rstrip().rpartition("\n")[2].strip()
        if not _END.search(last) and not last.startswith("- "):
            spot = view.spot(one.scalar, len(one.source.rstrip()) - 1)
            yield say(spot, "this ends without a full stop or question mark.", "Is something missing after it?")


GOOD = (Example({"main.yaml": MAIN.replace("Which lamp is broken?", "'Which lamp is broken? For example:'")}),)
BAD = (
    Example({"main.yaml": MAIN.replace("Which lamp is broken?", "Which of all these lamps is broken")}, 11),
    Example({"main.yaml": MAIN.replace("Which lamp is broken?", "lamps are broken. Which of them is yours?")}, 11),
)
