"""What the engine needs to know of the outside: packs, words and providers. A port; `bot.service.library` fills it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from bot.engine.model import Pack
from bot.engine.providers import Registry
from bot.engine.recognise import Vocabulary
from bot.engine.text import Text


class Library(Protocol):
    """Give packs by version, words by language and the named providers. Answers never depend on time or chance."""

    registry: Registry
    vocabularies: dict[tuple[str, ...], Vocabulary]
    """Vocabularies already built, by pack version, place and language; the engine fills it, a reload empties it."""

    phrase_words: dict[tuple[str, ...], frozenset[str]]
    """Phrases that are lists of words, split and normalised, by pack version, phrase and language; likewise."""

    def current(self, pack: str | None = None) -> Pack:
        """Give the newest version of a pack, or of the pack conversations begin with."""

    def pack(self, name: str, version: str) -> Pack | None:
        """Give a certain version, or None where it is gone."""

    def words(self, language: str, text: Text) -> str:
        """Give the plain words of a label or of a list of match words in a language, by fallback in English."""

    def months(self, language: str) -> Mapping[str, int]:
        """Give the number of each month by its names in a language and in English, normalised."""

    def negotiate(self, wanted: str) -> str:
        """Choose the nearest language there is for any spelling of a language, else the default one."""
