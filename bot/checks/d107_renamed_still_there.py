"""Find states that are said to be renamed and still exist."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.kinds import Example, Level, teller
from bot.checks.sample import MAIN
from bot.checks.view import View
from bot.errors import Problem
from bot.reader import Entries, read

CODE = "D107"
TITLE = "A renamed state still exists."
LEVEL: Level = "error"
EXPLANATION = (
    "`renamed` moves people who stand in a state that is gone. As long as the old state is there, nobody is moved. "
    "Delete the old state, or the line under `renamed`."
)
WHOLE = False
say = teller(CODE, LEVEL)


def check(view: View) -> Iterator[Problem]:
    """Look at the left side of every `renamed`."""
    for found in view.pack.dialogs.values():
        both = [old for old in found.renamed if old in found.states]
        if not both:
            continue
        piece, _ = read(found.file, view.source(found.file))
        renamed = piece.get("renamed") if isinstance(piece, Entries) else None
        for old in both:
            key = renamed.key(old) if isinstance(renamed, Entries) else None
            if key is not None:
                hint = "Delete the old state, or this line."
                yield say(key, f"«{old}» was renamed to «{found.renamed[old]}», but it is still here.", hint)


GOOD = (Example({"main.yaml": MAIN + "\nrenamed:\n  old_thanks: thanks\n"}),)
BAD = (Example({"main.yaml": MAIN + "\nrenamed:\n  which: thanks\n"}, 25),)
