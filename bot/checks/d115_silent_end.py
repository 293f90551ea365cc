"""Find ends of the whole conversation that say nothing."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.kinds import Example, Level, teller
from bot.checks.sample import MAIN
from bot.checks.view import View
from bot.errors import Problem

CODE = "D115"
TITLE = "The conversation ends without a word."
LEVEL: Level = "warning"
EXPLANATION = (
    "At the end of the first dialog nothing follows. Say that it is over, and what the person can still do; silence "
    "looks like a failure."
)
WHOLE = False
say = teller(CODE, LEVEL)


def check(view: View) -> Iterator[Problem]:
    """Look at the ends of the start dialog, and at every end that forgets."""
    for found, state in view.states():
        last = found.name == view.pack.start or state.end == "forget"
        if last and state.kind == "end" and not state.items and state.at is not None:
            yield say(state.at, f"«{state.name}» ends the conversation without a word.", "Add a «say».")


GOOD = (Example(),)
BAD = (Example({"main.yaml": MAIN.replace("    say: Thank you. I send somebody to the lamp {lamp}.\n", "")}, 20),)
