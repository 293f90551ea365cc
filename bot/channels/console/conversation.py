"""One conversation in the terminal: turns in, messages out, the clock moved and what is due then fired."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import orjson

from bot.channels.console.clock import ConsoleClock, Span
from bot.channels.console.faces import Face
from bot.channels.console.files import Folder
from bot.channels.console.inbound import shown as quoted
from bot.channels.console.outbound import Shown
from bot.engine.effects import Forget
from bot.engine.events import Event, Pressed, Started, TimerFired
from bot.engine.session import BrokenSession, Session, decode
from bot.engine.step import accepts
from bot.service.ports import Store
from bot.service.records import Batch, OutboxRow, Sent
from bot.service.turns import Inbound, Taken, Turns
from bot.texts.tree import Message, from_json

CHANNEL = "console"
_MOST_FIRED = 1000
"""Timers fired by one advance; more can only be a reminder that sets itself again without end."""


class Conversation:
    """Carry one conversation. `session` is where it stands, also after it was forgotten."""

    def __init__(self, turns: Turns, store: Store, clock: ConsoleClock, key: str, folder: Folder, face: Face) -> None:
        self._turns = turns
        self._store = store
        self._clock = clock
        self._key = key
        self._folder = folder
        self._face = face
        self._said = 0
        self._question: int | None = None
        self.session: Session | None = None

    async def begin(self, language: str) -> None:
        """Greet, or go on where a kept conversation stood: what was not shown yet, what is due, the open question."""
        stored = (await self._store.load_sessions((self._key,))).get(self._key)
        if stored is not None:
            await self._catch_up()
            with suppress(BrokenSession):  # the turn below restarts it politely
                self.session = decode(stored.data)
        if not await self._fire_until_now():
            await self.take((Started(language),))

    async def take(self, events: Sequence[Event]) -> None:
        """Handle events in one turn and show what they caused, then what fell due while the person was thinking."""
        await self._take(
            [Inbound(f"{CHANNEL}:{uuid4().hex}", self._key, b"{}", one, self._clock.now(), place)
             for place, one in enumerate(events)]
        )  # fmt: skip
        await self._fire_until_now()

    def refusal(self, events: Sequence[Event]) -> str | None:
        """Say why a pressed choice means nothing here, None when it does."""
        for event in events:
            if isinstance(event, Pressed) and not (
                self.session is not None and accepts(self._turns.library, self.session, event.answer, self._clock.now())
            ):
                return f"There is no choice {quoted(event.answer)} here."
        return None

    async def advance(self, span: Span) -> str | None:
        """Move the clock on; what falls due on the way is handled one after another, each at its moment.

        Gives why it cannot be moved that far, None when it was.
        """
        try:
            target = self._clock.after(span)
        except ValueError as error:
            return f"The clock cannot be moved that far: {error}."
        for _ in range(_MOST_FIRED):
            timers = [one for one in await self._store.timers(self._key) if one.due <= target]
            if not timers:
                break
            self._clock.move_to(min(one.due for one in timers))
            await self._fire_next()
        self._clock.move_to(target)
        return None

    async def _fire_until_now(self) -> bool:
        """Handle what fell due while nobody was here; True when that said something."""
        before = self._said
        for _ in range(_MOST_FIRED):
            if not await self._fire_next():
                break
        return self._said > before

    async def _fire_next(self) -> bool:
        """Handle this conversation's timer that is longest overdue, and only that: the store may hold others' too."""
        now = self._clock.now()
        due = [one for one in await self._store.timers(self._key) if one.due <= now]
        if not due:
            return False
        timer = min(due, key=lambda one: (one.due, one.name))
        event = TimerFired(timer.name, timer.place)
        inbound = Inbound(timer.event_id, timer.key, b"{}", event, timer.due)
        await self._take([inbound], Batch(now, fired=(timer,)))
        return True

    async def _take(self, inbound: Sequence[Inbound], extra: Batch | None = None) -> None:
        taken = await self._turns.take(CHANNEL, inbound, extra=extra)
        self.session = taken.sessions.get(self._key, self.session)
        if self._forgot(taken):
            self._face.forgot()
        await self._show([row for row in taken.queued if row.channel == CHANNEL and row.key == self._key])

    def _forgot(self, taken: Taken) -> bool:
        outcome = taken.traces.get(self._key)
        return outcome is not None and any(isinstance(effect, Forget) for effect in outcome.effects)

    async def _catch_up(self) -> None:
        """Show what the last process had decided but not shown; what is too old goes: the question is asked anyway."""
        await self._store.interrupted(CHANNEL)
        now = self._clock.now()
        old = [row.id for row in await self._store.expired(CHANNEL, now) if row.key == self._key]
        await self._store.mark_sent_many([Sent(one) for one in old])
        while rows := [row for row in await self._store.due_outbox(CHANNEL, now) if row.key == self._key]:
            await self._show(rows)

    async def _show(self, rows: Sequence[OutboxRow]) -> None:
        """Show messages, then mark them sent: after a crash in between they come twice, never not at all."""
        if not rows:
            return
        self._face.show([self._number(from_json(orjson.loads(row.payload))) for row in rows])
        self._turns.faults.reached("after_send")
        await self._store.mark_sent_many([Sent(row.id) for row in rows])
        self._turns.faults.reached("after_mark")

    def _number(self, message: Message) -> Shown:
        self._said += 1
        replaced = self._question if message.replaces_last else None
        if message.kind == "question" or message.choices:
            self._question = self._said
        return Shown(self._said, message, replaced, tuple([self._put(one.name, one.data) for one in message.files]))

    def _put(self, name: str, data: bytes) -> Path | None:
        try:
            return self._folder.put(name, data)
        except OSError as error:
            self._face.refuse(f"The file {name} cannot be kept: {error.strerror}.")
            return None
