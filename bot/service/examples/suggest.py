"""Find the shortest conversation that reaches what no example reaches, by trying: real steps, the nearest first."""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.content.draw.graph import command_starts, distances
from bot.engine.asking import DONE
from bot.engine.effects import Value
from bot.engine.events import Pressed, Said
from bot.engine.model import State
from bot.service.examples.conversation import Conversation, Turn
from bot.service.examples.coverage import Point, Reached
from bot.service.examples.languages import NONSENSE
from bot.service.examples.play import Played
from bot.service.examples.ways import Move, Way, shortest, stands
from bot.service.examples.yaml_text import quoted
from bot.service.library import Library
from bot.texts.languages import SOURCE

TURNS = 1500
"""Turns tried for one place; more would keep an author waiting for seconds."""
_FROM_LIST = 30
"""Entries of a list that are tried besides those that examples use."""
_DAY = timedelta(days=1)

_SHORTER = 300
"""Turns tried for a way that is shorter than the one found."""
_EAGER = 4
"""How much more a step nearer to the place counts than a short way: an exact search would try everything near first."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the examples know: conversations to go on from, each with the way there, and good answers."""

    stands: tuple[tuple[Way, Conversation], ...] = ()
    values: Mapping[str, Mapping[Value, None]] = field(default_factory=dict)
    """Answers that were given, by slot."""


def known(library: Library, examples: Iterable[Played], values: Mapping[str, Mapping[Value, None]]) -> Known:
    """Play examples once more, silently, and keep the shortest way to everywhere they stood.

    They are played in one other language too: some answers are only offered there.
    """
    nearest: dict[object, tuple[Way, Conversation]] = {}
    others = [one for one in library.catalogues.languages if one != SOURCE][:1]
    for played in examples:
        for language in dict.fromkeys((played.language, *others)):
            for way, talk in stands(library, played, language):
                key = _key(talk)
                if key not in nearest or len(way.moves) < len(nearest[key][0].moves):
                    nearest[key] = (way, talk.copy())
    return Known(tuple(nearest.values()), values)


def suggest(
    library: Library, point: Point, now: datetime, known: Known | None = None, turns: int = TURNS
) -> Way | None:
    """Give a short conversation that reaches a point; None where none is found.

    Some way is sought first, then for as many turns at most a shorter one.
    """
    if point.group == "commands":
        return Way(SOURCE, now, (_said(f"/{point.what}"),))
    place = replace(point, group="states") if point.group == "reminders" else point
    search = _Search(library, place, known or Known(), turns)
    way = search.run(now)
    if way is None:
        return None
    way = shortest(way, library, search.reached)
    if len(way.moves) > 1:
        again = _Search(library, place, known or Known(), min(turns, _SHORTER), eager=1, limit=len(way.moves))
        way = again.run(now) or way
        way = shortest(way, library, search.reached)
    waiting = _wait(way.walk(library)[0]) if point.group == "reminders" else None
    return way.on(waiting) if waiting else way


class _Search:
    """Try conversations, those first that seem nearest to the place."""

    def __init__(
        self, library: Library, point: Point, known: Known, turns: int, *, eager: int = _EAGER, limit: float = math.inf
    ) -> None:
        self.eager, self.limit = eager, limit
        self.library = library
        self.pack = library.current()
        self.point = point
        self.known = known
        self.left = turns
        self.far = distances(self.pack, point.place)
        self.commands = {name: self.far.get(start, math.inf) for name, start in command_starts(self.pack)}
        self.heap: list[tuple[float, int, int, Way, Conversation]] = []
        self.order = itertools.count()
        self.seen: set[object] = set()

    def run(self, now: datetime) -> Way | None:
        for language in self.library.catalogues.languages:
            way = Way(language, now)
            talk, turns = way.walk(self.library)
            if self.reached(turns):
                return way
            self.push(way, talk)
        for way, talk in self.known.stands:
            self.push(way, talk)
        while self.heap and self.left > 0:
            _, _, _, way, talk = heapq.heappop(self.heap)
            for move in self.moves(talk):
                self.left -= 1
                after = talk.copy()
                if self.reached(move.take(after)):
                    return way.on(move)
                self.push(way.on(move), after)
        return None

    def push(self, way: Way, talk: Conversation) -> None:
        key, guess = _key(talk), self.guess(talk)
        steps = len(way.moves)
        # What cannot arrive in fewer steps than the limit is not looked at.
        if guess < math.inf and steps + max(guess, 1) < self.limit and key not in self.seen:
            self.seen.add(key)
            heapq.heappush(self.heap, (steps + self.eager * guess, steps, next(self.order), way, talk))

    def reached(self, turns: Sequence[Turn]) -> bool:
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

    def moves(self, talk: Conversation) -> Iterator[Move]:
        session = talk.session
        if session is None:
            return
        state = self.pack.state(session.top.dialog, session.top.state)
        if state is not None and state.kind == "ask":
            if self.point.group == "not understood" and session.state == self.point.place:
                yield _said(NONSENSE)
            yield from self.answers(talk, state)
        for name in [name for name, far in self.commands.items() if far < self.guess(talk)]:
            yield _said(f"/{name}")
        waiting = _wait(talk)
        if waiting is not None:
            yield waiting

    def answers(self, talk: Conversation, state: State) -> Iterator[Move]:
        fixed = {answer.id for answer in state.answers}
        offered = [one for one in talk.offered if one in fixed]
        for one in offered:
            yield Move((f"they tap: {one}",), (Pressed(one),))
        for one in self.entries(talk, state):
            if state.pick:
                yield Move((f"they tap: {one}", f"they tap: {DONE}"), (Pressed(one), Pressed(DONE)))
            else:
                yield Move((f"they tap: {one}",), (Pressed(one),))
        for text in self.texts(state):
            yield _said(text)

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


def _said(text: str) -> Move:
    return Move((f"they say: {quoted(text)}",), (Said(text),))


def _key(talk: Conversation) -> object:
    session = talk.session
    if session is None:
        return None
    return session.stack, session.language, frozenset(session.slots.items()), tuple(sorted(talk.timers)), session.ended


def _wait(talk: Conversation) -> Move | None:
    """Wait in whole days until the next reminder comes."""
    if not talk.timers:
        return None
    due = min(at for at, _ in talk.timers.values())
    days = max(1, math.ceil((due - talk.now) / _DAY))
    return Move((f"wait: {days} day{'' if days == 1 else 's'}",), wait=(days, "day"))
