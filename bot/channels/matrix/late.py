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
_WINDOW = 3600.0
"""Seconds a ciphertext is kept."""
EACH, _OTHERS, _ALL = 50, 500, 5000
"""Ciphertexts kept in that time of each person, of everybody without a conversation, and tried again at once."""


class LateKeys:
    """Hold the keys that are waited for, and whom to tell."""

    def __init__(self, client: GuardedClient, store: Store) -> None:
        self._client = client
        self._store = store
        self._waiting: dict[str, tuple[float, Inbound]] = {}
        self._begun = False
        self._kept: dict[str, int] = {}
        self._kept_since = 0.0

    def wait(self, item: Locked, place: tuple[str, Address] | None) -> None:
        """Note an event that cannot be read; `place` is the conversation it belongs to, None where it is not ours."""
        if place is None or len(self._waiting) >= _MOST:
            return
        key, address = place
        event = event_of_ours("locked", item.sender, item.session)
        told = Inbound(event, key, address.to_bytes(), Unreadable("encrypted"), item.at)
        self._waiting.setdefault(item.session, (asyncio.get_running_loop().time() + TELL_AFTER, told))

    def keeps(self, item: Locked, place: tuple[str, Address] | None) -> bool:
        """Tell whether to keep a ciphertext: some of each person who talks with us, some of all others together.

        Whoever writes what nobody can read, or a busy room whose keys we have not got, must not crowd out the rest.
        """
        now = asyncio.get_running_loop().time()
        if now - self._kept_since > _WINDOW:
            self._kept, self._kept_since = {}, now
        whose = item.sender if place is not None else ""
        count = self._kept[whose] = self._kept.get(whose, 0) + 1
        return count <= (EACH if whose else _OTHERS)

    async def tell(self, take: Callable[[Sequence[Inbound]], Awaitable[object]]) -> None:
        """Ask people to write again what could not be read after a while; once per key. Runs until cancelled."""
        while True:
            await asyncio.sleep(1.0)
            now = asyncio.get_running_loop().time()
            due = {session: one for session, one in self._waiting.items() if one[0] <= now}
            for session in due:
                del self._waiting[session]
            if not due:
                continue
            try:
                await take([told for _, told in due.values()])
            except StoreError as error:
                log.error("somebody waits for an answer: %s", error)
                self._waiting = due | self._waiting
            except Exception as error:
                log.error("nobody could be asked to write again: %s", type(error).__name__)

    async def unlock(self, name: Callable[[str], str]) -> tuple[list[Item], list[str]]:
        """Try waiting ciphertexts again when new keys came; gives what can be read now, and the ids of all that could.

        `name` gives our display name in a room. At the start those that still wait are given too, so that their people
        are told. What was opened waits until `opened` was committed; then `done` is to be called.
        """
        if not self._client.keys_came:
            return [], []
        items: list[Item] = []
        opened: list[str] = []
        for row in await self._store.undecrypted(CHANNEL, _ALL):
            try:
                event = nio.MegolmEvent.from_dict(orjson.loads(row.data))
                if not isinstance(event, nio.MegolmEvent):
                    continue
                event.room_id = row.room
                decrypted = self._client.decrypt_event(event)
            except (nio.EncryptionError, orjson.JSONDecodeError, KeyError):
                again = None if self._begun else read(row.room, _read(row.data), self._client.user_id)
                if isinstance(again, Locked):
                    items.append(again)
                continue
            opened.append(row.event_id)
            self._waiting.pop(event.session_id or "", None)
            source = getattr(decrypted, "source", None)
            item = read(row.room, source, self._client.user_id, name(row.room), decrypted=True)
            if item is not None:
                items.append(item)
        return items, opened

    def done(self) -> None:
        """Note that what `unlock` gave was committed."""
        self._begun = True
        self._client.keys_came = False


def _read(data: bytes) -> object:
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        return None
