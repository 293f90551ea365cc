"""Find words that mean two commands, in any language, and commands that are somebody else's."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.kinds import Example, Level, teller
from bot.checks.sample import PACK
from bot.checks.view import View
from bot.engine.model import CommandRule
from bot.engine.recognise import normalise
from bot.errors import Problem

CODE = "P102"
TITLE = "A word means two commands."
LEVEL: Level = "error"
EXPLANATION = "Typed alone, the word would carry out only one of them. Give it to one command, in every language."
WHOLE = False
say = teller(CODE, LEVEL)


def check(view: View) -> Iterator[Problem]:
    """Compare the words of all commands in every language."""
    for rule in view.pack.commands.values():
        if rule.name in view.pack.foreign_commands and rule.at is not None:
            yield say(rule.at, f"/{rule.name} is also a foreign command.", "Take it out of one of the lists.")
    for language in view.languages:
        seen: dict[str, CommandRule] = {normalise(name): rule for name, rule in view.pack.commands.items()}
        for rule in view.pack.commands.values():
            if rule.also is None or (language != "en" and not view.catalogues.translated(language, rule.also)):
                continue
            words = view.catalogues.plain(language, rule.also)
            for word in filter(normalise, words.split(",")):
                other = seen.setdefault(normalise(word), rule)
                if other.name != rule.name:
                    spot = view.translation(language, rule.also, 0, words.find(word.strip()))
                    message = f"«{word.strip()}» also means /{other.name}."
                    yield say(spot, message, "Give the word to one of them.")


GOOD = (Example(),)
BAD = (
    Example({"pack.yaml": PACK.replace("built in: back", "built in: back\n    also: help me")}, 13, "pack.yaml"),
    Example({"pack.yaml": PACK.replace("/reset-lamp", "/help")}, 6, "pack.yaml"),
)
