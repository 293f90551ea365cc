"""Find fill-ins that nothing will ever fill."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.checks.kinds import Example, Level, teller
from bot.checks.markup import blank, names_in
from bot.checks.sample import MAIN, PACK
from bot.checks.view import View, Written
from bot.errors import Problem
from bot.reader import nearest

_WORD = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+")
"""A name of two words or more; one word alone may be a word of the language."""
_DOUBLED = re.compile(r"\{\{([a-z0-9_]+)\}\}")
CODE = "D201"
TITLE = "A fill-in is not known."
LEVEL: Level = "error"
EXPLANATION = (
    "`{name}` names a slot, a value of the facts, or (in a phrase) what the phrase is about. This name is "
    "none of them, so nothing would stand there. A name without its braces would be read as it stands."
)
WHOLE = False
say = teller(CODE, LEVEL)

EXTRAS = {
    "did_you_mean_one": {"candidate"},
    "unknown_command": {"command"},
    "foreign_command": {"command"},
    "too_long": {"limit", "length"},
    "number_range": {"from", "to"},
    "date_range": {"from", "to"},
    "pick_at_least": {"limit"},
    "pick_at_most": {"limit"},
}
"""What the bot itself fills into a phrase."""


def check(view: View) -> Iterator[Problem]:
    """Look at every fill-in of every text."""
    if not view.outside.whole:
        return
    for one in view.texts:
        known = view.names | extras(one)
        for name in sorted(names_in(one.source) - known):
            spot = view.spot(one.scalar, max(one.source.find(f"{{{name}}}"), 0))
            yield say(spot, f"«{{{name}}}» is no answer and no value.", nearest(name, known))
        bare = blank(_DOUBLED.sub(r"  \1  ", one.source)) if "_" in one.source and one.role != "words" else ""
        for found in _WORD.finditer(bare):
            if found[0] in known:
                hint = f"Write {{{found[0]}}} for its value; a link is [words]({found[0]}), without a space."
                yield say(view.spot(one.scalar, found.start()), f"people would read the name «{found[0]}».", hint)


def extras(one: Written) -> set[str]:
    """Give the names that are known in this text only."""
    return EXTRAS.get(one.text.place.rpartition("/")[2], set()) if one.role == "phrase" else set()


GOOD = (Example({"main.yaml": MAIN.replace("{lamp}", "{lamp} in {days} days")}),)
BAD = (
    Example({"main.yaml": MAIN.replace("{lamp}", "{lmap}")}, 21),
    *(
        Example({"main.yaml": MAIN.replace("  lamp:", "  my_lamp:").replace("{lamp}", bare)}, 21)
        for bare in ("(my_lamp)", "{{my_lamp}}", "[the lamp] (my_lamp)")
    ),
    Example({"pack.yaml": PACK.replace("I do not know {command}.", "I do not know {comand}.")}, 26, "pack.yaml"),
)
