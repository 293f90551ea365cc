"""One person on two networks is two people to the bot, until they say otherwise: there is no such way."""

from __future__ import annotations

from typing import Any

from bot.channels.telegram.inbound import conversation
from bot.engine.events import Command, Said, Started
from bot.engine.session import decode
from bot.service.turns import Inbound, Turns
from bot.store.sqlite import SqliteStore
from tests.kit.pets import NOW, library

TELEGRAM = conversation(1, 100, 0, 100)
MATRIX = "matrix:@bot:example.org:!room:example.org:@100:example.org"


async def test_e13_the_same_person_on_two_networks_has_two_conversations() -> None:
    store = await SqliteStore.open(None)
    turns = Turns(library(), store, clock=lambda: NOW)
    names = iter(range(100))

    async def hears(channel: str, key: str, *events: Any, event_id: str = "") -> None:
        for event in events:
            await turns.take(channel, [Inbound(event_id or f"e{next(names)}", key, b"{}", event, NOW)])

    # Even the same id of an event is another event on another network.
    await hears("telegram", TELEGRAM, Started("en"), event_id="same")
    await hears("matrix", MATRIX, Started("en"), event_id="same")
    await hears("telegram", TELEGRAM, Said("dog"))
    await hears("matrix", MATRIX, Said("cat"), Said("Germany"))
    found = {key: decode(one.data) for key, one in (await store.load_sessions([TELEGRAM, MATRIX])).items()}
    assert found[TELEGRAM].slots == {"animal": "dog"}
    assert found[MATRIX].slots == {"animal": "cat", "country": "DE"}
    assert (await store.counts()).people == 2

    await hears("telegram", TELEGRAM, Command("forget"))
    left = await store.load_sessions([TELEGRAM, MATRIX])
    assert set(left) == {MATRIX}
    assert decode(left[MATRIX].data) == found[MATRIX]
    await hears("matrix", MATRIX, Said("meat"))
    (after,) = (await store.load_sessions([MATRIX])).values()
    assert decode(after.data).slots["foods"] == ("meat",)
    await store.close()
