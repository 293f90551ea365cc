"""Find answers of one question that are a slip of the pen apart, in any language."""

from __future__ import annotations

from collections.abc import Iterator

from rapidfuzz.distance import OSA

from bot.checks.answers import together, words
from bot.checks.kinds import Example, Level, teller
from bot.checks.sample import MAIN
from bot.checks.view import View
from bot.engine import limits
from bot.errors import Problem

CODE = "D212"
TITLE = "Two answers are a slip of the pen apart."
LEVEL: Level = "warning"
EXPLANATION = (
    f"Their words differ in {limits.NEAR} letters or fewer, so a typing error cannot be told from the other "
    "answer; the bot asks back every time. Use words that look different."
)
WHOLE = True
say = teller(CODE, LEVEL)


def check(view: View) -> Iterator[Problem]:
    """Compare the labels of all answers that can be offered together."""
    for language in view.languages:
        for _, state in view.states():
            labels = [one for one in words(view, state, language) if one.label and len(one.read) >= limits.FUZZY_FROM]
            for number, one in enumerate(labels):
                for other in labels[:number]:
                    distance = OSA.distance(one.read, other.read, score_cutoff=limits.NEAR)
                    if not 0 < distance <= limits.NEAR or one.id == other.id or not together(view, one, other):
                        continue
                    spot = view.translation(language, one.text)
                    if language == "en" or spot != view.translation("en", one.text):
                        message = f"«{one.shown}» and «{other.shown}» are hard to tell apart."
                        yield say(spot, message, "Use words that look different.")


GOOD = (Example(),)
BAD = (Example({"main.yaml": MAIN.replace("The one at the station", "The one at the ridge")}, 16),)
