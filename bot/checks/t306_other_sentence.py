"""Find translations that ask where the source says, or say where it asks."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.kinds import Example, Level, teller
from bot.checks.sample import po
from bot.checks.view import View
from bot.errors import Problem

CODE = "T306"
TITLE = "A question was translated as a sentence, or the other way round."
LEVEL: Level = "warning"
EXPLANATION = "The source ends with a question mark and the translation does not, or the reverse. Look whether it fits."
WHOLE = False
say = teller(CODE, LEVEL)

_ASKS = {"?", "？", "؟", ";", "՞", "፧"}
_GREEK = "el"


def check(view: View) -> Iterator[Problem]:
    """Compare the last signs of source and translation."""
    for language, po_file in view.po.items():
        for (_, msgid), entry in po_file.entries.items():
            if entry.fuzzy or not msgid:
                continue
            for index, part in enumerate(entry.strings):
                text = part.text.rstrip(" \"'”»)\n*")
                if text and _asks(msgid.rstrip(" \"'”»)\n*"), "en") != _asks(text, language):
                    one, other = ("translation", "source") if _asks(text, language) else ("source", "translation")
                    spot = (po_file.file, *entry.locate(index, max(len(text) - 1, 0)))
                    said = f"The {one} ends with a question mark, the {other} does not."
                    yield say(spot, said, "Look whether it says the same.")


def _asks(text: str, language: str) -> bool:
    return text[-1:] in _ASKS and (text[-1] != ";" or language.startswith(_GREEK))


_PO = "locales/de/LC_MESSAGES/messages.po"
GOOD = (Example(po(("Which lamp is broken?", "Welche Lampe ist kaputt?"))),)
BAD = (Example(po(("Which lamp is broken?", "Eine Lampe ist kaputt.")), 6, _PO),)
