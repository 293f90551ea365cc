"""The turn pipeline: a batch of events in, one transaction out. Only then may a channel confirm the batch."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import orjson

from bot.engine.effects import CancelTimers, Effect, Forget, Record, SetTimer
from bot.engine.events import Event, Left, TimerFired, numbering
from bot.engine.session import BrokenSession, Frame, Session, decode, encode
from bot.engine.step import Outcome, apology, fresh, stale_question, step
from bot.errors import Conflict
from bot.service.faults import Faults
from bot.service.flood import Floods
from bot.service.library import Library
from bot.service.ports import Store
from bot.service.records import (
    Batch,
    Case,
    DeadLetter,
    OutboxRow,
    Outgoing,
    RowKind,
    SaveSession,
    StoredSession,
    Timer,
    TimersCancelled,
    TimerSet,
)
from bot.service.render import render
from bot.texts.tree import to_json

log = logging.getLogger("bot.turns")

ANSWER_LIVES = timedelta(minutes=15)
"""An answer not sent by then is not sent stale: the open question goes out instead, with a word of excuse."""
NOTICE_LIVES = timedelta(hours=24)
"""A reminder may wait a day for a network that is down."""
EXPIRED_AT_ONCE = 10_000
"""Expired messages looked at together; their texts are held in memory for that moment."""
_CHUNK = 100
"""Conversations of which expired messages are replaced in one transaction."""
_EXCUSED = 10_000
"""Conversations of which is remembered when an excuse was queued."""
_TRIES = 5
"""Conflicts in a row before giving up; each means another process answered the same person meanwhile."""


@dataclass(frozen=True, slots=True)
class Inbound:
    """One event as a channel read it. `event_id` is unique in the channel, `address` is what it needs to answer."""

    event_id: str
    key: str
    address: bytes
    event: Event
    at: datetime
    position: int = 0


Before = Callable[[Inbound, Session | None, Outcome], Sequence[Outgoing]]
"""What a channel wants sent before the answers of a turn (the buttons of an answered question go): the event, the
session before it, and what came of it."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a batch: the sessions as they are now, and the messages queued, in order."""

    sessions: dict[str, Session]
    queued: tuple[OutboxRow, ...]
    traces: dict[str, Outcome] = field(default_factory=dict)


class Turns:
    """Handle events: load, step, render, commit. One loop per process calls it, so nothing here needs a lock."""

    def __init__(
        self,
        library: Library,
        store: Store,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        faults: Faults | None = None,
        floods: Floods | None = None,
    ) -> None:
        self.library = library
        self.store = store
        self.clock = clock
        self.faults = faults or Faults()
        self.floods = floods
        self._excused: OrderedDict[str, datetime] = OrderedDict()
        self.queued: Callable[[str], None] = lambda channel: None
        """Called with a channel's name after messages for it were committed: wakes its sender."""

    async def take(
        self,
        channel: str,
        inbound: Sequence[Inbound],
        *,
        position: str | None = None,
        extra: Batch | None = None,
        before: Before | None = None,
    ) -> Taken:
        """Handle a batch of a channel and commit it with the channel's new position; then it may be confirmed.

        `extra` carries what the channel itself wants written in the same transaction (notes, ciphertexts, closed
        rooms), `before` what it wants sent before the answers of a turn.
        """
        for attempt in range(_TRIES):
            work = _Work(self, channel, extra, before)
            await work.load(inbound)
            for one in inbound:
                work.handle(one)
            await work.cases()
            self.faults.reached("after_step")
            try:
                queued = await self.store.commit(work.batch(position))
            except Conflict:
                if attempt == _TRIES - 1:
                    raise
                continue
            self.faults.reached("after_commit")
            if queued:
                self.queued(channel)
            return Taken(work.sessions, queued, work.traces)
        raise AssertionError("the loop above returns or raises")

    async def fire_due(self) -> list[Taken]:
        """Handle every timer that is due now, channel by channel."""
        results = []
        timers = await self.store.due_timers(self.clock())
        stored = await self.store.load_sessions({timer.key for timer in timers})
        by_channel: dict[str, list[tuple[Timer, StoredSession]]] = {}
        for timer in timers:
            session = stored.get(timer.key)
            if session is not None:
                by_channel.setdefault(session.channel, []).append((timer, session))
        for channel, pairs in by_channel.items():
            inbound = [Inbound(t.event_id, t.key, s.address, TimerFired(t.name, t.place), t.due) for t, s in pairs]
            extra = Batch(self.clock(), fired=tuple(timer for timer, _ in pairs))
            results.append(await self.take(channel, inbound, extra=extra))
        return results

    async def replace_expired(self, channel: str) -> int:
        """Drop answers that waited too long and queue the open question instead; gives how many were dropped."""
        rows = await self.store.expired(channel, self.clock(), EXPIRED_AT_ONCE)
        by_key: dict[str, list[OutboxRow]] = {}
        for row in rows:
            by_key.setdefault(row.key, []).append(row)
        keys = list(by_key)
        for start in range(0, len(keys), _CHUNK):
            # All of one person's together, so that the excuse is made once.
            await self._replace(channel, {key: by_key[key] for key in keys[start : start + _CHUNK]})
        return len(rows)

    async def _replace(self, channel: str, by_key: dict[str, list[OutboxRow]]) -> None:
        dropped = tuple(row.id for rows in by_key.values() for row in rows)
        work = _Work(self, channel, Batch(self.clock(), dropped=dropped))
        await work.load_keys(set(by_key))
        for key, rows in by_key.items():
            # An answer older than the last excuse is covered by that: it ends with the question of a later state.
            excused = self._excused.get(key)
            if any(row.kind == "answer" and (excused is None or row.created >= excused) for row in rows):
                work.stale(key, rows[-1])
        queued = await self.store.commit(work.batch(None))
        for row in queued:
            self._excused[row.key] = row.created
            self._excused.move_to_end(row.key)
        while len(self._excused) > _EXCUSED:
            self._excused.popitem(last=False)
        if queued:
            self.queued(channel)


