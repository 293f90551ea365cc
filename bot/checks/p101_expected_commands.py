"""Find commands that people count on and a pack does not have."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.kinds import Example, Level, teller
from bot.checks.sample import PACK
from bot.checks.view import View
from bot.errors import Problem

EXPECTED = ("help", "back", "privacy", "forget", "restart")

CODE = "P101"
TITLE = "A command that people count on is missing."
LEVEL: Level = "warning"
EXPLANATION = (
    "Everywhere people may ask for help, go one step back, ask what is kept, have it deleted, and begin again. Add the "
    "command, and a dialog that deletes: `end: forget`."
)
WHOLE = False
say = teller(CODE, LEVEL)


def check(view: View) -> Iterator[Problem]:
    """Look for the commands, and for an end that forgets."""
    place = (f"{view.prefix}pack.yaml", 1, 1)
    for name in EXPECTED:
        if name not in view.pack.commands:
            yield say(place, f"there is no command /{name}.", "Add it under «commands».")
    if view.pack.dialogs and not any(state.end == "forget" for _, state in view.states()):
        yield say(place, "nobody can have their data deleted.", "Add a dialog with «end: forget» and a command for it.")


GOOD = (Example(),)
BAD = (
    Example({"pack.yaml": PACK.replace("  privacy:", "  data:")}, 1, "pack.yaml"),
    Example(
        {"forget.yaml": "dialog: forget\nstart: gone\n\nstates:\n  gone:\n    say: Gone.\n    end: done\n"},
        1,
        "pack.yaml",
    ),
)
