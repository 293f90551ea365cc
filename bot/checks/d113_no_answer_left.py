"""Find questions that may offer nothing, because every answer has a condition."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.kinds import Example, Level, teller
from bot.checks.sample import dialog
from bot.checks.view import View
from bot.errors import Problem

CODE = "D113"
TITLE = "A question may have no answer to offer."
LEVEL: Level = "error"
EXPLANATION = (
    "Every answer is offered only `when` something holds, and there is a case in which none does. Then nobody"
    " can go on. Leave one answer without a condition."
)
WHOLE = True
say = teller(CODE, LEVEL)


def check(view: View) -> Iterator[Problem]:
    """Try whether all conditions of a question can fail at once."""
    for _, state in view.states():
        if not state.answers or state.choose or state.pick or state.write or state.at is None:
            continue
        conditions = [answer.when for answer in state.answers if answer.when is not None]
        if len(conditions) == len(state.answers) and view.truth.possible([], conditions):
            hint = "Leave one answer without «when», or add one for the rest."
            yield say(state.at, f"the question «{state.name}» may have no answer to offer.", hint)


_ASK = (
    "  which:\n    say: Well?\n    answers:\n      - answer: Write\n        when: right is yes\n        go: out\n"
    "      - answer: Ask\n        when: {}\n        go: out\n\n  out:\n    say: Bye.\n    end: done\n"
)
GOOD = (Example({"main.yaml": dialog(_ASK.format("right is not yes"))}),)
BAD = (Example({"main.yaml": dialog(_ASK.format("right is partly"))}, 5),)
