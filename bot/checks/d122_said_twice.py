"""Find messages that one state says twice."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.kinds import Example, Level, teller
from bot.checks.sample import MAIN
from bot.checks.view import View
from bot.engine.text import Text
from bot.errors import Problem

CODE = "D122"
TITLE = "A state says the same twice."
LEVEL: Level = "warning"
EXPLANATION = (
    "The person reads the same words twice. A line was copied, or a condition was forgotten: two messages with the "
    "same words need conditions that never hold together."
)
WHOLE = False
say = teller(CODE, LEVEL)


def check(view: View) -> Iterator[Problem]:
    """Compare the messages of each state that are said always, or under the same condition."""
    for _, state in view.states():
        said: dict[str, set[str]] = {}
        for item in state.items:
            words = f"{item.form} {item.body.msgid}" if isinstance(item.body, Text) else f"{item.form} {item.body}"
            when = item.when.source if item.when else ""
            before = said.setdefault(words, set())
            if before and (not when or before & {"", when}):
                place = view.written(item.body) if isinstance(item.body, Text) else item.at or state.at
                if place is not None:
                    yield say(place, "this state says that already.", "Delete one, or give each a «when».")
            before.add(when)


def _says(*lines: str) -> dict[str, str]:
    listed = "".join(f"\n      - {line}" for line in (*lines, "Which lamp is broken?"))
    return {"main.yaml": MAIN.replace(" Which lamp is broken?", listed)}


GOOD = (
    Example(_says("Hello.", "I mend lamps.")),
    Example(_says("text: Hello.\n        when: right is yes", "text: Hello.\n        when: right is no")),
)
BAD = (
    Example(_says("Hello.", "Hello."), 13),
    Example(_says("Which lamp is broken?"), 13),
    Example(_says("Hello.", "text: Hello.\n        when: right is yes"), 13),
    Example(_says("text: Hello.\n        when: right is yes", "Hello."), 14),
)
