"""Find slots that nobody ever gives a value."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.kinds import Example, Level, teller
from bot.checks.sample import MAIN
from bot.checks.view import View
from bot.errors import Problem

CODE = "D110"
TITLE = "A slot never gets a value."
LEVEL: Level = "warning"
EXPLANATION = (
    "No question saves into this slot and nothing sets it, so every condition on it fails and every fill-in "
    "of it stays empty. Ask for it, or delete it."
)
WHOLE = True
say = teller(CODE, LEVEL)


def check(view: View) -> Iterator[Problem]:
    """Look for a question or a change that fills each slot."""
    filled = set()
    for _, state in view.states():
        filled |= {state.save, state.write}
        changes = (*state.changes, *[one for answer in state.answers for one in answer.changes])
        filled |= {one.slot for one in changes if one.verb != "clear"}
    for slot in view.pack.slots.values():
        if slot.name not in filled and slot.at is not None:
            yield say(slot.at, f"nobody ever gives «{slot.name}» a value.", "Save an answer into it, or delete it.")


GOOD = (Example(),)
BAD = (Example({"main.yaml": MAIN.replace("    save: lamp\n", "")}, 5),)
