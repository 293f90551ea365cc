"""Find buttons that have no word on them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from bot.checks.kinds import Example, Level, teller
from bot.checks.sample import MAIN, po
from bot.checks.view import View
from bot.engine.recognise import normalise
from bot.errors import Problem

CODE = "D208"
TITLE = "A button has no word on it."
LEVEL: Level = "error"
EXPLANATION = (
    "An emoji or a sign alone cannot be typed, is read aloud differently by every screen reader, and means "
    "something else to everybody. Put a word beside it."
)
WHOLE = False
say = teller(CODE, LEVEL)


def check(view: View) -> Iterator[Problem]:
    """Look for letters on every button, in every language."""
    for one in view.texts:
        if one.role != "answer":
            continue
        for language in view.languages:
            words = view.catalogues.text(language, one.text)
            if not normalise(words) or not any(unicodedata.category(char)[0] in "LN" for char in words):
                spot = view.translation(language, one.text)
                yield say(spot, f"the button «{words[:20]}» has no word on it.", "Put a word beside the sign.")


GOOD = (Example({"main.yaml": MAIN.replace("The one at the bridge", "🌉 The one at the bridge")}),)
BAD = (
    Example({"main.yaml": MAIN.replace("answer: The one at the bridge", 'answer: "🌉"')}, 14),
    Example(po(("The one at the bridge", "👍")), 6, "locales/de/LC_MESSAGES/messages.po"),
)
