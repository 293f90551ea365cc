"""Take what was said in a room along to its successor, and only to that."""

from __future__ import annotations

import logging
from urllib.parse import quote

from bot.channels.matrix.guards import GuardedClient
from bot.channels.matrix.http import call
from bot.channels.matrix.outbound import Address, key_of
from bot.channels.matrix.rooms import Memory
from bot.channels.matrix.sending import Outgoing
from bot.service.ports import Store

log = logging.getLogger("bot.matrix")


class Upgrades:
    """Move conversations into rooms that replace others."""

    def __init__(self, client: GuardedClient, store: Store, memory: Memory, outgoing: Outgoing) -> None:
        self._client = client
        self._store = store
        self._memory = memory
        self._outgoing = outgoing

    async def follow(self, room: str, old: str, *, known: bool) -> float | None:
        """Go on in a room that was joined; gives the seconds to wait where the server cannot answer now.

        Whoever may upgrade a room may name any other as its replacement, also somebody else's chat with the bot. Only a
        room that was made as the successor is one; another is left where the bot was not in it before (`known`).
        """
        path = f"/_matrix/client/v3/rooms/{quote(room, safe='')}/state/m.room.create/"
        made = await call(self._client, "GET", path)
        if made.status == 429 or made.status >= 500:
            return made.retry_after
        predecessor = made.body.get("predecessor")
        if not isinstance(predecessor, dict) or predecessor.get("room_id") != old:
            log.warning("a room that is no successor of the one it should replace was not followed")
            self._memory.put(f"join {room}", None)
            if not known:
                self._memory.put(f"leave {room}", True)
            return None
        self._outgoing.expected.setdefault(room, "")
        await self._direct(old, room)
        await self._threads(old, room)
        for alias, home in self._memory.named("home").items():
            if home == old:
                self._memory.put(f"home {alias}", room)
        self._memory.put(f"join {room}", None)
        self._memory.put(f"invite {room}", None)
        self._memory.put(f"leave {old}", True)
        return None

    async def _direct(self, old: str, room: str) -> None:
        """Let a direct chat go on."""
        person = self._memory.direct(old)
        if person:
            me = self._client.user_id
            moved = Address(room, person).to_bytes()
            await self._store.move_conversation(key_of(me, old, "", person), key_of(me, room, "", person), moved)
            self._memory.put(f"direct {room}", person)
            self._memory.put(f"direct {old}", None)

    async def _threads(self, old: str, room: str) -> None:
        """Let the conversations of a room go on, each in a new thread: the old one stays behind."""
        me = self._client.user_id
        for where, part, person in self._memory.conversations().values():
            if where == old:
                new = f"~{part.lstrip('~')}+"
                moved = Address(room, person, direct=False, pending=new).to_bytes()
                await self._store.move_conversation(key_of(me, old, part, person), key_of(me, room, new, person), moved)
                self._memory.put(f"greeted {room} {person}", new)
