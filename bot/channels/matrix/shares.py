"""Hand out the key of a room before something is sent there, so that everybody in it can read it.

matrix-nio hands keys out while it sends, counts a key as handed out even when that failed, and asks for nobody's
devices once it knows the members: what was sent then is unreadable for good. Here nothing is sent before every device
that can be reached has the key.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any
from uuid import uuid4

import nio

from bot.channels.matrix.devices import AGAIN, claim, learn
from bot.channels.matrix.guards import GuardedClient
from bot.channels.matrix.http import call
from bot.errors import TryLater

log = logging.getLogger("bot.matrix")

Devices = frozenset[tuple[str, str]]
_TO_DEVICE = "/_matrix/client/v3/sendToDevice/m.room.encrypted"


class Shares:
    """Know which devices of which rooms could not be given a key."""

    def __init__(self, client: GuardedClient) -> None:
        self._client = client
        self._locks: dict[str, asyncio.Lock] = {}
        self._gaps: dict[str, tuple[Devices, float]] = {}

    async def ready(self, room: nio.MatrixRoom) -> None:
        """Give the key of a room to all its devices; nothing to do in most cases.

        Raises `TryLater` when the homeserver does not take it now, and what a network raises.
        """
        if self._client.olm is None or not room.encrypted:
            return
        lock = self._locks.setdefault(room.room_id, asyncio.Lock())
        async with lock:
            await self._know(room)
            await self._share(room)

    def gone(self, room: str) -> None:
        """Forget a room the bot is no longer in."""
        self._locks.pop(room, None)
        self._gaps.pop(room, None)

    async def _know(self, room: nio.MatrixRoom) -> None:
        """Know the members, and the devices of each."""
        if not room.members_synced:
            response = await self._client.joined_members(room.room_id)
            if not isinstance(response, nio.JoinedMembersResponse):
                raise TryLater("the homeserver did not show the members of a room", 1.0)
        await learn(self._client, room.users)

    async def _share(self, room: nio.MatrixRoom) -> None:
        olm: Any = self._client.olm
        gap, since = self._gaps.get(room.room_id, (Devices(), 0.0))
        if not olm.should_share_group_session(room.room_id):
            missing = self._missing(room)
            if not missing or (missing <= gap and _now() - since < AGAIN):
                return
            olm.outbound_group_sessions[room.room_id].shared = False  # the same key goes to whoever has not got it
        unmet = olm.get_missing_sessions(list(room.users))
        if unmet:
            await claim(self._client, unmet)
        parts = list(olm.share_group_session_parallel(room.room_id, list(room.users), ignore_unverified_devices=True))
        session = olm.outbound_group_sessions[room.room_id]
        for given, content in parts:
            answer = await call(self._client, "PUT", f"{_TO_DEVICE}/{uuid4().hex}", content)
            if answer.status == 429 or answer.status >= 500 or answer.status == 401:
                wait = answer.retry_after if answer.status == 429 else 0.0
                raise TryLater(f"the homeserver did not hand out a key ({answer.status} {answer.code})", wait)
            if answer.status == 200:
                session.users_shared_with.update(given)
        session.shared = True
        missing = self._missing(room)
        if missing:
            log.warning("%d devices of a room cannot be given the key of its messages for now", len(missing))
            self._gaps[room.room_id] = (missing, _now())
        else:
            self._gaps.pop(room.room_id, None)

    def _missing(self, room: nio.MatrixRoom) -> Devices:
        """List the devices that have not got the key in use."""
        olm: Any = self._client.olm
        session = olm.outbound_group_sessions[room.room_id]
        has = session.users_shared_with | session.users_ignored
        return frozenset(
            (device.user_id, device.id)
            for user in room.users
            for device in olm.device_store.active_user_devices(user)
            if device.id != self._client.device_id and (device.user_id, device.id) not in has
        )


def _now() -> float:
    return asyncio.get_running_loop().time()
