"""Find reminders that are taken away and never set."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.kinds import Example, Level, teller
from bot.checks.sample import dialog
from bot.checks.view import View
from bot.errors import Problem
from bot.reader import nearest

CODE = "D114"
TITLE = "A reminder is taken away that nobody sets."
LEVEL: Level = "error"
EXPLANATION = "No `remind` has this name, so the reminder that was meant would still come. Correct the name."
WHOLE = False
say = teller(CODE, LEVEL)


def check(view: View) -> Iterator[Problem]:
    """Compare the names under `forget reminder` with those under `remind`."""
    names = {state.remind.name for _, state in view.states() if state.remind}
    for _, state in view.states():
        name = state.forget_reminder
        if name and name not in names and state.at is not None:
            yield say(state.at, f"no reminder is called «{name}».", nearest(name, names) or "Nothing sets a reminder.")


_STATES = (
    "  which:\n    say: I remind you.\n    remind:\n      name: soon\n      in: 2 days\n      do: help\n    next: out\n"
    "\n  out:\n    say: No, I do not.\n    forget reminder: {}\n    end: done\n"
)
GOOD = (Example({"main.yaml": dialog(_STATES.format("soon"))}),)
BAD = (Example({"main.yaml": dialog(_STATES.format("sooon"))}, 13),)
