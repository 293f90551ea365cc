"""Check what the texts of the facts fill in: the few phrases around facts have names in braces, nothing else has."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.errors import Problem
from bot.facts.models import Facts
from bot.facts.references import problem
from bot.facts.sheet import Path
from bot.facts.texts import texts
from bot.reader import nearest

FILL_INS = {
    "last_checked": {"date", "newest"},
    "source_line": {"source"},
    "source_via": {"publisher", "via"},
    "source_about": {"publisher", "about"},
    "source_dated": {"source", "date"},
    "source_undated": {"source"},
    "event": {"date"},
    "path_head": {"place"},
    "law_item": {"cite", "use"},
    "authority_site": {"link"},
    "authority_form": {"link"},
    "authority_info": {"link"},
    "authority_email": {"email"},
    "authority_phone": {"phone"},
    "authority_languages": {"languages"},
    "authority_checked": {"date"},
    "authority_again": {"fields"},
}
"""What the bot fills into each phrase; each of them has to stand in it."""
_NAME = re.compile(r"(?<!\{)\{([^{}]*)\}(?!\})")


def fill_ins(facts: Facts) -> Iterator[Problem]:
    """Find names in braces that nothing fills, and those of a phrase that got lost."""
    for place, text, _ in texts(facts):
        path: Path = tuple(place.split("/")[2:])
        known = FILL_INS.get(str(path[1]), set()) if path[0] == "phrases" and len(path) == 2 else set()
        there = set(_NAME.findall(text))
        for name in sorted(there - known):
            hint = nearest(name, known) if known else "Write the words themselves; nothing is filled in here."
            yield problem(facts, path, "F012", f"«{{{name}}}» is filled by nothing.", hint)
        for name in sorted(known - there):
            yield problem(facts, path, "F012", f"«{{{name}}}» is missing in this text.", f"Write {{{name}}} into it.")
