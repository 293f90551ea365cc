"""Find answers that are a number: numbers count the answers already."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.answers import words
from bot.checks.kinds import Example, Level, teller
from bot.checks.sample import MAIN
from bot.checks.view import View
from bot.engine.recognise import number
from bot.errors import Problem

CODE = "D214"
TITLE = "An answer is a number."
LEVEL: Level = "error"
EXPLANATION = (
    "People may type the position of an answer, so «2» means the second one and not the answer «2». Write "
    "«two lamps», or let the number be typed: `write`."
)
WHOLE = False
say = teller(CODE, LEVEL)

_LISTED = 20
"""Entries of a list that may be offered as buttons beside the fixed answers."""


def check(view: View) -> Iterator[Problem]:
    """Look at the words of all answers in every language."""
    for language in view.languages:
        for _, state in view.states():
            offered = len(state.answers) + (_LISTED if state.choose or state.pick else 0)
            for word in words(view, state, language):
                if 1 <= (number(word.shown) or 0) <= offered:
                    spot = view.translation(language, word.text)
                    if language == "en" or spot != view.translation("en", word.text):
                        yield say(spot, f"«{word.shown}» counts as a position in the list.", "Put a word beside it.")


GOOD = (Example({"main.yaml": MAIN.replace("The one at the bridge", "2 lamps at the bridge")}),)
BAD = (Example({"main.yaml": MAIN.replace("answer: The one at the bridge", 'answer: "2."')}, 14),)
