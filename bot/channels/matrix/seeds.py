"""Put number reactions under a question, so that one tap answers it: few, late, and not where it was answered."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

from bot.channels.matrix.guards import GuardedClient
from bot.channels.matrix.inbound import PRIVATE, keycap
from bot.channels.matrix.outbound import Address, reaction
from bot.channels.matrix.sending import Outgoing
from bot.errors import SendError
from bot.service.outbox import Lanes, Rate
from bot.service.records import OutboxRow
from bot.texts.tree import Message

log = logging.getLogger("bot.matrix")

MOST = 4
"""Answers that get a reaction of their own; longer lists are answered by typing the number."""
AFTER = 3.0
"""Seconds an unanswered question stands before its reactions come: who types has answered by then."""
ALLOWANCE = Rate(5, 0.05)
"""Reactions use at most half of the server's default burst of 10 and a quarter of its 0.2 a second."""


class Seeds:
    """Hold the reactions that will be set."""

    def __init__(
        self,
        outgoing: Outgoing,
        client: GuardedClient,
        *,
        after: float = AFTER,
        rate: Rate = ALLOWANCE,
    ) -> None:
        self._outgoing = outgoing
        self._client = client
        self.after = after
        self._rate = rate
        self._lanes = Lanes()
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def asked(self, row: OutboxRow, address: Address, message: Message, event: str) -> None:
        """Note that a question was sent; earlier ones of the conversation get no reactions any more."""
        self.cancel(row.key)
        if len(message.choices) > MOST or not event or (message.replaces_last and not message.multiple):
            return
        if message.replaces_last:
            return  # the reactions stand under the question already
        signs = [keycap(number) for number in range(1, len(message.choices) + 1)]
        if not address.direct:
            signs.append(PRIVATE)
        self._tasks[row.key] = asyncio.create_task(self._seed(row, address, event, signs))

    def cancel(self, key: str) -> None:
        """The person answered: what is not set yet is not set any more."""
        task = self._tasks.pop(key, None)
        if task is not None:
            task.cancel()

    def stop(self) -> None:
        """Set nothing more."""
        for key in list(self._tasks):
            self.cancel(key)

    async def _seed(self, row: OutboxRow, address: Address, event: str, signs: list[str]) -> None:
        await asyncio.sleep(self.after)
        for number, sign in enumerate(signs, 1):
            room = self._client.rooms.get(address.room)
            moment = asyncio.get_running_loop().time()
            if room is None or self._outgoing.paused or self._lanes.wait("", self._rate, moment):
                break
            self._lanes.take("", self._rate)
            with suppress(SendError):
                await self._outgoing.event(room, "m.reaction", reaction(event, sign), f"{row.transaction}.r{number}")
        if self._tasks.get(row.key) is asyncio.current_task():
            del self._tasks[row.key]
