"""Everything a conversation is made of, in one object that is swapped as a whole when content changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.engine.model import Pack
from bot.engine.providers import Registry
from bot.engine.recognise import Vocabulary
from bot.engine.text import Text
from bot.texts.catalogue import Catalogues

Older = Callable[[str, str], Pack | None]


class Library:
    """Hold packs by version, catalogues and providers: the engine's port to the outside, and the renderer's.

    `older` finds a version that is not the newest (kept in the store as long as somebody stands in it).
    """

    def __init__(
        self,
        pack: Pack,
        registry: Registry,
        catalogues: Catalogues,
        *,
        default_language: str = "en",
        older: Older | None = None,
        names: Mapping[str, str] | None = None,
    ) -> None:
        self.newest = pack
        self.registry = registry
        self.catalogues = catalogues
        self.default_language = default_language
        self.older = older
        self.constants = dict(names or {})
        self.vocabularies: dict[tuple[str, ...], Vocabulary] = {}
        self.phrase_words: dict[tuple[str, ...], frozenset[str]] = {}
        self._labels: dict[tuple[str, str], dict[str, Text]] = {}

    def become(self, other: Library) -> None:
        """Take over everything of another library at once; who holds this one goes on with the new content."""
        self.newest = other.newest
        self.registry = other.registry
        self.catalogues = other.catalogues
        self.default_language = other.default_language
        self.older = other.older
        self.constants = other.constants
        self.vocabularies = other.vocabularies
        self.phrase_words = other.phrase_words
        self._labels = other._labels

    def current(self, pack: str | None = None) -> Pack:
        """Give the newest version of the pack; a conversation of a pack that is gone begins anew in this one."""
        return self.newest

    def pack(self, name: str, version: str) -> Pack | None:
        """Give a certain version, or None where it is gone."""
        if name == self.newest.name and version == self.newest.version:
            return self.newest
        return self.older(name, version) if self.older else None

    def words(self, language: str, text: Text) -> str:
        """Give the plain words of a label or of a list of match words."""
        return self.catalogues.plain(language, text)

    def months(self, language: str) -> Mapping[str, int]:
        """Give the number of each month by its names in a language and in English."""
        from bot.texts.cldr import months

        return {**months("en"), **months(language)}

    def negotiate(self, wanted: str) -> str:
        """Choose the nearest language there is, else the operator's default."""
        from bot.texts.languages import negotiate

        found = negotiate(wanted, self.catalogues.languages) if wanted else None
        return found or self.default_language

    def answer_label(self, pack: Pack, slot: str, answer: str) -> Text | None:
        """Find the words of a fixed answer that some question keeps in this slot."""
        key = (pack.version, slot)
        labels = self._labels.get(key)
        if labels is None:
            labels = self._labels[key] = {
                one.id: one.label
                for dialog in pack.dialogs.values()
                for state in dialog.states.values()
                if state.save == slot
                for one in state.answers
            }
        return labels.get(answer)
