"""Find translations of texts that are not there any more."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.kinds import Example, Level, teller
from bot.checks.sample import po
from bot.checks.view import View
from bot.errors import Problem

CODE = "T304"
TITLE = "A catalogue has translations that nobody asks for."
LEVEL: Level = "warning"
EXPLANATION = (
    "The English text was changed or deleted, or the place it is said to stand at does not exist any more. "
    "`optout-bot texts update` carries translations over to the new text and tidies up."
)
WHOLE = True
say = teller(CODE, LEVEL)


def check(view: View) -> Iterator[Problem]:
    """Compare entries and their places with the texts there are; one finding a catalogue and kind."""
    texts = [one.text for one in view.texts] + [text for text, _ in view.outside.texts]
    keys = {(text.context or None, text.msgid) for text in texts}
    places = {text.place for text in texts}
    parts = _parts(places)
    for po_file in view.po.values():
        gone, moved = [], []
        for key, entry in po_file.entries.items():
            said = [word for line in entry.lines if line.startswith("#.") for word in line[2:].split()]
            own = [word for word in said if "/" in word and "/".join(word.split("/")[:2]) in parts]
            lost = [word for word in own if word not in places]
            if key[1] and key not in keys and (own or not said):
                gone.append((entry, key[1]))
            elif lost:
                moved.append((entry, lost[0]))
        for entry, name in gone:
            if name in view.stood.overwritten:
                meant = view.stood.overwritten[name].replace("\n", " ")[:60]
                message = f"«{name.replace(chr(10), ' ')[:60]}» is not what the English text says: «{meant}»."
                hint = "Write it after msgid as it was; the translation stands after msgstr."
                yield say((po_file.file, *entry.part_place("msgid")), message, hint)
        for found, what in ((gone, "the English text"), (moved, "the place")):
            # What was changed or moved there is told where it stands now (T305); what was changed here, at its line.
            told = {*view.stood.before, *view.stood.overwritten}
            left = [(entry, name) for entry, name in found if entry.key[1] not in told]
            if left:
                entry, name = left[0]
                message = f"{what} «{' '.join(name.split())[:50]}» is not there any more ({len(found)} such here)."
                yield say((po_file.file, *entry.place), message, "Run «optout-bot texts update».")


def _parts(places: set[str]) -> set[str]:
    """Give the beginnings of the places we know of; of other packs and layers nothing can be said."""
    return {"/".join(place.split("/")[:2]) for place in places}


_PO = "locales/de/LC_MESSAGES/messages.po"
_GOOD = po(("The one at the bridge", "Die an der Brücke"))
GOOD = (
    Example({_PO: _GOOD[_PO].replace('\nmsgid "The', '\n#. lamps/main/which/answers/bridge\nmsgid "The')}),
    Example({_PO: _GOOD[_PO].replace('msgid "The one at the bridge', '#. other/pack/say\nmsgid "A text of others')}),
)
BAD = (
    Example({_PO: _GOOD[_PO].replace("The one at the bridge", "The one at the ridge")}, 5, _PO),
    Example({_PO: _GOOD[_PO].replace('\nmsgid "The', '\n#. lamps/main/what/answers/bridge\nmsgid "The')}, 6, _PO),
)
