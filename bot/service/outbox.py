"""Send what waits: in order within a conversation, many conversations side by side, inside the network's limits.

The same for every network. What differs stands behind `Network`: how one message is sent, and how fast a conversation
may be written to. Nothing here is remembered but what is on its way; the store holds the rest, so memory stays flat
however much waits.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import orjson

from bot.errors import Closed, Conflict, Down, RefusedForGood, StoreError, TryLater, Unknown
from bot.service.faults import Faults
from bot.service.health import ChannelHealth
from bot.service.ports import Outbox
from bot.service.records import OutboxRow, Sent
from bot.service.turns import EXPIRED_AT_ONCE, Turns
from bot.texts.tree import Message, from_json

log = logging.getLogger("bot.outbox")

AT_ONCE = 64
"""Requests under way at the same time; with 50 ms each that is 1,280 messages a second."""
_HELD = 1000
"""Conversations held back in memory for their rate; more wait in the store."""
_LANES = 10_000
_LONGEST_WAIT = 300.0
"""Cap of the back-off after a failure, in seconds; an hour-long outage then ends within five minutes."""
_LONGEST_PAUSE = 60.0
"""Cap of the pause while nobody can be reached: one message a minute looks whether that has changed."""
_FAILURES = 8
"""Failures in a row, of whatever conversations, after which the network itself is taken to be down."""
_LOOK_AGAIN = 60.0
_EXPIRY = 0.5
"""Seconds between two looks for messages that waited too long."""


@dataclass(frozen=True, slots=True)
class Rate:
    """Allow `burst` messages at once and `per_second` for long."""

    burst: int
    per_second: float


class Network(Protocol):
    """Be the side of a network that sends."""

    channel: str
    notices: Rate | None
    """How many reminders and announcements may go out in all; answers to people are never counted here."""

    def lane(self, row: OutboxRow) -> tuple[str, Rate | None]:
        """Name whose rate a row counts against, and that rate (None: no limit)."""
        ...

    async def send(self, row: OutboxRow, message: Message) -> str:
        """Send one message and give its id on the network.

        `message.replaces_last` puts it in the place of the last remembered message (`Outbox.last_receipt`); one that
        has no words and offers nothing only takes that message's buttons away. Raises `TryLater` (this conversation
        has to wait), `Down` (everybody has to), `RefusedForGood` (this message never), `Closed` (this person never) or
        `Unknown` (it may have arrived).
        """
        ...


class Sender:
    """Send the waiting messages of one channel until `stop`."""

    def __init__(
        self,
        network: Network,
        store: Outbox,
        turns: Turns,
        health: ChannelHealth,
        *,
        faults: Faults | None = None,
        at_once: int = AT_ONCE,
        random_part: Callable[[], float] = random.random,
    ) -> None:
        self._network = network
        self._store = store
        self._turns = turns
        self._clock = turns.clock
        self._health = health
        self._faults = faults or turns.faults
        self._at_once = at_once
        self._random = random_part
        self._wake = asyncio.Event()
        self._stopping = False
        self._sending: dict[int, asyncio.Task[None]] = {}
        self._held: dict[int, float] = {}
        self._sent: list[Sent] = []
        self._later: dict[int, datetime] = {}
        self._unsure: dict[int, datetime] = {}
        self._lanes = Lanes()
        self._all_notices = Lanes()
        self._down_until = 0.0
        self._failures = 0
        self._expiry_at = 0.0
        self._at_work = False

    def wake(self) -> None:
        """Look at once whether something waits."""
        self._wake.set()

    @property
    def busy(self) -> bool:
        """Whether something is under way or not written down yet; False while it only waits."""
        return bool(self._sending) or self._wake.is_set() or self._at_work

    async def stop(self, seconds: float = 10.0) -> None:
        """Begin nothing new and finish what is under way, for at most so long."""
        self._stopping = True
        self._wake.set()
        if self._sending:
            await asyncio.wait(self._sending.values(), timeout=seconds)
        for task in self._sending.values():
            task.cancel()
        with suppress(StoreError):
            await self._mark()

    async def run(self) -> None:
        """Send until stopped. An unwell store is waited for: what was sent meanwhile is marked later."""
        with suppress(StoreError):
            await self._store.interrupted(self._network.channel)
        trouble = 0
        while not self._stopping:
            self._wake.clear()
            self._at_work = True
            try:
                await self._mark()
                await self._begin()
                wait = await self._until()
                trouble = 0
            except StoreError as error:
                trouble += 1
                wait = min(30.0, 0.5 * 2**trouble)
                log.error("the outbox waits: %s", error)
            self._at_work = False
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), wait)

    async def _begin(self) -> None:
        """Take the next message of as many conversations as may be written to now."""
        moment = _monotonic()
        for held in [held for held, until in self._held.items() if until <= moment]:
            del self._held[held]
        room = self._at_once - len(self._sending)
        if self._down_until > moment or room <= 0 or len(self._held) >= _HELD:
            return
        down = self._failures >= _FAILURES or self._down_until > 0.0
        limit = 1 if down else min(room + 36, 100)
        if down and self._sending:
            return
        if not down and moment >= self._expiry_at:
            # Before anything else, so that after an outage what is said instead goes before reminders.
            self._expiry_at = moment + _EXPIRY
            await self._replace_expired()
        busy = [*self._sending, *self._held]
        rows = await self._store.due_outbox(self._network.channel, self._clock(), limit, busy=busy)
        if down and not rows and moment >= self._expiry_at:
            # Nothing is left to try with but what is too old: a few are replaced, however long the outage lasts.
            self._expiry_at = moment + _EXPIRY
            await self._replace_expired()
        ready = [row for row in rows if self._may_go(row, moment)][:room]
        if ready:
            await self._store.mark_sending([row.id for row in ready])
            for row in ready:
                self._sending[row.id] = asyncio.create_task(self._send(row))

    async def _replace_expired(self) -> None:
        try:
            while await self._turns.replace_expired(self._network.channel) >= EXPIRED_AT_ONCE and not self._down_until:
                pass
        except Conflict:
            self._wake.set()  # somebody answered the same person meanwhile: the next look reads them again

    def _may_go(self, row: OutboxRow, moment: float) -> bool:
        """Count a row against its rates; a conversation that is too fast is held back without blocking others."""
        lane, rate = self._network.lane(row)
        wait = self._lanes.wait(lane, rate, moment)
        if row.kind == "notice" and not wait:
            wait = self._all_notices.wait("", self._network.notices, moment)
        if wait:
            self._held[row.id] = moment + wait
            return False
        self._lanes.take(lane, rate)
        if row.kind == "notice":
            self._all_notices.take("", self._network.notices)
        return True

    async def _until(self) -> float:
        """Give how long nothing will be due, in seconds."""
        moment = _monotonic()
        waits = [_LOOK_AGAIN]
        if self._down_until > moment:
            return self._down_until - moment
        if len(self._sending) >= self._at_once:
            return _LOOK_AGAIN
        waits += [until - moment for until in self._held.values()]
        now = self._clock()
        busy = [*self._sending, *self._held]
        due = await self._store.next_outbox(self._network.channel, now, busy=busy)
        if due is not None:
            waits.append((due - now).total_seconds())
        # Never quite nothing, so that a row that cannot be begun for whatever reason is no busy loop.
        return max(0.005, min(waits))

    async def _send(self, row: OutboxRow) -> None:
        """Send one row and note what became of it; never raises."""
        try:
            receipt = await self._network.send(row, from_json(orjson.loads(row.payload)))
            self._faults.reached("after_send")
            self._sent.append(Sent(row.id, receipt))
            self._failures, self._down_until = 0, 0.0
            self._health.sent()
        except Down as error:
            self._pause(str(error), error.after)
            self._later[row.id] = self._clock()
        except TryLater as error:
            self._health.failed(str(error))
            wait = max(error.after, self._back_off(row) if error.after <= 0 else 0.0)
            if error.after <= 0:
                self._failures += 1
                if self._failures >= _FAILURES:
                    self._pause(str(error), 0.0)
            self._later[row.id] = self._clock() + timedelta(seconds=wait)
        except Unknown as error:
            self._health.failed(str(error))
            if row.state == "unknown":
                await self._refuse(row, "may have arrived")
            else:
                self._unsure[row.id] = self._clock() + timedelta(seconds=self._back_off(row))
        except StoreError as error:
            # Our own database, which the network reads to edit and notes to: its trouble is no reason to say nothing.
            log.error("message %s waits: %s", row.id, error)
            self._later[row.id] = self._clock() + timedelta(seconds=self._back_off(row))
        except Closed as error:
            await self._close(row, str(error))
        except RefusedForGood as error:
            await self._refuse(row, str(error))
        except Exception as error:
            # A mistake of ours in one message must not stop the others; its text may quote a person.
            log.error("message %s cannot be sent: %s", row.id, type(error).__name__)
            await self._refuse(row, type(error).__name__)
        finally:
            del self._sending[row.id]
            self._wake.set()

    def _back_off(self, row: OutboxRow) -> float:
        return min(_LONGEST_WAIT, 2.0 ** min(row.attempts, 12)) * (0.75 + 0.5 * self._random())

    def _pause(self, why: str, after: float) -> None:
        self._failures += 1
        self._health.failed(why)
        pause = max(after, min(_LONGEST_PAUSE, 2.0 ** min(self._failures - 1, 12)) * (0.75 + 0.5 * self._random()))
        self._down_until = max(self._down_until, _monotonic() + pause)

    async def _refuse(self, row: OutboxRow, why: str) -> None:
        self._health.refused()
        try:
            await self._store.mark_refused(row.id, why[:200], self._clock())
        except StoreError:
            self._later[row.id] = self._clock()

    async def _close(self, row: OutboxRow, why: str) -> None:
        self._health.closed()
        try:
            await self._store.close_conversation(row.key, why[:40])
        except StoreError:
            self._later[row.id] = self._clock()

    async def _mark(self) -> None:
        """Write down what became of everything that ended since, in as few commits as there are outcomes."""
        while self._sent or self._later or self._unsure:
            sent, self._sent = self._sent, []
            later, self._later = self._later, {}
            unsure, self._unsure = self._unsure, {}
            try:
                await self._store.mark_sent_many(sent)
                if sent:
                    self._faults.reached("after_mark")
                await self._store.mark_later_many(later)
                await self._store.mark_later_many(unsure, unknown=True)
            except StoreError:
                self._sent, self._later, self._unsure = [*sent, *self._sent], later | self._later, unsure | self._unsure
                raise


class Lanes:
    """Hold a bucket for each lane that was used lately."""

    def __init__(self) -> None:
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, lane: str, rate: Rate | None, moment: float) -> float:
        """Give how long this lane has to wait, in seconds; 0 when it may go."""
        if rate is None:
            return 0.0
        left, before = self._buckets.pop(lane, (float(rate.burst), moment))
        left = min(float(rate.burst), left + max(0.0, moment - before) * rate.per_second)
        self._buckets[lane] = (left, moment)
        if len(self._buckets) > _LANES:
            self._buckets.popitem(last=False)
        return 0.0 if left >= 1.0 else (1.0 - left) / rate.per_second

    def take(self, lane: str, rate: Rate | None) -> None:
        """Count one message; `wait` was asked before."""
        if rate is not None:
            left, before = self._buckets[lane]
            self._buckets[lane] = (left - 1.0, before)


def _monotonic() -> float:
    # Pauses run on the loop's clock: it does not jump when the wall clock is set.
    return asyncio.get_running_loop().time()
