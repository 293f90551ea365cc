"""From what the engine decided to what a person reads: in their language, filled in, still for any network."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime

from bot.engine.effects import Attach, Block, EditLast, Effect, Listed, Say, Value
from bot.engine.model import Pack
from bot.engine.providers import Scope
from bot.engine.text import Text
from bot.service.library import Library
from bot.texts import cldr
from bot.texts.tree import Body, Message, RenderedChoice, RenderedFile

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")


def render(library: Library, pack: Pack, effect: Effect, language: str, now: datetime) -> Message | None:
    """Render a message or a file; None for effects that say nothing, and for a block that has nothing to say."""
    if isinstance(effect, Say):
        return _say(library, pack, effect, language, now, replaces=False)
    if isinstance(effect, EditLast):
        return _say(library, pack, effect.say, language, now, replaces=True)
    if isinstance(effect, Attach):
        file = library.registry.files[effect.name].get(Scope(effect.slots, now, language))
        rendered = RenderedFile(file.name, file.media_type, file.data)
        return Message((), kind="letter", files=(rendered,), language=language)
    return None


def _say(library: Library, pack: Pack, say: Say, language: str, now: datetime, *, replaces: bool) -> Message | None:
    scope = Scope(say.slots, now, language)
    body: Body
    if isinstance(say.body, Block):
        body = library.registry.blocks[say.body.name].get(scope)
        if not body and not say.choices:
            return None
    else:
        body = library.catalogues.fill(language, say.body, Values(library, pack, scope, say.extra))
    choices = tuple([RenderedChoice(one.id, _label(library, one.label, language), one.selected) for one in say.choices])
    return Message(body, say.kind, choices, say.multiple, (), replaces, language, say.place, say.turn)


def _label(library: Library, label: Text | Listed, language: str) -> str:
    if isinstance(label, Listed):
        return library.registry.lists[label.list].label(label.id, language)
    return library.words(language, label)


class Values(Mapping[str, object]):
    """Look values up only when a text asks for them: extras of the message, answers, providers, constants."""

    def __init__(
        self, library: Library, pack: Pack, scope: Scope, extra: Mapping[str, Value | Listed | Text] | None = None
    ) -> None:
        self.library = library
        self.pack = pack
        self.scope = scope
        self.extra = extra or {}

    def __getitem__(self, name: str) -> object:
        """Give what a person reads for this name; KeyError where nothing is known."""
        if name in self.extra:
            value = self.extra[name]
            return (
                _label(self.library, value, self.scope.language)
                if isinstance(value, (Text, Listed))
                else self._plain(value)
            )
        if name in self.scope.slots:
            return self.slot(name, self.scope.slots[name])
        provider = self.library.registry.values.get(name)
        if provider is not None:
            shown = provider.show(self.scope) if provider.show else provider.get(self.scope)
            if shown is None:
                raise KeyError(name)
            return self._plain(shown) if provider.show is None else shown
        return self.library.constants[name]

    def slot(self, name: str, value: Value) -> object:
        """Give a remembered answer in words: the label of a choice, a date in the person's manner."""
        slot = self.pack.slots.get(name)
        if slot is not None and slot.type in {"text", "name"}:
            return value  # as it was typed, also where it looks like a date or like none there is
        if slot is None or slot.type in {"number", "date"}:
            return self._plain(value)
        ids = value if isinstance(value, tuple) else (str(value),)
        labels = [self._answer(name, slot.source, one) for one in ids]
        return labels[0] if len(labels) == 1 else cldr.join(labels, self.scope.language)

    def _answer(self, slot: str, source: str | None, answer: str) -> str:
        text = self.library.answer_label(self.pack, slot, answer)
        if text is not None:
            return self.library.words(self.scope.language, text)
        provider = self.library.registry.lists.get(source or "")
        if provider is not None and answer in provider.every:
            return provider.label(answer, self.scope.language)
        return answer

    def _plain(self, value: object) -> object:
        if isinstance(value, str) and _DAY.match(value):
            return cldr.date(date.fromisoformat(value), self.scope.language)
        if isinstance(value, int) and not isinstance(value, bool):
            return cldr.number(value, self.scope.language)
        if isinstance(value, tuple):
            return cldr.join([str(one) for one in value], self.scope.language)
        return value

    def __iter__(self) -> Iterator[str]:
        """Walk over the names that have a value now; only the last resort of a text needs all of them."""
        for name in (*self.extra, *self.scope.slots, *self.library.registry.values, *self.library.constants):
            try:
                self[name]
            except KeyError:
                continue
            yield name

    def __len__(self) -> int:
        """Count the names that have a value now."""
        return sum(1 for _ in self)
