"""Find the shortest conversation that reaches what no example reaches, by trying: real steps, the nearest first."""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.content.draw.graph import command_starts, distances
from bot.engine.asking import DONE
from bot.engine.effects import Value
from bot.engine.events import Event, Pressed, Said
from bot.engine.model import State
from bot.service.examples.conversation import Conversation, Turn
from bot.service.examples.coverage import Point, Reached
from bot.service.examples.languages import NONSENSE, events
from bot.service.examples.model import Step
from bot.service.examples.play import Played
from bot.service.library import Library
from bot.texts.languages import SOURCE

TURNS = 1500
"""Turns tried for one place; more would keep an author waiting for seconds."""
_FROM_LIST = 30
"""Entries of a list that are tried besides those that examples use."""
_DAY = timedelta(days=1)

_EAGER = 4
"""How much more a step nearer to the place counts than a short way: an exact search would try everything near first."""


@dataclass(frozen=True, slots=True)
class _Move:
    """Something a person can do: its lines in an example, and the events it causes (none: time goes by)."""

    lines: tuple[str, ...]
    events: tuple[Event, ...] = ()
    days: int = 0


@dataclass(frozen=True, slots=True)
class Known:
    """What the examples know: conversations to go on from, each with the steps that lead there, and good answers."""

    stands: tuple[tuple[tuple[str, ...], Conversation], ...] = ()
    values: Mapping[str, Mapping[Value, None]] = field(default_factory=dict)
    """Answers that were given, by slot."""


def known(library: Library, examples: Iterable[Played], values: Mapping[str, Mapping[Value, None]]) -> Known:
    """Play examples once more, silently, and keep the shortest way to everywhere they stood.

    They are played in one other language too: some answers are only offered there.
    """
    shortest: dict[object, tuple[tuple[str, ...], Conversation]] = {}
    others = [one for one in library.catalogues.languages if one != SOURCE][:1]
    for played in examples:
        for language in dict.fromkeys((played.language, *others)):
            for path, talk in _stands(library, played, language):
                key = _key(talk)
                if key not in shortest or len(path) < len(shortest[key][0]):
                    shortest[key] = (path, talk.copy())
    return Known(tuple(shortest.values()), values)


def _stands(library: Library, played: Played, language: str) -> Iterator[tuple[tuple[str, ...], Conversation]]:
    talk = Conversation(library, played.example.now, silent=True)
    path = _begun(language)
    for scene in played.scenes:
        step = scene.step
        if step is None:
            talk.start(language, played.example.hint_pairs)
        elif step.verb == "wait":
            talk.wait(step.number, step.unit)
            path = (*path, step.line)
        else:
            for event in events(library, talk, scene.turns[0]):
                talk.send(event)
                path = (*path, _line(event, step))
        yield path, talk


def _begun(language: str) -> tuple[str, ...]:
    return () if language == SOURCE else (f"language: {language}",)


def _line(event: Event, step: Step) -> str:
    return f"they tap: {event.answer}" if isinstance(event, Pressed) else step.line


def suggest(
    library: Library, point: Point, now: datetime, known: Known | None = None, turns: int = TURNS
) -> tuple[str, ...] | None:
    """Give the steps of a short conversation that reaches a point, as lines of an example; None where none is found."""
    if point.group == "commands":
        return (f"they say: /{point.what}",)
    place = replace(point, group="states") if point.group == "reminders" else point
    found = _Search(library, place, known or Known(), turns).run(now)
    if found is None:
        return None
    path, talk = found
    waiting = _wait(talk) if point.group == "reminders" else None
    return (*path, *waiting.lines) if waiting else path


