"""Find ways, answers and messages whose condition can never hold."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.kinds import Example, Level, teller
from bot.checks.sample import dialog
from bot.checks.view import View
from bot.engine.conditions import Condition
from bot.engine.model import Place, State
from bot.errors import Problem

CODE = "D112"
TITLE = "A condition can never hold here."
LEVEL: Level = "warning"
EXPLANATION = (
    "Either the condition contradicts itself, or an earlier way of the branch takes every case. Correct it, "
    "move it up, or delete it."
)
WHOLE = True
say = teller(CODE, LEVEL)


def check(view: View) -> Iterator[Problem]:
    """Try every case that could make a difference."""
    for _, state in view.states():
        for place, when in _alone(state):
            if not view.truth.possible([when]):
                yield say(place, f"«{when.source}» can never hold.", "Correct it, or delete what it guards.")
        earlier: list[Condition] = []
        for branch in state.branches:
            holds = [branch.when] if branch.when else []
            if branch.go.at is not None and not view.truth.possible(holds, earlier):
                alone = not view.truth.possible(holds)
                said = f"«{branch.when.source}»" if branch.when else "«otherwise»"
                why = "can never hold" if alone else "is never reached: the ways above it take every case"
                place = at(branch.go.at, branch.when) if branch.when else branch.go.at
                yield say(place, f"{said} {why}.", "Correct it, move it up, or delete it.")
            earlier += holds


def _alone(state: State) -> Iterator[tuple[Place, Condition]]:
    both = [(item.at, item.when) for item in state.items] + [(answer.at, answer.when) for answer in state.answers]
    for place, when in both:
        if place is not None and when is not None:
            yield at(place, when), when


def at(place: Place, when: Condition) -> Place:
    """Give the place of a condition itself, in the file of what it belongs to."""
    return Place(place.file, *when.spot) if when.spot else place


_ENDS = "\n  yes:\n    say: Yes.\n    end: done\n\n  no:\n    say: No.\n    end: done\n"
_BRANCH = (
    "  which:\n    branch:\n      - when: {}\n        go: yes\n      - when: {}\n        go: no\n"
    "      - otherwise: yes\n"
)
GOOD = (Example({"main.yaml": dialog(_BRANCH.format("right is yes", "right is partly or no") + _ENDS)}),)
BAD = (
    Example({"main.yaml": dialog(_BRANCH.format("right is not no", "right is yes") + _ENDS)}, 9),
    Example({"main.yaml": dialog(_BRANCH.format("right is yes and right is no", "days > 3") + _ENDS)}, 7),
    Example(
        {
            "main.yaml": dialog(
                "  which:\n    say:\n      - text: Hi.\n        when: days > 3 and days < 2\n    end: done\n"
            )
        },
        8,
    ),
)