class _Work:
    """One try at a batch."""

    def __init__(self, turns: Turns, channel: str, extra: Batch | None, before: Before | None = None) -> None:
        self.turns = turns
        self.before = before
        self.library = turns.library
        self.channel = channel
        self.now = turns.clock()
        self.extra = extra or Batch(self.now)
        self.stored: dict[str, StoredSession] = {}
        self.sessions: dict[str, Session] = {}
        self.traces: dict[str, Outcome] = {}
        self.addresses: dict[str, bytes] = {}
        self.seen: set[str] = set()
        self.forgotten: dict[str, None] = {}
        self.spoke: dict[str, None] = {}
        self.closed: dict[str, str] = {}
        self.timers: list[TimerSet | TimersCancelled] = []
        self.records: dict[str, list[Record]] = {}
        self.written: list[Case] = []
        self.outbox: list[Outgoing] = []
        self.handled: list[str] = []
        self.dead: list[DeadLetter] = []

    async def load(self, inbound: Sequence[Inbound]) -> None:
        self.seen = await self.turns.store.handled(self.channel, {one.event_id for one in inbound})
        await self.load_keys({one.key for one in inbound})

    async def load_keys(self, keys: set[str]) -> None:
        self.stored = await self.turns.store.load_sessions(keys)
        for key, stored in self.stored.items():
            self.addresses[key] = stored.address
            try:
                self.sessions[key] = decode(stored.data)
            except BrokenSession:
                # A foreign or damaged session restarts politely; `step` says so.
                self.sessions[key] = _lost(self.library)

    def handle(self, one: Inbound) -> None:
        if one.event_id in self.seen:
            return
        self.seen.add(one.event_id)
        self.handled.append(one.event_id)
        self.addresses[one.key] = one.address
        if isinstance(one.event, Left):
            self.closed[one.key] = "left"
        elif not isinstance(one.event, TimerFired):
            self.spoke[one.key] = None
            self.closed.pop(one.key, None)
        floods = self.turns.floods
        if floods is not None and not isinstance(one.event, (TimerFired, Left)):
            verdict = floods.judge(one.key, one.at, self.now)
            if verdict == "drop":
                return
            if verdict == "tell" and one.key in self.sessions:
                self.say(one, apology(self.library, self.sessions[one.key], "flood", self.now), "answer")
                return
        session = self.sessions.get(one.key)
        try:
            outcome = step(self.library, session, one.event, self.now)
            kind: RowKind = "notice" if isinstance(one.event, TimerFired) else "answer"
            first = self.before(one, session, outcome) if self.before else ()
            self.say(one, outcome, kind, first)
        except Exception as error:
            # One person's accident must not stop the others; only ids and the kind of error are written down.
            log.error("event %s of %s failed: %s", one.event_id, self.channel, type(error).__name__)
            self.dead.append(DeadLetter(self.channel, one.event_id, _where(error), type(error).__name__))
            safe = session or fresh(self.library, "")
            self.say(one, apology(self.library, safe, "sorry", self.now), "answer")

    def stale(self, key: str, row: OutboxRow) -> None:
        session = self.sessions.get(key)
        if session is not None:
            one = Inbound(f"stale:{row.id}", key, row.address, Left(), self.now)
            self.say(one, stale_question(self.library, session, self.now), "answer")

    def say(self, one: Inbound, outcome: Outcome, kind: RowKind, first: Sequence[Outgoing] = ()) -> None:
        """Render what a turn said and note what it decided. Nothing is kept of a turn that cannot be rendered."""
        session = outcome.session
        pack = self.library.pack(session.pack, session.version) or self.library.current()
        lives = NOTICE_LIVES if kind == "notice" else ANSWER_LIVES
        queued: list[Outgoing] = list(first)
        for position, effect in enumerate(outcome.effects):
            message = render(self.library, pack, effect, session.language, self.now)
            if message is None:
                continue
            remember = f"{message.place}#{message.turn}" if message.kind == "question" or message.choices else ""
            if message.choices:
                remember += f"~{numbering(choice.id for choice in message.choices)}"
            queued.append(
                Outgoing(
                    one.key, self.channel, one.address, orjson.dumps(to_json(message)), one.event_id,
                    one.position * 100 + position, self.now + lives, kind, remember=remember,
                )
            )  # fmt: skip
        for effect in outcome.effects:
            self.decide(one.key, effect)
        self.outbox += queued
        self.sessions[one.key] = session
        self.traces[one.key] = outcome

    def decide(self, key: str, effect: Effect) -> None:
        if isinstance(effect, SetTimer):
            self.timers.append(TimerSet(key, effect.name, effect.place, effect.due))
        elif isinstance(effect, CancelTimers):
            self.timers.append(TimersCancelled(key, effect.names))
        elif isinstance(effect, Record):
            self.records.setdefault(key, []).append(effect)
        elif isinstance(effect, Forget):
            self.forgotten[key] = None
            self.outbox = [row for row in self.outbox if row.key != key]
            self.timers = [timer for timer in self.timers if timer.key != key]
            self.records.pop(key, None)

    async def cases(self) -> None:
        """Add what was recorded to each person's case: one case per pack, a line per event."""
        for key, records in self.records.items():
            name = self.sessions[key].pack
            before = next((case for case in await self.turns.store.cases(key) if case.case == name), None)
            lines = orjson.loads(before.data) if before and key not in self.forgotten else []
            for record in records:
                lines.append({"what": record.what, "on": self.now.date().isoformat()})
            closed = self.now if records[-1].what == "closed" else None
            opened = before.opened if before else self.now
            self.written.append(Case(key, name, orjson.dumps(lines), opened, closed))

    def batch(self, position: str | None) -> Batch:
        sessions = []
        for key, session in self.sessions.items():
            if key not in self.traces or (key in self.forgotten and session.ended):
                continue
            stored = self.stored.get(key)
            expected = 0 if stored is None or key in self.forgotten else stored.rev
            sessions.append(
                SaveSession(
                    key, expected, encode(session), session.version, session.state, self.channel, self.addresses[key]
                )
            )
        extra = self.extra
        return Batch(
            now=self.now,
            channel=self.channel,
            forgotten=(*extra.forgotten, *self.forgotten),
            revived=(*extra.revived, *self.spoke),
            closed={**extra.closed, **self.closed},
            fired=extra.fired,
            dropped=extra.dropped,
            sessions=tuple(sessions),
            timers=tuple(self.timers),
            cases=(*extra.cases, *self.written),
            outbox=(*extra.outbox, *self.outbox),
            handled=(*extra.handled, *self.handled),
            position=position,
            undecrypted=extra.undecrypted,
            decrypted=extra.decrypted,
            notes=extra.notes,
            dead_letters=(*extra.dead_letters, *self.dead),
        )


def _lost(library: Library) -> Session:
    """Stand in for a session that cannot be read: it belongs to no version, so `step` restarts it."""
    return replace(fresh(library, ""), version="?", frames=(Frame("?", "?"),))


def _where(error: Exception) -> str:
    """Name the line of our own code where an error came from; never its text, which may quote a person."""
    trace = error.__traceback__
    place = ""
    while trace is not None:
        place = f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place
