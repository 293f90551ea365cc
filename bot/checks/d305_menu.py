"""Find commands and titles that do not fit into the menus of the networks."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.kinds import Example, Level, teller
from bot.checks.sample import PACK
from bot.checks.sizes import units
from bot.checks.view import View
from bot.errors import Problem

ABOUT, TITLE_MOST, COMMANDS = 256, 64, 100

CODE = "D305"
TITLE = "The menu of commands does not fit."
LEVEL: Level = "error"
EXPLANATION = (
    "Telegram shows at most 100 commands, says at most 256 characters about each, and the name of a bot has "
    "at most 64, in every language."
)
WHOLE = False
say = teller(CODE, LEVEL)


def check(view: View) -> Iterator[Problem]:
    """Count commands, and the words of menu and title in every language."""
    for language in view.languages:
        for text, most in [(view.pack.title, TITLE_MOST)] + [(one.about, ABOUT) for one in view.pack.commands.values()]:
            length = units(view.catalogues.plain(language, text))
            if length > most and (language == "en" or view.catalogues.translated(language, text)):
                spot = view.translation(language, text)
                yield say(spot, f"this has {length} characters; at most {most} fit into the menu.", "Say less.")
    if len(view.pack.commands) > COMMANDS:
        last = list(view.pack.commands.values())[COMMANDS]
        if last.at is not None:
            yield say(last.at, f"this is command {COMMANDS + 1} and later; the menu takes {COMMANDS}.", "Delete some.")


_MORE = "".join(f"  c{n}:\n    about: One more\n    do: help\n" for n in range(100))
GOOD = (Example(),)
BAD = (
    Example({"pack.yaml": PACK.replace("What I can do", "What I can do and cannot do " * 10)}, 7, "pack.yaml"),
    Example({"pack.yaml": PACK.replace("title: Lamp report", "title: " + "Lamp " * 20)}, 2, "pack.yaml"),
    Example({"pack.yaml": PACK.replace("foreign commands:", _MORE + "foreign commands:")}, 308, "pack.yaml"),
)
