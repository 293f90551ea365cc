"""Who waited too long is excused to once, however the messages that waited come to their end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.engine.events import Pressed, Said, Started
from bot.errors import TryLater
from bot.service import outbox
from bot.service.health import ChannelHealth
from bot.service.outbox import Rate, Sender
from bot.service.records import OutboxRow
from bot.service.turns import Inbound, Turns
from bot.store.sqlite import SqliteStore
from bot.texts.plain import to_plain
from bot.texts.tree import Message
from tests.kit.pets import NOW, library
from tests.kit.telegram_bot import Clock

KEY = "test:ada"
EXCUSE = "phrase stale"


@pytest.fixture
async def store() -> AsyncIterator[SqliteStore]:
    opened = await SqliteStore.open(None)
    yield opened
    await opened.close()


class Slow:
    """Be a network that keeps the first message on its way until told, and then wants a pause."""

    channel = "test"

    def __init__(self) -> None:
        self.notices: Rate | None = None
        self.begun, self.goes_on = asyncio.Event(), asyncio.Event()
        self.said: list[str] = []

    def lane(self, row: OutboxRow) -> tuple[str, Rate | None]:
        return "", None

    async def send(self, row: OutboxRow, message: Message) -> str:
        if not self.begun.is_set():
            self.begun.set()
            await self.goes_on.wait()
            raise TryLater("a pause", 0.05)
        self.said.append(to_plain(message.body))
        return str(row.id)


async def test_a_message_that_comes_back_too_late_is_not_excused_for_once_more(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "_EXPIRY", 0.0)
    clock, network = Clock(NOW), Slow()
    turns = Turns(library(), store, clock=clock)
    sender = Sender(network, store, turns, ChannelHealth("test", clock))
    turns.queued = lambda channel: sender.wake()
    await turns.take("test", [_said(Started("en"), "e1"), _said(Pressed("dog"), "e2")])
    task = asyncio.create_task(sender.run())
    async with asyncio.timeout(10):
        await network.begun.wait()
        clock.advance(timedelta(minutes=20))
        sender.wake()
        await asyncio.sleep(0.05)
        network.goes_on.set()
        while (await store.counts()).waiting:
            await asyncio.sleep(0.01)
    await sender.stop()
    await task
    assert network.said == [EXCUSE, "Where does it live?"]


async def test_while_a_message_is_on_its_way_the_sender_does_not_spin(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, network = Clock(NOW), Slow()
    turns = Turns(library(), store, clock=clock)
    sender = Sender(network, store, turns, ChannelHealth("test", clock))
    await turns.take("test", [_said(Started("en"), "e1")])
    looks: list[float] = []
    due = store.due_outbox

    async def looked(*arguments: object, **options: object) -> tuple[OutboxRow, ...]:
        looks.append(time.monotonic())
        return await due(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(store, "due_outbox", looked)
    task = asyncio.create_task(sender.run())
    async with asyncio.timeout(10):
        await network.begun.wait()
        clock.advance(timedelta(minutes=20))
        sender.wake()
        await asyncio.sleep(0.3)
    assert len(looks) < 5
    network.goes_on.set()
    await sender.stop()
    await task


async def test_answers_that_grow_old_one_after_the_other_are_excused_for_once(store: SqliteStore) -> None:
    clock = Clock(NOW)
    turns = Turns(library(), store, clock=clock)
    await turns.take("test", [_said(Started("en"), "e1")])
    clock.advance(timedelta(minutes=10))
    await turns.take("test", [_said(Pressed("dog"), "e2")])
    clock.advance(timedelta(minutes=6))
    assert await turns.replace_expired("test") == 2
    clock.advance(timedelta(minutes=10))
    assert await turns.replace_expired("test") == 1
    assert await _events(store, clock) == ["stale"]
    # The excuse itself grows old: nobody has heard one yet, so another is made.
    clock.advance(timedelta(minutes=10))
    assert await turns.replace_expired("test") == 2
    assert await _events(store, clock) == ["stale"]
    # What is answered after an excuse and waits too long again is excused for again.
    clock.advance(timedelta(minutes=1))
    await turns.take("test", [_said(Said("Germany"), "e3")])
    clock.advance(timedelta(minutes=20))
    assert await turns.replace_expired("test") == 3
    assert await _events(store, clock) == ["stale"]


def _said(event: Started | Pressed | Said, name: str) -> Inbound:
    return Inbound(name, KEY, b"{}", event, NOW)


async def _events(store: SqliteStore, clock: Clock) -> list[str]:
    """Name the turns of which something waits."""
    assert (await store.counts()).waiting == {"test": 2}
    return [row.event_id.partition(":")[0] for row in await store.due_outbox("test", clock(), 100)]
