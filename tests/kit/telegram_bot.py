"""The bot on Telegram in this process: the real channel, store and turns against the double, on a clock of its own."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.channels.http import HttpServer
from bot.channels.telegram.channel import Options, TelegramChannel
from bot.service.flood import Floods
from bot.service.health import Health
from bot.service.library import Library
from bot.service.turns import Turns
from bot.store.keys import keyring_from_file
from bot.store.sqlite import SqliteStore
from tests.kit.person import Person
from tests.kit.telegram_double.server import TOKEN, TelegramDouble

SECRET = "a-secret-of-the-tests"


class Clock:
    """Go on from a given moment as real time goes on, and further when told to."""

    def __init__(self, start: datetime | None = None) -> None:
        self._start = start or datetime.now(UTC)
        self._from = time.monotonic()

    def __call__(self) -> datetime:
        """Give the time."""
        return self._start + timedelta(seconds=time.monotonic() - self._from)

    def advance(self, span: timedelta) -> None:
        """Let time go by."""
        self._start += span


class TelegramBot:
    """Hold what runs, and wait until it is quiet."""

    def __init__(self, double: TelegramDouble, library: Library, store: SqliteStore, clock: Clock) -> None:
        self.double = double
        self.library = library
        self.store = store
        self.clock = clock
        self.health = Health(clock)
        self.turns = Turns(library, store, clock=clock)
        self._people = 7_000_000_000
        self.channel: TelegramChannel
        self.server: HttpServer | None = None

    async def start(self, *, webhook: bool = False, limits: bool = False, in_place: bool = True) -> None:
        """Bring the channel up."""
        url, port = "", 0
        if webhook:
            import socket

            with socket.create_server(("127.0.0.1", 0)) as probe:
                port = probe.getsockname()[1]
            url = f"http://127.0.0.1:{port}/telegram"
        options = Options(TOKEN, self.double.url, url, SECRET if webhook else "", limits=limits, in_place=in_place)
        self.channel = TelegramChannel(options, self.library, self.turns, self.store, self.health)
        self.turns.queued = lambda channel: self.channel.sender.wake()
        if webhook:
            self.server = HttpServer(("127.0.0.1", port), self.health, self.store, self.channel.routes())
            await self.server.start()
        await self.channel.start()

    async def stop(self) -> None:
        """Bring it down."""
        if self.server is not None:
            await self.server.stop()
        await self.channel.stop(2.0)

    def person(self, language: str | None = "en", name: str = "Ada") -> Person:
        """Let somebody new appear."""
        self._people += 1
        return Person(self.double, self._people, self.settle, language, name)

    async def settle(self, seconds: float = 20.0) -> None:
        """Wait until every update is confirmed and every message sent, refused or waiting for later."""
        end = time.monotonic() + seconds
        quiet = 0
        while quiet < 2:
            assert time.monotonic() < end, f"the bot is not done: {self.health.page()}, {self.double.pending}"
            waiting = (await self.store.counts()).waiting.get("telegram", 0)
            when = await self.store.next_outbox("telegram", self.clock()) if waiting else None
            later = when is not None and when > self.clock() + timedelta(milliseconds=500)
            busy = self.double.pending or self.double.under_way or self.channel.sender.busy or (waiting and not later)
            quiet = 0 if busy else quiet + 1
            await asyncio.sleep(0.002 if busy else 0.001)


@asynccontextmanager
async def telegram_bot(
    library: Library,
    *,
    webhook: bool = False,
    limits: bool = False,
    in_place: bool = True,
    start: datetime | None = None,
    path: Path | None = None,
    double: TelegramDouble | None = None,
    floods: bool = False,
) -> AsyncIterator[TelegramBot]:
    """Run the bot against a double of its own (or one given), and hold it to every rule at the end."""
    own = double is None
    double = double or TelegramDouble()
    if own:
        await double.start()
    keyring = keyring_from_file(path.with_suffix(".key")) if path else None
    store = await SqliteStore.open(path, keyring)
    bot = TelegramBot(double, library, store, Clock(start))
    if floods:
        bot.turns.floods = Floods()
    try:
        await bot.start(webhook=webhook, limits=limits, in_place=in_place)
        yield bot
    finally:
        await bot.stop()
        await store.close()
        if own:
            await double.stop()
    double.check()