class _Search:
    """Try conversations, those first that seem nearest to the place."""

    def __init__(self, library: Library, point: Point, known: Known, turns: int) -> None:
        self.library = library
        self.pack = library.current()
        self.point = point
        self.known = known
        self.left = turns
        self.far = distances(self.pack, point.place)
        self.commands = {name: self.far.get(start, math.inf) for name, start in command_starts(self.pack)}
        self.heap: list[tuple[float, int, int, tuple[str, ...], Conversation]] = []
        self.order = itertools.count()
        self.seen: set[object] = set()

    def run(self, now: datetime) -> tuple[tuple[str, ...], Conversation] | None:
        for language in self.library.catalogues.languages:
            talk = Conversation(self.library, now, silent=True)
            if self.reached([talk.start(language)]):
                return _begun(language), talk
            self.push(_begun(language), talk)
        for path, talk in self.known.stands:
            self.push(path, talk)
        while self.heap and self.left > 0:
            _, _, _, path, talk = heapq.heappop(self.heap)
            for move in self.moves(talk):
                self.left -= 1
                after = talk.copy()
                turns = after.wait(move.days, "day") if move.days else [after.send(event) for event in move.events]
                longer = (*path, *move.lines)
                if self.reached(turns):
                    return longer, after
                self.push(longer, after)
        return None

    def push(self, path: tuple[str, ...], talk: Conversation) -> None:
        key, guess = _key(talk), self.guess(talk)
        if guess < math.inf and key not in self.seen:
            self.seen.add(key)
            heapq.heappush(self.heap, (len(path) + _EAGER * guess, len(path), next(self.order), path, talk))

    def reached(self, turns: list[Turn]) -> bool:
        reached = Reached()
        reached.add(self.pack, turns)
        return self.point in reached.points

    def guess(self, talk: Conversation) -> float:
        """Give the least number of answers that are still needed.

        Below a command waits the question it interrupts, and a reminder leads on by itself.
        """
        session = talk.session
        if session is None:
            return math.inf
        tops = [session.frames[-1]]
        tops += [session.frames[at - 1] for at, frame in enumerate(session.frames) if frame.mark is not None]
        ways = [self.far.get(f"{frame.dialog}/{frame.state}", math.inf) for frame in tops]
        for _, name in talk.timers.values():
            dialog = self.pack.dialogs.get(name)
            ways.append(1 + self.far.get(f"{name}/{dialog.start if dialog else ''}", math.inf))
        return min(ways)

    def moves(self, talk: Conversation) -> Iterator[_Move]:
        session = talk.session
        if session is None:
            return
        state = self.pack.state(session.top.dialog, session.top.state)
        if state is not None and state.kind == "ask":
            if self.point.group == "not understood" and session.state == self.point.place:
                yield _Move((f"they say: {NONSENSE}",), (Said(NONSENSE),))
            yield from self.answers(talk, state)
        for name in [name for name, far in self.commands.items() if far < self.guess(talk)]:
            yield _Move((f"they say: /{name}",), (Said(f"/{name}"),))
        waiting = _wait(talk)
        if waiting is not None:
            yield waiting

    def answers(self, talk: Conversation, state: State) -> Iterator[_Move]:
        fixed = {answer.id for answer in state.answers}
        offered = [one for one in talk.offered if one in fixed]
        for one in offered:
            yield _Move((f"they tap: {one}",), (Pressed(one),))
        for one in self.entries(talk, state):
            if state.pick:
                yield _Move((f"they tap: {one}", f"they tap: {DONE}"), (Pressed(one), Pressed(DONE)))
            else:
                yield _Move((f"they tap: {one}",), (Pressed(one),))
        for text in self.texts(state):
            yield _Move((f"they say: {text}",), (Said(text),))

    def entries(self, talk: Conversation, state: State) -> list[str]:
        """Give entries of the list that are worth trying: those that examples use, and the first ones."""
        name = state.choose or state.pick
        if name is None:
            return []
        used: list[str] = []
        for value in self.known.values.get(state.save or "", ()):
            used += value if isinstance(value, tuple) else [str(value)]
        every = set(self.library.registry.lists[name].every)
        fixed = {answer.id for answer in state.answers}
        first = [one for one in talk.offered if one in every and one not in fixed]
        return [one for one in dict.fromkeys((*first[:_FROM_LIST], *used)) if one in every]

    def texts(self, state: State) -> list[str]:
        slot = self.pack.slots.get(state.write or "")
        if slot is None:
            return []
        used = [str(value) for value in self.known.values.get(slot.name, ())]
        if slot.type == "number":
            numbers = [one for one in (slot.minimum, slot.maximum) if one is not None]
            return list(dict.fromkeys((*used, *map(str, numbers or (1,)))))
        return used or ["24 December 2026" if slot.type == "date" else "Anna"]


def _key(talk: Conversation) -> object:
    session = talk.session
    if session is None:
        return None
    return session.stack, session.language, frozenset(session.slots.items()), tuple(sorted(talk.timers)), session.ended


def _wait(talk: Conversation) -> _Move | None:
    """Wait in whole days until the next reminder comes."""
    if not talk.timers:
        return None
    due = min(at for at, _ in talk.timers.values())
    days = max(1, math.ceil((due - talk.now) / _DAY))
    return _Move((f"wait: {days} day{'' if days == 1 else 's'}",), days=days)
