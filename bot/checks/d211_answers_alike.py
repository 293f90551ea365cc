"""Find answers of one question that are called the same, in any language."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.answers import Word, together, words
from bot.checks.kinds import Example, Level, teller
from bot.checks.sample import MAIN, po
from bot.checks.view import View
from bot.errors import Problem

CODE = "D211"
TITLE = "Two answers are called the same."
LEVEL: Level = "error"
EXPLANATION = (
    "Who types these words, or has them read aloud, cannot say which answer is meant. Case, accents and "
    "punctuation make no difference. The same word on two buttons is an error; as a further word (`also`) of "
    "two answers it is a warning: there the button counts, or the bot asks back."
)
WHOLE = True
say = teller(CODE, LEVEL)


def check(view: View) -> Iterator[Problem]:
    """Compare the words of all answers that can be offered together."""
    copied: set[tuple[str, str]] = set()
    for language in view.languages:
        for _, state in view.states():
            seen: dict[str, Word] = {}
            # Labels first, so that a further word is held against the button it repeats.
            for word in sorted(words(view, state, language), key=lambda one: not one.label):
                first = seen.setdefault(word.read, word)
                if first.id == word.id or not word.read or not together(view, first, word):
                    continue
                offset = view.catalogues.text(language, word.text).find(word.shown)
                spot = view.translation(language, word.text, 0, max(offset, 0))
                if language == "en" or spot == view.translation("en", word.text):
                    scalar = view.scalar(word.text)
                    if language != "en" or scalar is None:
                        continue  # not translated: the English finding says it all
                    spot = view.spot(scalar, max(offset, 0))
                both = first.label and word.label
                pair = (word.text.place, first.id)
                if pair in copied and not both:
                    continue  # one list copied to another answer is one slip, in every language
                copied.add(pair)
                message = f"«{word.shown}» is also a name of the answer «{first.id}»."
                yield say(spot, message, "Choose another word.", "error" if both else "warning")


_DE = "locales/de/LC_MESSAGES/messages.po"
GOOD = (Example({"main.yaml": MAIN.replace("id: bridge\n", "id: bridge\n        also: bridge, river\n")}),)
BAD = (
    Example({"main.yaml": MAIN.replace("The one at the station", "the one at the bridge!")}, 16),
    Example(
        {
            "main.yaml": MAIN.replace("id: bridge\n", "id: bridge\n        also: near, river\n").replace(
                "id: station\n", "id: station\n        also: trains, river\n"
            )
        },
        19,
    ),
    Example(po(("The one at the bridge", "Die erste"), ("The one at the station", "Die Erste.")), 9, _DE),
)
