"""Find slots that nobody ever gives a value."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.kinds import Example, Level, teller
from bot.checks.sample import MAIN
from bot.checks.view import View
from bot.engine.model import State
from bot.errors import Problem

CODE = "D110"
TITLE = "A slot never gets a value."
LEVEL: Level = "warning"
EXPLANATION = (
    "No question saves into this slot and nothing sets it, so every condition on it fails and every fill-in "
    "of it stays empty. Ask for it, or delete it."
)
WHOLE = False
say = teller(CODE, LEVEL)


def check(view: View) -> Iterator[Problem]:
    """Look for a question or a change that fills each slot."""
    if any(one.level == "error" for one in view.compiled.problems):
        return  # it may be what could not be read
    filled: set[str | None] = set()
    open_: dict[str, list[State]] = {}
    for dialog, state in view.states():
        if state.answers and not (state.save or state.write):
            open_.setdefault(dialog.file, []).append(state)
        filled |= {state.save, state.write}
        changes = (*state.changes, *[one for answer in state.answers for one in answer.changes])
        filled |= {one.slot for one in changes if one.verb != "clear"}
    for slot in view.pack.slots.values():
        if slot.name in filled or slot.at is None:
            continue
        asked = open_.get(slot.at.file, [])
        # Where one question beside it keeps no answer, that is where the line is missing.
        if len(asked) == 1 and asked[0].at is not None:
            hint = f"Add «save: {slot.name}» to «{asked[0].name}», whose answers are kept nowhere, or delete the slot."
            yield say(asked[0].at, f"nobody ever gives «{slot.name}» a value.", hint)
        else:
            yield say(slot.at, f"nobody ever gives «{slot.name}» a value.", "Save an answer into it, or delete it.")


GOOD = (Example(),)
BAD = (
    Example({"main.yaml": MAIN.replace("    save: lamp\n", "")}, 10),
    Example({"main.yaml": MAIN.replace("states:", "  bulb:\n    type: text\n\nstates:")}, 9),
)
