"""Tell a slip of the pen that was mended from a text that says something else now."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from bot.texts.pobook import Previous

_WORD = re.compile(r"\w+")
_EXACT = re.compile(r"\{\{|\}\}|\{\w+\}|\]\(\w+\)|\*\*|`|\d+|\?|^- ", re.MULTILINE)
SHORTEST = 4
"""Letters that a misspelled word has at least: between «no», «not», «now» and «nor» one letter changes everything."""


def only_a_typo(new: Previous, old: Previous, said: Collection[str]) -> bool:
    """Tell whether two sources differ in case, punctuation, spaces and misspelled words only.

    A word was misspelled when it stands in none of today's texts (`said` are their words) and one inner letter, or two
    that changed places, make it the new one: the first and last tell «here» from «there», one lamp from two. Fill-ins,
    links, marks, numbers and question marks are never slips.
    """
    pairs = ((new.msgid, old.msgid), (new.plural or "", old.plural or ""))
    return new.context == old.context and all(
        _EXACT.findall(now) == _EXACT.findall(was) and _same(now, was, said) for now, was in pairs
    )


def words(texts: Iterable[str]) -> set[str]:
    """List the words of texts, as `only_a_typo` compares them."""
    return {word for text in texts for word in _words(text)}


def _words(text: str) -> list[str]:
    return _WORD.findall(text.replace("_", "").casefold())


def _same(new: str, old: str, said: Collection[str]) -> bool:
    now, was = _words(new), _words(old)
    if "".join(now) == "".join(was):
        return True
    return len(now) == len(was) and all(
        one == other or _misspelled(other, one, said) for one, other in zip(now, was, strict=True)
    )


def _misspelled(old: str, new: str, said: Collection[str]) -> bool:
    if min(len(old), len(new)) < SHORTEST or (old[0], old[-1]) != (new[0], new[-1]) or old in said:
        return False
    from rapidfuzz.distance import OSA  # few texts come so far

    return OSA.distance(old, new, score_cutoff=1) <= 1
