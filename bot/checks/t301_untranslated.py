"""Say how much of a language is not translated yet."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.kinds import Example, Level, teller
from bot.checks.sample import po
from bot.checks.view import View
from bot.engine.text import Text
from bot.errors import Problem
from bot.texts.polines import Entry

CODE = "T301"
TITLE = "Texts are not translated."
LEVEL: Level = "warning"
EXPLANATION = (
    "People who chose this language read English there. `optout-bot texts status` shows the state of all languages; "
    "`optout-bot texts update` puts new texts into the catalogues."
)
WHOLE = False
say = teller(CODE, LEVEL)


def check(view: View) -> Iterator[Problem]:
    """Count the texts of dialogs, facts and letters that fall back to English; one finding a language."""
    texts: dict[tuple[str | None, str], Text] = {}
    words: dict[tuple[str | None, str], Text] = {}
    # A text that is said in several places is translated once; so `texts status` counts it.
    for text in [*(one.text for one in view.texts), *(text for text, _ in view.outside.texts)]:
        (words if text.context == "match words" else texts).setdefault((text.context or None, text.msgid), text)
    for language in view.languages:
        if language == "en" or language not in view.po:
            continue
        missing = [text for text in texts.values() if not view.catalogues.translated(language, text)]
        # People may type other words in a language, or none; a catalogue that does not even ask for them is behind.
        asked = view.po[language].entries
        behind = [text for key, text in words.items() if key not in asked]
        missing += behind
        # A text that was changed after it was translated is told where it stands (T305).
        left = [text for text in missing if (text.context or None, text.msgid) not in view.stood.texts]
        if left:
            shown = ", ".join(f"«{' '.join(text.msgid.split())[:40]}»" for text in left[:3])
            count = len(texts) + len(behind)
            done = 100 * (count - len(missing)) // count
            message = f"{len(missing)} of {count} texts are not translated ({done} % done), such as {shown}."
            place = (view.po[language].file, *_place(view, language, left[0]))
            yield say(place, message, "People read English there.")


def _place(view: View, language: str, text: Text) -> tuple[int, int]:
    """Give the place of an empty translation; where there is none at all, that of the text it would stand behind."""
    entries = view.po[language].entries
    entry = entries.get((text.context or None, text.msgid))
    if entry is not None:
        return entry.locate()
    before: Entry | None = None
    for one in [*(written.text for written in view.texts), *(text for text, _ in view.outside.texts)]:
        if one == text:
            break
        there = entries.get((one.context or None, one.msgid))
        # A text that is said in several places stands in the catalogue where it was first.
        if there is not None and there.strings and there.places[:1] in ([], [one.place]):
            before = there
    return (before.strings[-1].pieces[-1][0], 1) if before is not None else (1, 1)


_PO = "locales/de/LC_MESSAGES/messages.po"
GOOD = (Example(),)
BAD = (Example(po(("The one at the bridge", "Die an der Brücke")), 1, _PO),)
