"""Find links that name nothing, or something that is no link."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.kinds import Example, Level, teller
from bot.checks.markup import links_in
from bot.checks.sample import MAIN
from bot.checks.view import View
from bot.errors import Problem
from bot.reader import nearest

CODE = "D203"
TITLE = "A link leads nowhere."
LEVEL: Level = "error"
EXPLANATION = (
    "In `[words](name)` the name is a value of the facts that is shown as a link (a form, an authority). "
    "Correct the name; an address is added to the facts, never to a text."
)
WHOLE = False
say = teller(CODE, LEVEL)


def check(view: View) -> Iterator[Problem]:
    """Look at the name behind every link."""
    if not view.outside.whole:
        return
    possible = {name for name, value in view.registry.values.items() if value.show} | view.outside.constants
    for one in view.every:
        for name in sorted(links_in(one.source) - possible):
            spot = view.spot(one.scalar, max(one.source.find(f"]({name})"), 0) + 2)
            known = name in view.names
            message = f"«{name}» is no link." if known else f"there is no link «{name}»."
            yield say(spot, message, nearest(name, possible))


GOOD = (Example({"main.yaml": MAIN.replace("Thank you.", "Thank you. [Open the form](form).")}),)
BAD = (
    Example({"main.yaml": MAIN.replace("Thank you.", "Thank you. [Open the form](from).")}, 21),
    Example({"main.yaml": MAIN.replace("Thank you.", "Thank you. [Wait](days).")}, 21),
)
