"""The bot as `run` puts it together, in this process: real store, real turns, real sender, against a real server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any

from bot.app import open_library
from bot.channels.matrix.client import Matrix
from bot.channels.matrix.login import Account
from bot.service.health import ChannelHealth
from bot.service.library import Library
from bot.service.outbox import Sender
from bot.service.turns import Turns
from bot.store.keys import keyring_from_file
from bot.store.sqlite import SqliteStore
from tests.channels.matrix.person import Person
from tests.kit.synapse import Synapse, User


@cache
def library(language: str = "en") -> Library:
    """Give the shipped conversation, read once."""
    return open_library(default_language=language)


class Bot:
    """Use as `async with Bot(server, user, folder) as bot:`; leaving and entering again is a restart."""

    def __init__(
        self,
        server: Synapse,
        user: User,
        folder: Path,
        *,
        allow: Sequence[str] = (),
        rooms: Sequence[str] = (),
        language: str = "en",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        **account: str,
    ) -> None:
        self.server = server
        self.user = user
        self.id = user.id
        self.folder = folder
        self.allow = allow
        self.clock = clock
        self.rooms = rooms
        self.language = language
        self.account = account or {"password": user.password}
        self.ended: BaseException | None = None
        self.elsewhere: set[str] = set()
        """Events sent to other people, which `settled` does not wait for."""

    async def open(self) -> None:
        """Put the parts together and log in."""
        self.folder.mkdir(parents=True, exist_ok=True)
        keyring = keyring_from_file(self.folder / "key")
        self.store = await SqliteStore.open(self.folder / "bot.db", keyring)
        self.turns = Turns(library(self.language), self.store, clock=self.clock)
        self.health = ChannelHealth("matrix")
        account = Account(self.server.url, self.user.id, **self.account)
        self.matrix = Matrix(
            account, self.turns, self.store, self.folder / "matrix", keyring.derive("matrix keys"), self.health,
            allow=self.allow, rooms=self.rooms,
        )  # fmt: skip
        try:
            await self.matrix.open()
        except BaseException:
            await self.matrix.close()
            await self.store.close()
            raise

    async def __aenter__(self) -> Bot:
        """Start and wait until messages are read."""
        await self.open()
        self.sender = Sender(self.matrix.outgoing, self.store, self.turns, self.health)
        self.turns.queued = lambda channel: self.sender.wake()
        self._receiving = asyncio.create_task(self.matrix.run())
        self._sending = asyncio.create_task(self.sender.run())
        async with asyncio.timeout(30):
            up = asyncio.create_task(self.matrix.up.wait())
            await asyncio.wait([up, self._receiving], return_when=asyncio.FIRST_COMPLETED)
        if self._receiving.done():
            up.cancel()
            self._receiving.result()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        """Stop as `run` does."""
        await self.matrix.stop()
        await self.sender.stop()
        results = await asyncio.gather(self._receiving, self._sending, return_exceptions=True)
        await self.matrix.close()
        await self.store.close()
        self.ended = next((one for one in results if isinstance(one, BaseException)), None)
        if self.ended is not None and error is None and not isinstance(self.ended, asyncio.CancelledError):
            raise self.ended

    async def settled(self, person: Person, *events: str, seconds: float = 20.0) -> None:
        """Wait until these events were handled, all answers are sent, and the person was shown the last of them."""
        async with asyncio.timeout(seconds):
            while await self.store.handled("matrix", events) != set(events):
                await asyncio.sleep(0.01)
            while (await self.store.counts()).waiting:
                await asyncio.sleep(0.01)
            sent = set(self.matrix.outgoing.own)
        await person.until(lambda: sent - self.elsewhere <= {one["event_id"] for one in person.seen}, seconds)

    def raw(self) -> Any:
        """Give the library's client, to look at rooms and keys."""
        return self.matrix.client
