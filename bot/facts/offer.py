"""What every provider needs while it is registered: the facts, the registry, the translator and the names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.engine.effects import Value
from bot.engine.providers import BlockProvider, Labels, ListProvider, Registry, Scope, ValueProvider, ValueType
from bot.facts import choose
from bot.facts.answers import Answers, match_words
from bot.facts.cited import Say
from bot.facts.models import Facts
from bot.facts.pages import Form
from bot.facts.parts import LinkValue, Part
from bot.facts.rules import Regime

Slots = Mapping[str, Any]
Name = Callable[[str, str], str]
"""(code of a territory or language, language) -> its name"""
MATCH_WORDS = "match words"
"""The context of texts that are never shown: words for recognising answers, as many as a language needs."""
Block = Callable[[Facts, Slots, Say], list[Part]]


@dataclass(frozen=True, slots=True)
class Offer:
    """Register providers in one way; nothing here knows what they are about."""

    registry: Registry
    facts: Facts
    labels: Labels
    names: Name
    language_names: Name | None

    def say(self, language: str) -> Say:
        """Give the translator into one language."""
        return lambda text: self.labels(language, text, None)

    def regime(self, scope: Scope) -> Regime | None:
        """Find the regime of the person's territory."""
        return choose.regime_of(self.facts, scope.slots)

    def form(self, scope: Scope) -> Form | None:
        """Find the form that is being spoken of."""
        return choose.current_form(self.facts, scope.slots)

    def value(
        self,
        name: str,
        type: ValueType,
        get: Callable[[Scope], Value | None],
        about: str,
        choices: tuple[str, ...] = (),
        show: Callable[[Scope], Any] | None = None,
    ) -> None:
        """Register a value."""
        self.registry.values[name] = ValueProvider(type, get, choices, show, about)

    def of_regime(
        self, name: str, type: ValueType, get: Callable[[Regime], Value], about: str, choices: tuple[str, ...] = ()
    ) -> None:
        """Register a value of the regime; it is not known without a territory."""

        def find(scope: Scope) -> Value | None:
            regime = self.regime(scope)
            return None if regime is None else get(regime)

        self.value(name, type, find, about, choices)

    def of_form(
        self,
        name: str,
        type: ValueType,
        get: Callable[[Form, Regime], Value],
        about: str,
        choices: tuple[str, ...] = (),
    ) -> None:
        """Register a value of the current form in the regime; it is not known without both."""

        def find(scope: Scope) -> Value | None:
            form, regime = self.form(scope), self.regime(scope)
            return None if form is None or regime is None else get(form, regime)

        self.value(name, type, find, about, choices)

    def name_of(self, name: str, form: Callable[[Scope], Form | None], about: str) -> None:
        """Register the name of a form in the person's language."""

        def find(scope: Scope) -> str | None:
            found = form(scope)
            return None if found is None else self.labels(scope.language, found.name, None)

        self.value(name, "text", find, about)

    def link(self, name: str, form: Callable[[Scope], Form | None], about: str) -> None:
        """Register a link to a form: the value is the address, shown under the name of the form."""

        def find(scope: Scope) -> str | None:
            found = form(scope)
            return None if found is None else found.url

        def show(scope: Scope) -> LinkValue | None:
            found = form(scope)
            return None if found is None else LinkValue(self.labels(scope.language, found.name, None), found.url)

        self.value(name, "text", find, about, (), show)

    def list(
        self,
        name: str,
        texts: Answers,
        ids: Callable[[Facts, Slots], Sequence[str]],
        about: str,
    ) -> None:
        """Register a list whose entries are texts of the facts: id -> label and match words (`insta, ig`)."""

        def words(id: str, language: str) -> Sequence[str]:
            also = texts[id][1]
            return match_words(also and self.labels(language, also, MATCH_WORDS))

        self.registry.lists[name] = ListProvider(
            every=tuple(texts),
            ids=lambda scope: ids(self.facts, scope.slots),
            label=lambda id, language: self.labels(language, texts[id][0], None),
            words=words,
            about=about,
        )

    def parts(self, block: Block, scope: Scope) -> Sequence[Part]:
        """Compose a block."""
        return block(self.facts, scope.slots, self.say(scope.language))

    def block(self, name: str, block: Block, about: str) -> None:
        """Register a block."""
        self.registry.blocks[name] = BlockProvider(lambda scope: self.parts(block, scope), about)
