"""Write a message whose key comes after it."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.channels.matrix.bot import Bot
from tests.channels.matrix.person import Person
from tests.kit.synapse import Synapse


async def late_message(server: Synapse, person: Person, bot: Bot, room: str, text: str) -> str:
    """Send an encrypted message, wait until the bot keeps it unread, then send its key; gives the event's id."""
    olm = person.client.olm
    assert olm is not None
    person.client.invalidate_outbound_session(room)
    users = list(person.client.rooms[room].users)
    keys = [keys for _, keys in olm.share_group_session_parallel(room, users, ignore_unverified_devices=True)]
    olm.outbound_group_sessions[room].mark_as_shared()  # type: ignore[no-untyped-call]  # nio leaves a few returns open
    payload = {"type": "m.room.message", "content": {"msgtype": "m.text", "body": text}, "room_id": room}
    content: dict[str, Any] = olm.group_encrypt(room, payload)
    before = (await bot.store.counts()).undecrypted
    path = f"/_matrix/client/v3/rooms/{room}/send/m.room.encrypted/late"
    sent = server.call("PUT", path, content, person.client.access_token)["event_id"]
    async with asyncio.timeout(10):
        while (await bot.store.counts()).undecrypted == before:
            await asyncio.sleep(0.02)
    for number, one in enumerate(keys):
        path = f"/_matrix/client/v3/sendToDevice/m.room.encrypted/late{number}"
        server.call("PUT", path, one, person.client.access_token)
    return str(sent)
