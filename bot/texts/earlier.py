"""Find what a new or changed text was before: by its place, by its place before a state was renamed, by its words.

A place alone is not enough: a text put before others moves them all on by one, one text is cut in two, a state gets
another name and its question other words. Only texts that are gone since the last update are looked through by words,
and only those that share a rarer word, so that it stays one pass.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.texts.pobook import Message
from bot.texts.polines import Key

ALIKE = 0.4
"""Share of common words from which the translation of another text is offered as a beginning."""
COMMON = 50
"""A word that stands in more texts that are gone does not lead to any of them: «the» would lead to all."""

_WORD = re.compile(r"\w+")


class Earlier:
    """Hold the translated messages of a catalogue where what is said now can be looked up."""

    def __init__(
        self, before: dict[Key, Message], now: Mapping[Key, Sequence[str]], own_words: str, open_: Iterable[Key]
    ) -> None:
        """Take the old messages, the places of today's by message, the context of words that belong to their place
        alone, and those of today's messages that have no translation under their own words."""
        self._before = before
        self._now = now
        self._places = {place for places in now.values() for place in places}
        self._by_place = {about: one for one in reversed(before.values()) for about in one.about}
        self._renamed = dict(self._renames(before))
        self._gone = {key: one for key, one in before.items() if key not in now and one.begun}
        self._own_words = own_words
        self._words = {key: _words(one.msgid) for key, one in self._gone.items()}
        self._leading: defaultdict[str, list[Key]] = defaultdict(list)
        for key, words in self._words.items():
            if key[0] != own_words:
                for word in words:
                    self._leading[word].append(key)
        self._found: dict[Key, Message] = {}
        rest: list[Key] = []
        for key in open_:
            one = self._surely(key)
            if one is None:
                rest.append(key)
            else:
                self._found[key] = one
        taken = {one.key for one in self._found.values()}
        for key in rest:
            # Nothing alike: the place alone counts, unless its text went elsewhere.
            one = next((one for one in self._at(key) if one.key in self._gone and one.key not in taken), None)
            if one is not None:
                self._found[key] = one

    def of(self, key: Key) -> Message | None:
        """Give the translated message that this one was, or began as."""
        return self._found.get(key)

    def _surely(self, key: Key) -> Message | None:
        at = list(self._at(key))
        alike = [one for one in at if _share(_words(one.msgid), _words(key[1])) >= ALIKE]
        gone = [one for one in at if one.key in self._gone]
        if key[0] == self._own_words:
            return next(iter([*gone, *alike]), None)
        # What is still said elsewhere comes after what is gone.
        return next((one for one in alike if one in gone), None) or next(iter(alike), None) or self._by_words(key)

    def _at(self, key: Key) -> Iterator[Message]:
        for place in self._now[key]:
            one = self._by_place.get(place) or self._by_place.get(self._former(place))
            if one is not None and one.begun:
                yield one

    def _by_words(self, key: Key) -> Message | None:
        if key in self._before:
            return None  # it waits for its translator, who may be at work on it in another branch
        words = _words(key[1])
        led = (self._leading[word] for word in words if word in self._leading)
        close = {one: None for keys in led if len(keys) <= COMMON for one in keys if one[0] == key[0]}
        best = max(close, key=lambda one: _share(self._words[one], words), default=None)
        return self._gone[best] if best is not None and _share(self._words[best], words) >= ALIKE else None

    def _renames(self, before: Mapping[Key, Message]) -> Iterator[tuple[str, str]]:
        """Tell from texts that stayed the same which part of a place has another name now: new beginning, old one."""
        votes: Counter[tuple[str, str]] = Counter()
        for key, places in self._now.items():
            one = before.get(key)
            if one is None:
                continue
            come = [place for place in places if place not in self._by_place]
            left = [about for about in one.about if about not in self._places] if come else []
            votes.update(pair for new in come for old in left if (pair := _one_name(new, old)))
        yield from (pair for pair, _ in reversed(votes.most_common()))

    def _former(self, place: str) -> str:
        if place in self._by_place:
            return ""
        parts = place.split("/")
        for size in range(len(parts), 0, -1):
            old = self._renamed.get("/".join(parts[:size]))
            if old is not None:
                former = "/".join([old, *parts[size:]])
                return "" if former in self._places else former
        return ""


def _one_name(new: str, old: str) -> tuple[str, str] | None:
    """Cut two places that differ in one name only after that name."""
    new_parts, old_parts = new.split("/"), old.split("/")
    differ = [at for at, pair in enumerate(zip(new_parts, old_parts, strict=False)) if pair[0] != pair[1]]
    if len(new_parts) != len(old_parts) or len(differ) != 1:
        return None
    return "/".join(new_parts[: differ[0] + 1]), "/".join(old_parts[: differ[0] + 1])


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.casefold()))


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one and other else 0.0
