"""Find states that nobody can come to, and dialogs that nobody calls."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.kinds import Example, Level, teller
from bot.checks.sample import MAIN, dialog
from bot.checks.view import View
from bot.engine.model import Place
from bot.errors import Problem
from bot.reader import nearest

CODE = "D101"
TITLE = "Nobody can come to this state."
LEVEL: Level = "error"
EXPLANATION = (
    "No answer, `next`, branch, command or reminder leads here, so its words are never said. "
    "Lead somebody to it, or delete it; when it was renamed, say so under `renamed`."
)
WHOLE = True
say = teller(CODE, LEVEL)


def check(view: View) -> Iterator[Problem]:
    """Look at every state that cannot be reached from the start, a command or a reminder."""
    reachable = view.ways.reachable
    entered = {dialog for dialog, _ in reachable}
    for found in view.pack.dialogs.values():
        if found.name not in entered:
            hint = "Call it with «do», or delete the file."
            yield say(Place(found.file, 1, 1), f"nobody comes into the dialog «{found.name}».", hint)
            continue
        for state in found.states.values():
            if (found.name, state.name) not in reachable and state.at is not None:
                others = [name for name in found.states if name != state.name]
                hint = "Lead somebody to it with go or next, or delete it."
                close = nearest(state.name, others) if len(others) > 8 else ""
                yield say(state.at, f"nobody can come to the state «{state.name}».", f"{hint} {close}".strip())


GOOD = (Example(),)
BAD = (
    Example({"main.yaml": MAIN + "\n  forgotten:\n    say: Nobody reads this.\n    end: done\n"}, 24),
    Example({"lost.yaml": dialog("  which:\n    say: Hello?\n    end: done\n", name="lost")}, 1, "lost.yaml"),
)
