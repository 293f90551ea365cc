"""Say how much of a language is not translated yet."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.kinds import Example, Level, teller
from bot.checks.sample import po
from bot.checks.view import View
from bot.errors import Problem

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
    texts = dict.fromkeys(one.text for one in view.texts if one.role != "words")
    texts |= dict.fromkeys(text for text, _ in view.outside.texts)
    for language in view.languages:
        if language == "en" or language not in view.po:
            continue
        missing = [text for text in texts if not view.catalogues.translated(language, text)]
        if missing:
            shown = ", ".join(f"«{' '.join(text.msgid.split())[:40]}»" for text in missing[:3])
            done = 100 * (len(texts) - len(missing)) // len(texts)
            message = f"{len(missing)} of {len(texts)} texts are not translated ({done} % done), such as {shown}."
            yield say((view.po[language].file, 1, 1), message, "People read English there.")


_PO = "locales/de/LC_MESSAGES/messages.po"
GOOD = (Example(),)
BAD = (Example(po(("The one at the bridge", "Die an der Brücke")), 1, _PO),)
