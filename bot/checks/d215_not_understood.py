"""Find questions without choices that do not say what they could not read."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.kinds import Example, Level, teller
from bot.checks.sample import dialog
from bot.checks.view import View
from bot.errors import Problem

CODE = "D215"
TITLE = "A typed answer has no word for what is not understood."
LEVEL: Level = "warning"
EXPLANATION = (
    "Who is asked to type a number or a date and is not understood needs an example of a right answer; the "
    "general phrase speaks of choosing one of the answers. Add `not_understood`."
)
WHOLE = False
say = teller(CODE, LEVEL)


def check(view: View) -> Iterator[Problem]:
    """Look at questions that take a number or a date and have no answers to choose from."""
    for _, state in view.states():
        slot = view.pack.slots.get(state.write or "")
        if slot is None or slot.type not in {"number", "date"} or state.answers or state.at is None:
            continue
        if state.not_understood is None:
            hint = "Add «not_understood: …» with an example."
            yield say(state.at, f"«{state.name}» does not say what a right answer looks like.", hint)


_SLOTS = "  count:\n    type: number\n    about: How many lamps\n"
_ASK = (
    "  which:\n    say: How many lamps?\n{}    write: count\n    next: out\n\n"
    "  out:\n    say: So {{count}}.\n    end: done\n"
)
GOOD = (Example({"main.yaml": dialog(_ASK.format("    not_understood: Please write a number.\n"), _SLOTS)}),)
BAD = (Example({"main.yaml": dialog(_ASK.format(""), _SLOTS)}, 10),)
