"""Compare the texts there are with what the catalogues say stands at their places.

One changed text shows three times: it has no translation, its translation has no text, and its place has other words.
It is told once, where it was changed: in the dialog, or in the catalogue by a translator who wrote after `msgid`. The
template (`messages.pot`) knows who it was, as long as nobody wrote it anew; where it says nothing, both are told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bot.engine.text import Text
from bot.texts.errors import Findings
from bot.texts.polines import Key, entries

if TYPE_CHECKING:
    from bot.checks.view import PoFile


@dataclass(frozen=True, slots=True)
class Stood:
    """Texts that were changed (with a language and the words before) or moved (with the place before)."""

    changed: list[tuple[Text, str, str]] = field(default_factory=list)
    moved: list[tuple[Text, str]] = field(default_factory=list)
    overwritten: dict[str, str] = field(default_factory=dict)
    """English words that were changed in a catalogue, with those that belong there."""
    texts: set[Key] = field(default_factory=set)
    """All texts that were changed."""
    before: set[str] = field(default_factory=set)
    """The English words of the translations that belonged to them."""


def stood(po: Mapping[str, PoFile], texts: Iterable[Text], template: str = "") -> Stood:
    """Find the texts of which the catalogues know other words, or another place; `template` is `messages.pot`."""
    known: dict[str, tuple[str, set[str]]] = {}
    places: dict[str, list[str]] = {}
    for language, po_file in po.items():
        for (_, msgid), entry in po_file.entries.items():
            for place in entry.places:
                known.setdefault(place, (language, set()))[1].add(msgid)
                places.setdefault(msgid, []).append(place)
    here: dict[str, set[str]] = {}
    texts = tuple(texts)
    for text in texts:
        here.setdefault(text.place, set()).add(text.msgid)
    found = Stood()
    for text in texts:
        language, said = known.get(text.place, ("", set()))
        if said and text.msgid not in said:
            # Where two texts claim one place (a copied answer has the id of the other), one of them did not change.
            if not said & here[text.place]:
                found.changed.append((text, language, min(said)))
        elif not said:
            gone = [place for place in places.get(text.msgid, ()) if place not in here]
            if gone:
                found.moved.append((text, max(gone, key=lambda place: _alike(place, text.place))))
    return _witnessed(found, template) if found.changed or found.moved else found


def _witnessed(found: Stood, template: str) -> Stood:
    """Say who changed what, by the words and places that the template has."""
    words, places = _of_template(template)
    changed = []
    for text, language, before in found.changed:
        found.texts.add((text.context or None, text.msgid))
        if text.msgid in words and before not in words:
            found.overwritten[before] = text.msgid
            continue
        changed.append((text, language, before))
        if before in words and text.msgid not in words:
            found.before.add(before)
    found.before.update(text.msgid for text, before in found.moved if before in places)
    return replace(found, changed=changed)


def _of_template(template: str) -> tuple[set[str], set[str]]:
    read = list(entries(template, Findings("messages.pot")))
    return {one.key[1] for one in read}, {place for one in read for place in one.places}


def _alike(one: str, other: str) -> int:
    return sum(a == b for a, b in zip(one.split("/"), other.split("/"), strict=False))
