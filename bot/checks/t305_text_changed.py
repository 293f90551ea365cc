"""Find English texts that were changed, or moved, after they were translated."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.checks.kinds import Example, Level, Spot, teller
from bot.checks.sample import po
from bot.checks.view import View
from bot.engine.text import Text
from bot.errors import Problem

CODE = "T305"
TITLE = "A text was changed or moved after it was translated."
LEVEL: Level = "warning"
EXPLANATION = (
    "The catalogues know this place with other words, so people read English here; or they know the words at a place "
    "that is gone. Was it meant? Then run `optout-bot texts update`: it carries the translations over and marks them "
    "for a second look."
)
WHOLE = False
say = teller(CODE, LEVEL)
_HINT = "Run «optout-bot texts update», or take the change back."


def check(view: View) -> Iterator[Problem]:
    """Compare the texts of all places with what the catalogues say stands there; one finding a text."""
    for text, language, before in view.stood.changed:
        words = before.replace("\n", " ")[:60]
        yield say(view.written(text), f"this was «{words}» when it was translated ({language}).", _HINT)
    for text, place in view.stood.moved:
        yield from _moved(view, text, place)


def _moved(view: View, text: Text, before: str) -> Iterator[Problem]:
    """Name the first part of the place that is new, at its key: one finding for all texts below a renamed state."""
    for now, old in zip(text.place.split("/"), before.split("/"), strict=False):
        if now != old:
            message = f"«{now}» was «{old}» when its texts were translated."
            yield say(_key(view, view.written(text), now), message, _HINT)
            return


def _key(view: View, spot: Spot, name: str) -> Spot:
    """Give the place of the key, at this text or above it; that of the text where there is none."""
    file, line = (spot[0], spot[1]) if isinstance(spot, tuple) else (spot.file, spot.line)
    key = re.compile(rf"\s*(?:- )?(?:id: |)()['\"]?{re.escape(name)}['\"]?(?::|$)")
    for number, one in reversed(list(enumerate(view.source(file).split("\n")[:line], 1))):
        found = key.match(one)
        if found:
            return file, number, found.start(1) + 1
    return spot


_PO = "locales/de/LC_MESSAGES/messages.po"
_GOOD = po(("The one at the bridge", "Die an der Brücke"))[_PO].replace(
    '\nmsgid "The', '\n#. lamps/main/which/answers/bridge\nmsgid "The'
)
GOOD = (Example({_PO: _GOOD}),)
BAD = (
    Example({_PO: _GOOD.replace("The one at the bridge", "The one at the old bridge")}, 14),
    Example({_PO: _GOOD.replace("main/which/", "main/what/")}, 10),
)
