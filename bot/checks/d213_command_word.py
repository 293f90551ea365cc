"""Find answers that are also a command."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.answers import words
from bot.checks.kinds import Example, Level, teller
from bot.checks.sample import MAIN, po
from bot.checks.view import View
from bot.engine.recognise import normalise
from bot.errors import Problem

CODE = "D213"
TITLE = "An answer is also a command."
LEVEL: Level = "warning"
EXPLANATION = (
    "Everywhere else this word carries out a command; here it is taken as the answer. Who wants the command "
    "does not get it. Use another word for one of them."
)
WHOLE = False
say = teller(CODE, LEVEL)


def check(view: View) -> Iterator[Problem]:
    """Compare the labels of all answers with those of the commands, in every language."""
    for language in view.languages:
        commands: dict[str, str] = {}
        for rule in view.pack.commands.values():
            also = view.catalogues.plain(language, rule.also).split(",") if rule.also else []
            commands |= {normalise(word): rule.name for word in (rule.name, *also) if normalise(word)}
        for _, state in view.states():
            for word in words(view, state, language):
                name = commands.get(word.read)
                if name is None or not word.label:
                    continue
                spot = view.translation(language, word.text)
                if language == "en" or spot != view.translation("en", word.text):
                    hint = "Use another word for one of them."
                    yield say(spot, f"«{word.shown}» is also the command /{name}.", hint)


GOOD = (Example({"main.yaml": MAIN.replace("id: bridge\n", "id: bridge\n        also: help me\n")}),)
BAD = (
    Example({"main.yaml": MAIN.replace("The one at the bridge", "Back")}, 14),
    Example(po(("The one at the bridge", "Help")), 6, "locales/de/LC_MESSAGES/messages.po"),
)
