"""Find slots that do not say why they are kept."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.kinds import Example, Level, teller
from bot.checks.sample import MAIN
from bot.checks.view import View
from bot.errors import Problem

CODE = "D120"
TITLE = "A slot does not say why it is kept."
LEVEL: Level = "warning"
EXPLANATION = "Everybody may ask what is kept about them (/privacy) and reads the slot's `about`. Write it."
WHOLE = False
say = teller(CODE, LEVEL)


def check(view: View) -> Iterator[Problem]:
    """Look for the `about` of every slot."""
    for slot in view.pack.slots.values():
        if slot.about is None and slot.at is not None:
            yield say(slot.at, f"«{slot.name}» does not say why it is kept.", "Add «about: …»; /privacy shows it.")


GOOD = (Example(),)
BAD = (Example({"main.yaml": MAIN.replace("    about: The lamp you mean\n", "")}, 5),)
