"""Keep what cannot be read yet: try again when keys come, and ask to write again when none does."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

import nio
import orjson

from bot.channels.matrix.guards import GuardedClient
from bot.channels.matrix.inbound import Item, Locked, read
from bot.channels.matrix.outbound import Address, event_of_ours
from bot.channels.matrix.rooms import CHANNEL
from bot.engine.events import Unreadable
from bot.errors import StoreError
from bot.service.ports import Store
from bot.service.turns import Inbound

log = logging.getLogger("bot.matrix")

TELL_AFTER = 10.0
"""Seconds a key may be late before the person is asked to write again; most come within one."""
_MOST = 200
"""Keys waited for at once; beyond that nobody is told (somebody plays with broken messages)."""
_KEYS = (nio.RoomKeyEvent, nio.ForwardedRoomKeyEvent)


class LateKeys:
    """Hold the keys that are waited for, and whom to tell."""

    def __init__(self, client: GuardedClient, store: Store) -> None:
        self._client = client
        self._store = store
        self._waiting: dict[str, tuple[float, Inbound]] = {}

    def wait(self, item: Locked, place: tuple[str, Address] | None) -> None:
        """Note an event that cannot be read; `place` is the conversation it belongs to, None where it is not ours."""
        if place is None or len(self._waiting) >= _MOST:
            return
        key, address = place
        event = event_of_ours("locked", item.sender, item.session)
        told = Inbound(event, key, address.to_bytes(), Unreadable("encrypted"), item.at)
        self._waiting.setdefault(item.session, (asyncio.get_running_loop().time() + TELL_AFTER, told))

    async def tell(self, take: Callable[[Sequence[Inbound]], Awaitable[object]]) -> None:
        """Ask people to write again what could not be read after a while; once per key. Runs until cancelled."""
        while True:
            await asyncio.sleep(1.0)
            now = asyncio.get_running_loop().time()
            due = [session for session, (at, _) in self._waiting.items() if at <= now]
            told = [self._waiting.pop(session)[1] for session in due]
            if not told:
                continue
            try:
                await take(told)
            except StoreError as error:
                log.error("somebody waits for an answer: %s", error)

    async def unlock(self, response: nio.SyncResponse, name: Callable[[str], str]) -> tuple[list[Item], list[str]]:
        """Try waiting ciphertexts again when new keys came; gives what can be read now, and the ids of all that could.

        `name` gives our display name in a room.
        """
        if not any(isinstance(event, _KEYS) for event in response.to_device_events):
            return [], []
        items: list[Item] = []
        opened: list[str] = []
        for row in await self._store.undecrypted(CHANNEL):
            try:
                event = nio.MegolmEvent.from_dict(orjson.loads(row.data))
                if not isinstance(event, nio.MegolmEvent):
                    continue
                event.room_id = row.room
                decrypted = self._client.decrypt_event(event)
            except (nio.EncryptionError, orjson.JSONDecodeError, KeyError):
                continue
            opened.append(row.event_id)
            self._waiting.pop(event.session_id or "", None)
            source = getattr(decrypted, "source", None)
            item = read(row.room, source, self._client.user_id, name(row.room), decrypted=True)
            if item is not None:
                items.append(item)
        return items, opened
