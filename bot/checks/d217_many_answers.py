"""Find questions with more answers than anybody reads."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.kinds import Example, Level, teller
from bot.checks.sample import dialog
from bot.checks.view import View
from bot.errors import Problem

MOST = 12

CODE = "D217"
TITLE = "A question has many answers."
LEVEL: Level = "warning"
EXPLANATION = (
    f"More than {MOST} answers do not fit on a phone and nobody compares them. Ask in two steps, or take a "
    "list from the facts that shows the likely ones and understands the others."
)
WHOLE = False
say = teller(CODE, LEVEL)


def check(view: View) -> Iterator[Problem]:
    """Count the fixed answers of every question."""
    for _, state in view.states():
        # Answers with conditions take turns, so two of them count as one.
        count = sum(1 if answer.when is None else 0.5 for answer in state.answers)
        if count > MOST and state.at is not None:
            message = f"the question «{state.name}» has {len(state.answers)} answers."
            yield say(state.at, message, "Ask in two steps.")


def _states(count: int) -> str:
    answers = "".join(f"      - answer: The {chr(97 + n)} street lamp\n        id: a{n}\n" for n in range(count))
    return f"  which:\n    say: Which?\n    answers:\n{answers}    next: out\n\n  out:\n    say: Bye.\n    end: done\n"


GOOD = (Example({"main.yaml": dialog(_states(5))}),)
BAD = (Example({"main.yaml": dialog(_states(13))}, 5),)
