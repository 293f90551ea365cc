"""How long texts become when they are filled in: counted as Telegram counts, in UTF-16 units."""

from __future__ import annotations

from collections.abc import Iterable

from bot.checks.markup import template
from bot.checks.view import View
from bot.engine import limits
from bot.texts.markup import Template
from bot.texts.plain import to_plain

VALUE = 60
"""Characters that a value of the facts takes as a rule: the name of a country, a form, an authority."""


def units(text: str) -> int:
    """Count UTF-16 units; most emoji count twice."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def filled(view: View, source: str) -> int:
    """Give the length a text may reach when every fill-in is as long as it may be."""
    made = template(source)
    if not isinstance(made, Template):
        return units(source)
    bare = units(to_plain(made.fill(dict.fromkeys([*made.names, *made.links], ""))))
    return bare + sum(_width(view, name) for name in made.names)


def _width(view: View, name: str) -> int:
    slot = view.pack.slots.get(name)
    if slot is None or slot.type not in {"text", "name"}:
        return VALUE
    return slot.maximum or (limits.TEXT_KEPT if slot.type == "text" else limits.NAME_KEPT)


def forms(view: View, language: str) -> Iterable[tuple[int, int, str]]:
    """List every form of every text in a language: (index in `view.every`, form, words)."""
    seen = set()
    for index, one in enumerate(view.every):
        if language == "en":
            yield index, int(one.source != one.text.msgid), one.source
        elif one.text.place not in seen and view.catalogues.translated(language, one.text):
            seen.add(one.text.place)
            yield index, 0, view.catalogues.text(language, one.text)
