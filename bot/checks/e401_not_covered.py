"""Find states that no example conversation comes to."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.kinds import Example, Level, teller
from bot.checks.view import View
from bot.errors import Problem

CODE = "E401"
TITLE = "No example conversation comes here."
LEVEL: Level = "warning"
EXPLANATION = (
    "Examples are the tests: what none of them reaches may break without anybody noticing. "
    "`optout-bot test --coverage` names the shortest way there; `optout-bot record` writes an example while you talk."
)
WHOLE = True
say = teller(CODE, LEVEL)


def check(view: View) -> Iterator[Problem]:
    """Compare the states with those that the examples reach, where somebody counted."""
    if view.played is None:
        return
    for found, state in view.states():
        if f"{found.name}/{state.name}" not in view.played.reached and state.at is not None:
            yield say(state.at, f"no example comes to «{found.name}/{state.name}».", "Add one under examples/.")


_ALL = frozenset({"main/which", "main/thanks", "help/say", "forget/gone"})
GOOD = (Example(covered=_ALL), Example())
BAD = (Example({}, 20, covered=_ALL - {"main/thanks"}),)
