"""The machine's clock is put back while messages wait for their next try: no storm, and nothing is forgotten."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta

import orjson
import pytest

from bot.errors import TryLater
from bot.service.health import ChannelHealth
from bot.service.outbox import Rate, Sender
from bot.service.records import Batch, OutboxRow, Outgoing
from bot.service.turns import Turns
from bot.store.sqlite import SqliteStore
from bot.texts.tree import Message, Paragraph, Run, to_json
from tests.kit import pets
from tests.kit.telegram_bot import Clock


class Refusing:
    """Be a network that asks everybody to wait for half a minute, until it does not."""

    channel = "telegram"

    def __init__(self) -> None:
        self.notices: Rate | None = None
        self.tries = 0
        self.well = False
        self.arrived: list[str] = []

    def lane(self, row: OutboxRow) -> tuple[str, Rate | None]:
        return row.key, None

    async def send(self, row: OutboxRow, message: Message) -> str:
        self.tries += 1
        if not self.well:
            raise TryLater("wait", 30.0)
        self.arrived.append(row.key)
        return str(row.id)


@pytest.mark.parametrize("back", [timedelta(seconds=5), timedelta(hours=1), timedelta(days=400)])
async def test_o12_a_clock_put_back_during_back_off_makes_no_storm(back: timedelta) -> None:
    clock, network = Clock(pets.NOW), Refusing()
    store = await SqliteStore.open(None)
    turns = Turns(pets.library(), store, clock=clock)
    sender = Sender(network, store, turns, ChannelHealth("telegram", clock))
    payload = orjson.dumps(to_json(Message((Paragraph((Run("hello"),)),))))
    keys = [f"telegram:1:{number}:0:{number}" for number in range(20)]
    rows = [Outgoing(key, "telegram", b"{}", payload, key, 0, clock() + timedelta(days=1), "notice") for key in keys]
    await store.commit(Batch(clock(), "telegram", outbox=tuple(rows)))
    task = asyncio.create_task(sender.run())
    try:
        await _until(lambda: network.tries == 20)
        for _ in range(5):
            clock.advance(-back / 5)
            sender.wake()
            await asyncio.sleep(0.05)
        assert network.tries == 20
        assert (await store.counts()).waiting == {"telegram": 20}
        network.well = True
        clock.advance(back + timedelta(seconds=31))
        sender.wake()
        await _until(lambda: len(network.arrived) == 20)
        assert sorted(network.arrived) == sorted(keys)
        assert network.tries == 40
    finally:
        await sender.stop()
        await task
        await store.close()


async def _until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not true():
        assert time.monotonic() < end
        await asyncio.sleep(0.002)
