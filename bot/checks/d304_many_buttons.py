"""Find questions with more buttons than a network takes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from bot.checks.kinds import Example, Level, teller
from bot.checks.sample import dialog
from bot.checks.view import View
from bot.engine.providers import Scope
from bot.errors import Problem

MOST = 100
_NOW = datetime(2026, 1, 1, tzinfo=UTC)

CODE = "D304"
TITLE = "A question has more buttons than Telegram takes."
LEVEL: Level = "error"
EXPLANATION = (
    f"Telegram takes at most {MOST} buttons under a message. A long list offers the likely entries as buttons and "
    "understands the others when they are typed."
)
WHOLE = False
say = teller(CODE, LEVEL)


def check(view: View) -> Iterator[Problem]:
    """Count what a list offers to somebody who has answered nothing yet, with the fixed answers."""
    for _, state in view.states():
        provider = view.registry.lists.get(state.choose or state.pick or "")
        offered = len(state.answers) + (state.done is not None)
        if provider is not None:
            offered += len((provider.shown or provider.ids)(Scope({}, _NOW)))
        if offered > MOST and state.at is not None:
            yield say(
                state.at, f"«{state.name}» offers {offered} buttons; at most {MOST} fit.", "Show the likely ones."
            )


_SLOTS = "  lamp:\n    type: choice\n    from: {0}\n    about: The lamp\n"
_ASK = (
    "  which:\n    say: Which?\n    choose: {0}\n    save: lamp\n    next: out\n\n"
    "  out:\n    say: So {{lamp}}.\n    end: done\n"
)


def _asking(name: str) -> dict[str, str]:
    return {"main.yaml": dialog(_ASK.format(name), _SLOTS.format(name))}


GOOD = (Example(_asking("colours")),)
BAD = (Example(_asking("every_lamp"), 11),)
