"""Find turns that say more messages than one turn may."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.kinds import Example, Level, teller
from bot.checks.sample import dialog
from bot.checks.view import View
from bot.checks.ways import Where
from bot.engine import limits
from bot.errors import Problem

CODE = "D116"
TITLE = "Too many messages follow one another."
LEVEL: Level = "warning"
EXPLANATION = (
    f"One answer of a person may cause at most {limits.MESSAGES_PER_TURN} messages; what comes after is not said. "
    "Put a question in between, or say several things in one message."
)
WHOLE = True
say = teller(CODE, LEVEL)


def check(view: View) -> Iterator[Problem]:
    """Count the messages without condition on every way on which nobody is asked."""
    told: set[Where] = set()
    for where in view.ways.out:
        if where not in view.ways.reachable or view.ways.state(where).kind != "ask":
            continue
        # The way begins behind a question (and at the start of the conversation, below).
        for way in view.ways.out[where]:
            yield from _follow(view, way.to, told)
    for entry in view.ways.entries:
        yield from _follow(view, entry, told)


def _follow(view: View, start: Where, told: set[Where]) -> Iterator[Problem]:
    most: dict[Where, int] = {}
    waiting = [(start, 0)]
    while waiting:
        where, before = waiting.pop()
        state = view.ways.state(where)
        count = before + sum(1 for item in state.items if item.when is None)
        if count <= most.get(where, -1) or count > 2 * limits.MESSAGES_PER_TURN:
            continue
        most[where] = count
        if count > limits.MESSAGES_PER_TURN and where not in told and state.at is not None:
            told.add(where)
            message = f"up to {count} messages come one after the other until here."
            yield say(state.at, message, f"At most {limits.MESSAGES_PER_TURN} are said. Ask something in between.")
        waiting += [(to, count) for to in view.ways.silent(where)]


def _states(count: int) -> str:
    said = "".join(f"      - Message {n}.\n" for n in range(1, count + 1))
    return f"  which:\n    say:\n{said}    next: out\n\n  out:\n    say: Bye.\n    end: done\n"


GOOD = (Example({"main.yaml": dialog(_states(4))}),)
BAD = (Example({"main.yaml": dialog(_states(9))}, 5),)
