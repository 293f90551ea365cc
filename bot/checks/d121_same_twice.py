"""Find states that were copied and left as they are."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.kinds import Example, Level, teller
from bot.checks.sample import MAIN
from bot.checks.view import View
from bot.engine.model import State
from bot.engine.text import Text
from bot.errors import Problem

CODE = "D121"
TITLE = "Two states are the same."
LEVEL: Level = "warning"
EXPLANATION = (
    "They say the same words, offer the same answers and lead to the same places. Lead everybody to one of "
    "them; a text that stands twice is soon mended only once."
)
WHOLE = False
say = teller(CODE, LEVEL)


def check(view: View) -> Iterator[Problem]:
    """Compare all states of a dialog that say something."""
    for found in view.pack.dialogs.values():
        seen: dict[object, str] = {}
        for state in found.states.values():
            if not any(isinstance(item.body, Text) for item in state.items):
                continue
            first = seen.setdefault(_shape(state), state.name)
            if first != state.name and state.at is not None:
                hint = "Keep one of them, and lead everybody there."
                yield say(state.at, f"«{state.name}» is the same as «{first}».", hint)


def _shape(state: State) -> object:
    def words(body: object) -> object:
        return (body.msgid, body.plural) if isinstance(body, Text) else body

    items = tuple((words(item.body), item.form, item.when and item.when.source) for item in state.items)
    answers = tuple(
        (one.id, one.label.msgid, one.go and (one.go.dialog, one.go.state), one.changes) for one in state.answers
    )
    then = state.next and (state.next.dialog, state.next.state)
    keys = (state.choose, state.pick, state.write, state.save, state.do, state.end, state.record, state.changes)
    return (state.kind, items, answers, then, keys)


GOOD = (Example(),)
BAD = (
    Example(
        {
            "main.yaml": MAIN.replace("    next: thanks\n", "        go: thanks2\n    next: thanks\n")
            + "\n  thanks2:\n    say: Thank you. I send somebody to the lamp {lamp}.\n    end: done\n"
        },
        25,
    ),
)
