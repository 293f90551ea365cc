"""Say how many translations wait for somebody to look at them again."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.kinds import Example, Level, teller
from bot.checks.sample import po
from bot.checks.view import View
from bot.errors import Problem

CODE = "T302"
TITLE = "Translations are marked as unsure (fuzzy)."
LEVEL: Level = "warning"
EXPLANATION = (
    "The English text changed after it was translated, or a tool guessed. People read English until somebody "
    "looks at the translation and takes the mark «fuzzy» away."
)
WHOLE = False
say = teller(CODE, LEVEL)


def check(view: View) -> Iterator[Problem]:
    """Count the marked entries of each catalogue; the finding stands at the first."""
    for po_file in view.po.values():
        fuzzy = [entry for (_, msgid), entry in po_file.entries.items() if entry.fuzzy and msgid]
        if fuzzy:
            count, every = len(fuzzy), max(len(po_file.entries) - 1, 1)
            message = f"{count} of {every} translations are marked fuzzy ({100 * count // every} %); this is the first."
            yield say((po_file.file, *fuzzy[0].place), message, "Look at each, then take the mark away.")


_PO = "locales/de/LC_MESSAGES/messages.po"
_GOOD = po(("The one at the bridge", "Die an der Brücke"))
GOOD = (Example(_GOOD),)
BAD = (Example({_PO: _GOOD[_PO].replace('\nmsgid "The', '\n#, fuzzy\nmsgid "The')}, 6, _PO),)
