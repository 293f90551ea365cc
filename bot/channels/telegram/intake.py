"""Take updates in: read them, let `Turns` commit what they cause, and only then tell Telegram what it waits for."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

import orjson

from bot.channels.telegram.client import ApiError, Client, NoAnswer
from bot.channels.telegram.closing import closing
from bot.channels.telegram.inbound import Invitation, Read, Reader, address, group_key, read
from bot.channels.telegram.raw import number
from bot.engine.session import Session
from bot.engine.step import Outcome
from bot.errors import StoreError
from bot.service.flood import Floods
from bot.service.health import ChannelHealth
from bot.service.ports import Store
from bot.service.records import Batch, DeadLetter, Outgoing
from bot.service.turns import Inbound, Turns
from bot.texts.tree import Message, to_json

log = logging.getLogger("bot.telegram")

CHANNEL = "telegram"
_INVITED_FOR = timedelta(minutes=15)


class Intake:
    """Handle batches of raw updates, however they came. `reader` is exchanged when the content changes."""

    def __init__(
        self,
        client: Client,
        turns: Turns,
        store: Store,
        reader: Reader,
        health: ChannelHealth,
        *,
        invitation: Callable[[str], Message | None] = lambda language: None,
        in_place: bool = True,
        buttons: Callable[[Session], bool] = lambda session: True,
    ) -> None:
        self._client = client
        self._turns = turns
        self._store = store
        self.reader = reader
        self._health = health
        self._invitation = invitation
        self._in_place = in_place
        self._buttons = buttons
        # One invitation a minute for a group that keeps calling; everything else there is met with silence.
        self._groups = Floods(burst=2, per_second=1 / 60)
        self._tasks: set[asyncio.Task[None]] = set()
        self.between_batches = asyncio.Lock()
        """Held while a batch is handled, so that stopping never falls between a commit and what follows it."""

    async def take(self, raws: Sequence[object], position: str | None = None) -> None:
        """Commit everything a batch causes, with the channel's new position; then it may be confirmed.

        Raises `StoreError` when nothing could be written: the batch then has to come again.
        """
        async with self.between_batches:
            await self._take(raws, position)

    async def _take(self, raws: Sequence[object], position: str | None) -> None:
        self._turns.faults.reached("after_fetch")
        reads, broken = self._read(raws)
        try:
            await self._commit(reads, broken, position)
        except StoreError:
            self._answer(reads)
            raise
        except Exception as error:
            # Nothing that a batch holds may stall the channel: one by one, only the culprit is set aside.
            log.error("a batch of %s updates failed (%s); they are taken one by one", len(raws), type(error).__name__)
            await self._one_by_one(reads, broken, position)
        self._answer(reads)
        self._health.received += len(raws)
        self._health.skipped += sum(1 for one in reads if one.skipped)

    async def set_aside(self, update: int, why: str, position: str | None) -> None:
        """Leave a dead letter for an update that cannot be read at all, and go on behind it."""
        self._health.poisoned += 1
        log.error("update %s cannot be read (%s) and is set aside", update, why)
        letter = DeadLetter(CHANNEL, f"u{update}", "fetch", why)
        await self._turns.take(CHANNEL, (), position=position, extra=Batch(self._turns.clock(), dead_letters=(letter,)))

    async def finish(self, seconds: float = 5.0) -> None:
        """Wait for the answers to button presses that are still under way."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)

    def _read(self, raws: Sequence[object]) -> tuple[list[Read], list[DeadLetter]]:
        now = self._turns.clock()
        reads, broken = [], []
        for raw in raws:
            update = number(raw, "update_id")
            try:
                reads.append(read(raw, self.reader, now))
            except Exception as error:
                self._health.poisoned += 1
                log.error("update %s cannot be read (%s) and is set aside", update, type(error).__name__)
                broken.append(DeadLetter(CHANNEL, f"u{update}", "read", type(error).__name__))
        return reads, broken

    async def _commit(self, reads: Sequence[Read], broken: Iterable[DeadLetter], position: str | None) -> None:
        now = self._turns.clock()
        for one in reads:
            if one.moved is not None:
                old, new = (group_key(self.reader.bot, chat, 0) for chat in one.moved)
                await self._store.move_conversation(old, new, address(one.moved[1], 0))
        invitations = await self._invitations([one.invitation for one in reads if one.invitation])
        extra = Batch(
            now,
            revived=tuple(one.revived for one in reads if one.revived),
            outbox=tuple(invitations),
            handled=tuple(row.event_id for row in invitations),
            dead_letters=tuple(broken),
        )
        pressed = {one.inbound.event_id: one for one in reads if one.inbound and one.query}

        def before(inbound: Inbound, session: Session | None, outcome: Outcome) -> Sequence[Outgoing]:
            press = pressed.get(inbound.event_id)
            if press is None and session is not None and not self._buttons(session):
                return ()  # the question in hand was sent without buttons: there is nothing to take away
            return closing(inbound, session, outcome, press, now)

        await self._turns.take(
            CHANNEL,
            [one.inbound for one in reads if one.inbound],
            position=position,
            extra=extra,
            before=before if self._in_place else None,
        )

    async def _one_by_one(self, reads: Sequence[Read], broken: Iterable[DeadLetter], position: str | None) -> None:
        dead = list(broken)
        for one in reads:
            try:
                await self._commit([one], (), None)
            except StoreError:
                raise
            except Exception as error:
                dead.append(DeadLetter(CHANNEL, f"u{one.update}", "turn", type(error).__name__))
        await self._turns.take(
            CHANNEL, (), position=position, extra=Batch(self._turns.clock(), dead_letters=tuple(dead))
        )

    async def _invitations(self, wanted: Sequence[Invitation]) -> list[Outgoing]:
        """Give the rows that ask people in groups into a private chat, at most now and then for each group."""
        if not wanted:
            return []
        now = self._turns.clock()
        seen = await self._store.handled(CHANNEL, {one.event_id for one in wanted})
        rows = []
        for one in wanted:
            if one.event_id in seen or self._groups.judge(one.key, now) != "take":
                continue
            message = self._invitation(one.language)
            if message is not None:
                payload = orjson.dumps(to_json(message))
                rows.append(Outgoing(one.key, CHANNEL, one.address, payload, one.event_id, 0, now + _INVITED_FOR))
        return rows

    def _answer(self, reads: Sequence[Read]) -> None:
        """Tell Telegram at once that every press arrived, and leave channels we were put into."""
        for one in reads:
            if one.query:
                self._later("answerCallbackQuery", {"callback_query_id": one.query})
            if one.leave is not None:
                self._later("leaveChat", {"chat_id": one.leave})

    def _later(self, method: str, values: Mapping[str, Any]) -> None:
        task = asyncio.create_task(self._quietly(method, values))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _quietly(self, method: str, values: Mapping[str, Any]) -> None:
        # Too old, lost, refused: nothing of that changes anything for the person.
        with suppress(ApiError, NoAnswer, TimeoutError):
            async with asyncio.timeout(15):
                await self._client.call(method, **values)
