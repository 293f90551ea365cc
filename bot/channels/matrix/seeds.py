"""Put something to tap under a question: number reactions or a poll; few, late, and not where it was answered.

Up to four answers get reactions. Longer lists get a poll in a direct chat: one event for all of them, encrypted where
the chat is. In a room the poll would show everybody what somebody chose, so there the number is typed.

A poll is not ended when its question was answered otherwise. Element shows the end of a poll as the whole poll once
more, as the newest message: under the next question, the last thing to see would be the answers of the one before. And
it would cost an event of an allowance that answers need. A vote in an old poll chooses nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

from bot.channels.matrix.guards import GuardedClient
from bot.channels.matrix.inbound import PRIVATE, keycap
from bot.channels.matrix.outbound import POLL, Address, poll, reaction
from bot.channels.matrix.rooms import Memory
from bot.channels.matrix.sending import Outgoing
from bot.errors import SendError, StoreError
from bot.service.outbox import Lanes, Rate
from bot.service.records import OutboxRow
from bot.texts.tree import Message

log = logging.getLogger("bot.matrix")

MOST = 4
"""Answers that get a reaction of their own."""
POLL_MOST = 20
"""Answers a poll may have (MSC3381)."""
AFTER = 3.0
"""Seconds an unanswered question stands before its reactions come: who types has answered by then."""
ALLOWANCE = Rate(5, 0.05)
"""Reactions and polls use at most half of the server's default burst of 10 and a quarter of its 0.2 a second."""


class Seeds:
    """Hold the reactions and polls that will be set."""

    def __init__(
        self,
        outgoing: Outgoing,
        client: GuardedClient,
        memory: Memory,
        *,
        after: float = AFTER,
        rate: Rate = ALLOWANCE,
    ) -> None:
        self._outgoing = outgoing
        self._client = client
        self._memory = memory
        self.after = after
        self._rate = rate
        self._lanes = Lanes()
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._going: set[asyncio.Task[None]] = set()
        """Polls being sent: nothing stops one half-way, or a vote in it would be understood by nobody."""

    def asked(self, row: OutboxRow, address: Address, message: Message, event: str) -> None:
        """Note that a question was sent; earlier ones of the conversation get nothing to tap any more."""
        self.cancel(row.key)
        if not event or message.replaces_last:
            return  # the reactions stand under the question already
        if len(message.choices) <= MOST:
            signs = [keycap(number) for number in range(1, len(message.choices) + 1)]
            if not address.direct:
                signs.append(PRIVATE)
            work = self._react(row, address, event, signs)
        elif address.direct and not address.thread and not message.multiple and len(message.choices) <= POLL_MOST:
            work = self._poll(row, address, message, event)
        else:
            return
        self._tasks[row.key] = asyncio.create_task(self._later(row.key, work))

    def cancel(self, key: str) -> None:
        """The person answered: what is not set yet is not set any more."""
        task = self._tasks.pop(key, None)
        if task is not None:
            task.cancel()

    def stop(self) -> None:
        """Set nothing more."""
        for key in list(self._tasks):
            self.cancel(key)
        for task in self._going:
            task.cancel()

    async def _later(self, key: str, work: Coroutine[Any, Any, None]) -> None:
        try:
            await asyncio.sleep(self.after)
            with suppress(SendError, StoreError):
                await work
        finally:
            work.close()
            if self._tasks.get(key) is asyncio.current_task():
                del self._tasks[key]

    async def _react(self, row: OutboxRow, address: Address, event: str, signs: list[str]) -> None:
        for number, sign in enumerate(signs, 1):
            if not await self._send(row, address, "m.reaction", reaction(event, sign), f"r{number}"):
                break

    async def _poll(self, row: OutboxRow, address: Address, message: Message, event: str) -> None:
        task = self._tasks.pop(row.key)
        self._going.add(task)
        task.add_done_callback(self._going.discard)
        content = poll(message, self._outgoing.phrase(message.language, "poll"))
        sent = await self._send(row, address, POLL, content, "p")
        if sent:
            self._memory.polled(sent, event)
            await self._outgoing.write_notes()

    async def _send(self, row: OutboxRow, address: Address, kind: str, content: dict[str, Any], part: str) -> str:
        """Send one event if there is allowance left for it; gives its id, empty where there is none."""
        room = self._client.rooms.get(address.room)
        moment = asyncio.get_running_loop().time()
        if room is None or self._outgoing.paused or self._lanes.wait("", self._rate, moment):
            return ""
        self._lanes.take("", self._rate)
        return await self._outgoing.event(room, kind, content, f"{row.transaction}.{part}")
