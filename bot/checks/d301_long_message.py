"""Find messages that are too long: for the network, and for a reader."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.kinds import Example, Level, teller
from bot.checks.sample import MAIN
from bot.checks.sizes import filled, forms
from bot.checks.view import View
from bot.errors import Problem

NETWORK = 4096
"""Telegram takes no longer message; it counts UTF-16 units. A Matrix event may have 65,536 bytes, which is more."""
MOST = 600

CODE = "D301"
TITLE = "A message is too long."
LEVEL: Level = "error"
EXPLANATION = (
    f"Telegram takes at most {NETWORK} characters in one message, fill-ins included. Longer than {MOST} is a "
    "warning: on a phone it fills the screen, and people stop reading. Make several messages of it, or move "
    "details behind «tell me more»."
)
WHOLE = False
say = teller(CODE, LEVEL)


def check(view: View) -> Iterator[Problem]:
    """Count every message in every language, as long as its fill-ins may make it."""
    for language in view.languages:
        for index, form, words in forms(view, language):
            one = view.every[index]
            if one.role not in {"say", "phrase", "fact", "letter"} or len(words) < MOST // 2:
                continue
            length = filled(view, words)
            if length > MOST:
                spot = view.spot(one.scalar, 0) if language == "en" else view.translation(language, one.text, form)
                limit, level = (NETWORK, "error") if length > NETWORK else (MOST, "warning")
                message = f"this message may have {length:,} characters; at most {limit:,} are good."
                yield say(spot, message, "Make several messages of it.", level)


GOOD = (Example({"main.yaml": MAIN.replace("Thank you.", "Thank you. " * 20)}),)
BAD = (
    Example({"main.yaml": MAIN.replace("Thank you.", "Thank you. " * 60)}, 21),
    Example({"main.yaml": MAIN.replace("Thank you.", "Thank you. " * 400)}, 21),
)
