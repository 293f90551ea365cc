"""What becomes of a message when not the network but our own database is unwell."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.engine.events import Started
from bot.errors import StoreError
from bot.service.health import ChannelHealth
from bot.service.outbox import Rate, Sender
from bot.service.records import OutboxRow
from bot.service.turns import Inbound, Turns
from bot.store.sqlite import SqliteStore
from bot.texts.plain import to_plain
from bot.texts.tree import Message
from tests.kit import pets
from tests.kit.telegram_bot import Clock


class NeedsTheStore:
    """Be a network that reads the database while it sends."""

    channel = "telegram"

    def __init__(self) -> None:
        self.notices: Rate | None = None
        self.unwell = 2
        self.said: list[str] = []

    def lane(self, row: OutboxRow) -> tuple[str, Rate | None]:
        return row.key, None

    async def send(self, row: OutboxRow, message: Message) -> str:
        if self.unwell:
            self.unwell -= 1
            raise StoreError("The disk is full.")
        self.said.append(to_plain(message.body))
        return str(row.id)


async def test_s02_s06_a_message_waits_while_the_database_cannot_be_read_and_is_then_sent() -> None:
    clock, network = Clock(pets.NOW), NeedsTheStore()
    store = await SqliteStore.open(None)
    turns = Turns(pets.library(), store, clock=clock)
    sender = Sender(network, store, turns, ChannelHealth("telegram", clock))
    await turns.take("telegram", [Inbound("1", "telegram:1:1:0:1", b"{}", Started("en"), clock())])
    task = asyncio.create_task(sender.run())
    async with asyncio.timeout(10):
        while (await store.counts()).waiting:
            clock.advance(timedelta(seconds=5))
            sender.wake()
            await asyncio.sleep(0.01)
    await sender.stop()
    await task
    assert network.unwell == 0
    assert network.said[-1] == "Which animal do you have?"
    assert (await store.counts()).dead_letters == 0
    await store.close()
