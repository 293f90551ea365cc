"""Tools of somebody hostile on a real homeserver, and the bystander who must not notice any of it."""

from __future__ import annotations

import asyncio
import json
import logging
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest

from bot.commands.logs import _LIBRARIES
from tests.channels.matrix.bot import Bot
from tests.channels.matrix.person import Person
from tests.kit.synapse import ServerError, Synapse

CANARY = "canary"
"""Stands in everything that is written here; no log line may hold it."""
ODD: list[Any] = [None, True, 7, "x", [], ["x"], {}, {"x": "y"}, "\0"]


class Scene:
    """Use as `async with Scene(server, folder, caplog) as scene:`.

    Ada talks to the bot, Eve does too and means harm, Mallory shares no room with anybody.
    """

    def __init__(self, server: Synapse, folder: Path, caplog: pytest.LogCaptureFixture, url: str = "") -> None:
        self.server = server
        self.ada = Person(server, server.register("ada"), folder / "ada")
        self.eve = Person(server, server.register("eve"), folder / "eve")
        self.mallory = Person(server, server.register("mallory"), folder / "mallory")
        self.bot = Bot(server, server.register("bot"), folder / "bot", url=url)
        self._caplog = caplog
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Scene:
        """Let everybody begin."""
        self._caplog.set_level(logging.DEBUG)
        for name in _LIBRARIES:
            self._caplog.set_level(logging.WARNING, name)
        for one in (self.ada, self.eve, self.mallory, self.bot):
            await self._stack.enter_async_context(one)
        self.home = await self.ada.direct(self.bot.id, encrypted=True)
        self.room = await self.eve.direct(self.bot.id, encrypted=True)
        for person, room in ((self.ada, self.home), (self.eve, self.room)):
            await person.until(lambda person=person, room=room: len(person.messages(room)) == 2)  # type: ignore[misc]
            await person.says(room, "Germany")
            await person.until(lambda person=person, room=room: len(person.messages(room)) > 2)  # type: ignore[misc]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        """Let everybody end."""
        await self._stack.__aexit__(kind, error, at)

    # --- what a hostile client can do ------------------------------------------------------------------------------
    async def to_device(self, sender: Person, kind: str, content: Any) -> None:
        """Send a to-device message as any stranger may."""
        path = f"/_matrix/client/v3/sendToDevice/{quote(kind)}/{uuid4().hex}"
        body = {"messages": {self.bot.id: {self.bot.raw().device_id: content}}}
        await asyncio.to_thread(self.server.call, "PUT", path, body, sender.client.access_token)

    async def raw(self, sender: Person, room: str, kind: str, content: Any) -> str | None:
        """Send any event; None where the server itself refuses it."""
        path = f"/_matrix/client/v3/rooms/{quote(room)}/send/{quote(kind)}/{uuid4().hex}"
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        try:
            sent = await asyncio.to_thread(self.server.call, "PUT", path, body, sender.client.access_token)
        except ServerError:
            return None
        return str(sent["event_id"])

    async def encrypted(self, text: str) -> str | None:
        """Encrypt any text with Eve's key of her room and send it."""
        olm = self.eve.client.olm
        assert olm is not None
        session = olm.outbound_group_sessions[self.room]
        content = {
            "algorithm": "m.megolm.v1.aes-sha2", "sender_key": olm.account.identity_keys["curve25519"],
            "ciphertext": session.encrypt(text),  # type: ignore[no-untyped-call]  # nio leaves a few returns open
            "session_id": session.id, "device_id": olm.device_id,
        }  # fmt: skip
        return await self.raw(self.eve, self.room, "m.room.encrypted", content)

    # --- what must hold afterwards ---------------------------------------------------------------------------------
    async def unharmed(self) -> None:
        """Ada is answered as ever; nothing failed, no key went astray, and no log line holds what was written."""
        heard = len(self.ada.messages(self.home))
        said = await self.ada.says(self.home, f"{CANARY} of Ada")
        await self.ada.until(lambda: len(self.ada.messages(self.home)) > heard, 30.0)
        async with asyncio.timeout(30):
            while not await self.bot.store.handled("matrix", [said]):
                await asyncio.sleep(0.02)
        assert self.ada.unreadable == []
        assert self.eve.unreadable == []
        assert not self.bot.matrix.failed.done()
        assert (await self.bot.store.counts()).dead_letters == 0
        await self._keys_stay_home()
        assert self.mallory.seen == []
        assert CANARY not in self._caplog.text

    async def _keys_stay_home(self) -> None:
        token = self.bot.raw().access_token
        for room, session in self.bot.raw().olm.outbound_group_sessions.items():
            members = f"/_matrix/client/v3/rooms/{quote(room)}/members"
            there = await asyncio.to_thread(self.server.call, "GET", members, None, token)
            allowed = {
                event["state_key"] for event in there["chunk"] if event["content"]["membership"] in ("join", "invite")
            }
            assert {user for user, _ in session.users_shared_with} <= allowed - {self.mallory.id}
            assert session.users_shared_with
