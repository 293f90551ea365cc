"""Name texts without saying them: the engine is language-free."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """Name one text of an author by its English source and its stable place.

    `msgid` is the English source text (with markup and `{name}` fill-ins), `plural` its English plural form and `by`
    the name of the whole number that chooses the form. `context` keeps equal texts apart for translators.
    `place` is the stable place id (`meta_ai/country/ask/say`): it finds a translation again after a typo was mended.
    """

    msgid: str
    place: str
    context: str | None = None
    plural: str | None = None
    by: str | None = None
