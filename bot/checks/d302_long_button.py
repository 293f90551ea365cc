"""Find buttons with more words than fit on them."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.kinds import Example, Level, teller
from bot.checks.sample import MAIN, po
from bot.checks.sizes import units
from bot.checks.view import View
from bot.errors import Problem

MOST = 64

CODE = "D302"
TITLE = "The words of a button are too long."
LEVEL: Level = "warning"
EXPLANATION = (
    f"A phone cuts a button after about 34 characters; beyond {MOST} nobody knows what it says. Say the essence on the "
    "button and the rest in the question."
)
WHOLE = False
say = teller(CODE, LEVEL)


def check(view: View) -> Iterator[Problem]:
    """Count the words of every button in every language."""
    for one in view.texts:
        if one.role != "answer":
            continue
        for language in view.languages:
            if language != "en" and not view.catalogues.translated(language, one.text):
                continue
            words = view.catalogues.plain(language, one.text)
            if units(words) > MOST:
                spot = view.spot(one.scalar, 0) if language == "en" else view.translation(language, one.text)
                yield say(
                    spot, f"this button has {units(words)} characters; at most {MOST} are good.", "Say less on it."
                )


_LONG = "The one at the very old bridge over the river, on the left when you come from the station"
GOOD = (Example(),)
BAD = (
    Example({"main.yaml": MAIN.replace("The one at the bridge", _LONG)}, 14),
    Example(
        po(("The one at the bridge", "Die Lampe " + "an der Brücke " * 5)), 6, "locales/de/LC_MESSAGES/messages.po"
    ),
)
