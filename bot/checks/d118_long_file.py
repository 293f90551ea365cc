"""Find dialog files that are too long to be read in one go."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.kinds import Example, Level, teller
from bot.checks.sample import dialog
from bot.checks.view import View
from bot.errors import Problem

MOST = 250

CODE = "D118"
TITLE = "A dialog file is long."
LEVEL: Level = "warning"
EXPLANATION = (
    f"A file of more than {MOST} lines is more than one topic. Move a part that stands for itself into a "
    "dialog of its own and call it with `do`."
)
WHOLE = False
say = teller(CODE, LEVEL)


def check(view: View) -> Iterator[Problem]:
    """Count the lines of the dialog files."""
    for found in view.pack.dialogs.values():
        lines = view.source(found.file).rstrip("\n").count("\n") + 1
        if lines > MOST:
            yield say(
                (found.file, MOST + 1, 1), f"the file has {lines} lines.", "Move a topic into a dialog of its own."
            )


def _states(count: int) -> str:
    return "".join(
        f"  {f's{n}' if n else 'which'}:\n    say: Part {n}.\n    "
        + (f"next: s{n + 1}\n\n" if n < count else "end: done\n\n")
        for n in range(count + 1)
    )


GOOD = (Example(),)
BAD = (Example({"main.yaml": dialog(_states(63))}, 251),)
