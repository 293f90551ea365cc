"""Find out which answers facts and letters look at: ask every provider, and watch what it reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from bot.content.resolve import answer_ids
from bot.engine.effects import Value
from bot.engine.model import Pack
from bot.engine.providers import Registry, Scope

_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_SAMPLES: dict[str, Value] = {"text": "x", "name": "x", "number": 1, "date": "2026-01-01", "yes_no": "yes"}
_ROUNDS = 3
"""How many of a slot's answers are tried; more would only repeat which slots are read."""


class _Watched(Mapping[str, Value]):
    """Hold answers and remember which of them somebody asked for."""

    def __init__(self, values: Mapping[str, Value], asked: set[str]) -> None:
        self.values_ = values
        self.asked = asked

    def __getitem__(self, name: str) -> Value:
        self.asked.add(name)
        return self.values_[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.values_)

    def __len__(self) -> int:
        return len(self.values_)


def slots_read(pack: Pack, registry: Registry) -> frozenset[str]:
    """Give the slots that any provider looks at, asked with several sets of answers."""
    asked: set[str] = set()
    ids = {name: sorted(answer_ids(pack, registry, slot) or ()) for name, slot in pack.slots.items()}
    for number in range(_ROUNDS):
        answers: dict[str, Value] = {}
        for name, slot in pack.slots.items() if number else ():
            known = ids[name]
            if slot.type == "choices":
                answers[name] = tuple(known)
            elif known:
                answers[name] = known[(number * 7) % len(known)]
            elif slot.type in _SAMPLES:
                answers[name] = _SAMPLES[slot.type]
        scope = Scope(_Watched(answers, asked), _NOW)
        for provider in _providers(registry):
            # A provider that cannot answer is found by the tests of its own layer; here only what it reads counts.
            with suppress(Exception):
                provider(scope)
    return frozenset(asked & pack.slots.keys())


def _providers(registry: Registry) -> Iterator[Callable[[Scope], Any]]:
    for value in registry.values.values():
        yield value.get
        if value.show:
            yield value.show
    for listed in registry.lists.values():
        yield listed.ids
        if listed.shown:
            yield listed.shown
    yield from (block.get for block in registry.blocks.values())
    yield from (file.get for file in registry.files.values())
