"""The bot as `run` puts it together, in this process: real store, real turns, real sender, against a real server."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any

from bot.app import open_library
from bot.channels.matrix.client import MatrixChannel
from bot.channels.matrix.login import Account
from bot.service.health import Health
from bot.service.library import Library
from bot.service.turns import Turns
from bot.store.keys import keyring_from_file
from bot.store.sqlite import SqliteStore
from tests.channels.matrix.person import Person
from tests.kit.synapse import Synapse, User


@cache
def library(language: str = "en") -> Library:
    """Give the shipped conversation, read once."""
    return open_library(default_language=language)


def handled(folder: Path) -> list[str]:
    """List the ids of handled events as they stand in the store."""
    with closing(sqlite3.connect(folder / "bot.db")) as database:
        return [event for (event,) in database.execute("SELECT event_id FROM handled")]


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
        url: str = "",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        account: Mapping[str, str] | None = None,
    ) -> None:
        self.server = server
        self.user = user
        self.id = user.id
        self.folder = folder
        self.allow = allow
        self.clock = clock
        self.rooms = rooms
        self.language = language
        self.url = url
        self.account = dict(account) if account is not None else {"password": user.password}
        self.ended: BaseException | None = None
        self.elsewhere: set[str] = set()
        """Events sent to other people, which `settled` does not wait for."""

    async def __aenter__(self) -> Bot:
        """Start and wait until messages are read."""
        self.folder.mkdir(parents=True, exist_ok=True)
        keyring = keyring_from_file(self.folder / "key")
        self.store = await SqliteStore.open(self.folder / "bot.db", keyring)
        self.turns = Turns(library(self.language), self.store, clock=self.clock)
        self.health = Health()
        account = Account(self.url or self.server.url, self.user.id, **self.account)
        self.matrix = MatrixChannel(
            account, self.turns, self.store, self.folder / "matrix", keyring.derive("matrix keys"), self.health,
            allow=self.allow, rooms=self.rooms,
        )  # fmt: skip
        self.turns.queued = lambda channel: self.matrix.sender.wake()
        try:
            async with asyncio.timeout(30):
                await self.matrix.start()
        except BaseException:
            await self._close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        """Stop as `run` does."""
        failed = self.matrix.failed
        self.ended = failed.exception() if failed.done() else None
        await self._close()
        if self.ended is not None and error is None:
            raise self.ended

    async def _close(self) -> None:
        await self.matrix.stop()
        await self.store.close()

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
