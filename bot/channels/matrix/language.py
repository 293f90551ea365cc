"""Find out somebody's language: from their profile, or from their first words; unsure means no guess."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.texts.catalogue import Catalogues
from bot.texts.languages import SOURCE

_WORD = re.compile(r"[^\W\d_]{2,}")
_SURE = 2
"""Words that must speak for a language more than for the next one; a single one may be a name or borrowed."""


_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*\Z")
_PRONOUNS = ("m.pronouns", "io.fsky.nyx.pronouns")


def of_profile(profile: Mapping[str, object]) -> str:
    """Give the language tag of a Matrix profile, empty where it names none; any JSON may stand in it.

    A profile has no language of its own; what comes nearest is the language of the pronouns somebody states first
    (MSC4247).
    """
    for name in _PRONOUNS:
        stated = profile.get(name)
        for one in stated if isinstance(stated, list) else ():
            tag = one.get("language") if isinstance(one, dict) else None
            if isinstance(tag, str) and len(tag) <= 35 and _TAG.match(tag):
                return tag
    return ""


def _words(text: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(text)}


class FirstWords:
    """Know the words of every language there is; built at the first guess (some milliseconds a language)."""

    def __init__(self, catalogues: Catalogues) -> None:
        self._catalogues = catalogues
        self._known: Mapping[str, set[str]] | None = None

    def guess(self, text: str) -> str:
        """Give the language these words are in, empty when that is not clear."""
        if self._known is None:
            self._known = self._read()
        words = _words(text[:500])
        scores = sorted(((len(words & known), language) for language, known in self._known.items()), reverse=True)
        if len(scores) < 2 or scores[0][0] - scores[1][0] < _SURE:
            return ""
        return scores[0][1]

    def _read(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {SOURCE: set()}
        for language in self._catalogues.languages:
            if language == SOURCE:
                continue
            found[language] = set()
            for (_, msgid), entry in self._catalogues.entries(language).items():
                found[SOURCE] |= _words(msgid)
                for part in entry.strings:
                    found[language] |= _words(part.text)
        return found
