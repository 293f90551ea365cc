"""Find circles of states in which nobody is asked: the bot would talk to itself for ever."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.kinds import Example, Level, teller
from bot.checks.sample import dialog
from bot.checks.view import View
from bot.checks.ways import circles
from bot.errors import Problem

CODE = "D104"
TITLE = "The bot can go round here without asking."
LEVEL: Level = "error"
EXPLANATION = (
    "These states follow one another in a circle and none of them asks. After a hundred steps the bot gives up with an "
    "excuse. Put a question into the circle, or lead out of it. Where a branch can leave the circle it is a warning: "
    "make sure that what the branch looks at changes on the way."
)
WHOLE = True
say = teller(CODE, LEVEL)


def check(view: View) -> Iterator[Problem]:
    """Look for circles along ways on which nobody is asked."""
    for ring in circles(view.ways.out, view.ways.silent):
        first = min(ring)
        inside = set(ring)
        exits = any(to not in inside for where in ring for to in view.ways.silent(where))
        named = view.ways.state(first)
        if named.at is not None and first in view.ways.reachable:
            path = " → ".join(name for _, name in ring[:6])
            yield say(
                named.at,
                f"nobody is asked on the way {path} → {ring[0][1]}.",
                "Put a question into it, or lead out of it.",
                "warning" if exits else "error",
            )


GOOD = (
    Example({"main.yaml": dialog("  which:\n    say: One.\n    next: two\n\n  two:\n    say: Two.\n    end: done\n")}),
)
BAD = (
    Example(
        {
            "main.yaml": dialog(
                "  which:\n    say: Hello?\n    answers:\n      - answer: Hello\n        go: one\n"
                "      - answer: Bye\n        go: out\n"
                "\n  one:\n    say: One.\n    next: two\n\n  two:\n    say: Two.\n    next: one\n"
                "\n  out:\n    say: Bye.\n    end: done\n"
            )
        },
        13,
    ),
    Example(
        {
            "main.yaml": dialog(
                "  which:\n    say: One.\n    next: two\n\n  two:\n    branch:\n"
                "      - when: several\n        go: which\n      - otherwise: out\n\n"
                "  out:\n    say: Bye.\n    end: done\n"
            )
        },
        9,
    ),
)
