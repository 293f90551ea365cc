"""Forget where people were greeted in rooms when their conversations are gone: those notes hold their ids."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection
from contextlib import suppress

from bot.channels.matrix.guards import GuardedClient
from bot.channels.matrix.outbound import key_of
from bot.channels.matrix.rooms import Memory
from bot.channels.matrix.sending import Outgoing
from bot.engine.effects import Forget
from bot.errors import StoreError
from bot.service.ports import Store
from bot.service.turns import Taken

log = logging.getLogger("bot.matrix")

EVERY = 3600.0
"""Seconds between two looks."""
_TOGETHER = 500
"""Conversations looked for together."""


class Tidy:
    """Keep the notes about people no longer than what they are for; `turns` is held while a batch is handled."""

    def __init__(
        self, client: GuardedClient, store: Store, memory: Memory, outgoing: Outgoing, turns: asyncio.Lock
    ) -> None:
        self._client = client
        self._store = store
        self._memory = memory
        self._outgoing = outgoing
        self._turns = turns
        self._orphans: set[str] = set()

    async def forget(self, taken: Taken) -> None:
        """Drop the notes of whoever asked to be forgotten in a batch."""
        gone = {key for key, outcome in taken.traces.items() if any(isinstance(e, Forget) for e in outcome.effects)}
        if gone and self._drop(gone):
            with suppress(StoreError):  # then it is written with what comes next
                await self._outgoing.write_notes()

    async def run(self) -> None:
        """Look every hour until cancelled."""
        while True:
            await asyncio.sleep(EVERY)
            try:
                await self.look()
            except StoreError as error:
                log.error("old notes wait: %s", error)

    async def look(self) -> None:
        """Drop the notes of conversations that are gone, and the roots of threads nobody is in.

        A root goes at the second look: a last word may still be on its way into that thread.
        """
        me = self._client.user_id
        keys = [key_of(me, *where) for where in self._memory.conversations().values()]
        for start in range(0, len(keys), _TOGETHER):
            some = keys[start : start + _TOGETHER]
            async with self._turns:
                self._drop(set(some) - set(await self._store.load_sessions(some)))
        orphans = self._memory.roots_of_nobody()
        for name in orphans & self._orphans:
            self._memory.drop_root(name)
        self._orphans = orphans
        await self._outgoing.write_notes()

    def _drop(self, keys: Collection[str]) -> bool:
        me = self._client.user_id
        found = [note for note, where in self._memory.conversations().items() if key_of(me, *where) in keys]
        for note in found:
            self._memory.put(note, None)
        return bool(found)
