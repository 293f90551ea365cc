"""Find commands in texts that are none of ours, or somebody else's and not shown as code."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.checks.kinds import Example, Level, teller
from bot.checks.markup import blank
from bot.checks.sample import MAIN
from bot.checks.view import View
from bot.errors import Problem
from bot.reader import nearest

CODE = "D207"
TITLE = "A text names a command that cannot be used here."
LEVEL: Level = "error"
EXPLANATION = (
    "Telegram makes every `/word` a link that sends it to this bot. A command of ours must exist; one that is"
    " meant for another chat stands between backticks and under `foreign commands`."
)
WHOLE = False
say = teller(CODE, LEVEL)

COMMAND = re.compile(r"(?<![\w/.])/([a-z][a-z0-9_-]*)")


def check(view: View) -> Iterator[Problem]:
    """Look at every word that begins with a slash."""
    ours = {*view.pack.commands, "start"}
    for one in view.every:
        if one.role == "words":
            continue
        open_text = blank(one.source)
        for found in COMMAND.finditer(blank(one.source, code=False)):
            name, spot = found[1], view.spot(one.scalar, found.start())
            code = open_text[found.start()] != "/"
            if name in view.pack.foreign_commands:
                if not code:
                    yield say(spot, f"«/{name}» is for another chat.", f"Show it as code: `/{name}`.")
            elif name not in ours:
                hint = nearest(name, ours) or "Write it under «foreign commands», or take it out."
                yield say(spot, f"there is no command «/{name}».", hint)


GOOD = (Example({"main.yaml": MAIN.replace("Thank you.", "Thank you. /help helps, `/reset-lamp` is for the city.")}),)
BAD = (
    Example({"main.yaml": MAIN.replace("Thank you.", "Thank you. /hlep helps.")}, 21),
    Example({"main.yaml": MAIN.replace("Thank you.", "Thank you. Write /reset-lamp there.")}, 21),
)
