"""What a homeserver may show: the same again, in another order, too much at once, or nothing of what was before."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.channels.matrix import timelines
from bot.channels.matrix.client import FILTER
from bot.channels.matrix.inbound import PRIVATE
from bot.channels.matrix.outbound import key_of
from bot.engine.session import Session, decode
from bot.service.examples.conversation import Conversation
from bot.service.records import Batch
from bot.store.keys import keyring_from_file
from bot.store.sqlite import SqliteStore
from tests.channels.matrix.bot import Bot, library
from tests.channels.matrix.person import Person
from tests.channels.matrix.test_faults_sending import queue
from tests.channels.matrix.test_rooms import threads
from tests.channels.matrix.walk import heard, said
from tests.crash.matrix import event_of
from tests.kit.faulty_proxy import FaultyProxy, changed, refuse
from tests.kit.synapse import Synapse


async def session_of(bot: Bot, room: str, person: Person, part: str = "") -> Session:
    """Give where somebody's conversation stands."""
    (stored,) = (await bot.store.load_sessions([key_of(bot.id, room, part, person.id)])).values()
    return decode(stored.data)


async def put_back(folder: Path, position: str) -> None:
    """Let a bot that is down believe that it read no further than this."""
    store = await SqliteStore.open(folder / "bot.db", keyring_from_file(folder / "key"))
    await store.commit(Batch(datetime.now(UTC), "matrix", position=position))
    await store.close()


async def test_n03_n04_e01_what_is_shown_ten_times_in_any_order_counts_once(server: Synapse, tmp_path: Path) -> None:
    account = server.register("bot")
    room = ""

    def ten_times(data: Any) -> None:
        timeline = data.get("rooms", {}).get("join", {}).get(room, {}).get("timeline", {})
        events = [one for one in timeline.get("events", []) if one["type"] == "m.room.message"]
        timeline["events"] = [one | {"origin_server_ts": 9**n} for n, one in enumerate([*reversed(events)] * 10)]

    async with FaultyProxy(server.url) as proxy, Person(server, server.register("ada"), tmp_path / "ada") as ada:
        talk = Conversation(library(), datetime.now(UTC))
        wanted = said(list(talk.start("en").messages))
        async with Bot(server, account, tmp_path / "bot", url=proxy.url) as bot:
            room = await ada.direct(bot.id, encrypted=False)
            await ada.until(lambda: len(ada.messages(room)) == 2)
            begun = await bot.store.position("matrix")
            assert begun
        spoil = proxy.fault("GET", "/sync", changed(ten_times), times=10**9)
        # Two at once, of which the server shows the second first.
        first, second = await ada.says(room, "/help"), await ada.says(room, "Germany")
        async with Bot(server, account, tmp_path / "bot", url=proxy.url) as bot:
            await bot.settled(ada, first, second)
            third = await ada.says(room, "/back")
            await bot.settled(ada, third)
            for text in ("Germany", "/help", "/back"):
                wanted += said(list(talk.send(event_of(text)).messages))
            assert heard(ada.messages(room)) == wanted
            after = await session_of(bot, room, ada)
        await put_back(tmp_path / "bot", begun)
        spoil.left = 0
        async with Bot(server, account, tmp_path / "bot", url=proxy.url) as bot:
            assert await session_of(bot, room, ada) == after
            await bot.settled(ada, await ada.says(room, "/status"))
            wanted += said(list(talk.send(event_of("/status")).messages))
            assert heard(ada.messages(room)) == wanted


async def test_n15_missed_events_are_read_back_page_by_page_and_too_many_are_told(
    server: Synapse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Miss 55 events in pages of 10, as one may miss 500 in pages of 100; the crash loop misses more than 100."""
    monkeypatch.setattr(timelines, "PAGE", 10)
    monkeypatch.setitem(FILTER["room"], "timeline", {"limit": 10})
    account = server.register("bot")
    async with FaultyProxy(server.url) as proxy, Person(server, server.register("ada"), tmp_path / "ada") as ada:
        async with Bot(server, account, tmp_path / "bot") as bot:
            room = await ada.room([bot.id], public=True)
            await ada.until(lambda: room in bot.raw().rooms)
            begun = await bot.store.position("matrix")
            assert begun
        called = await ada.says(room, "!optout")
        for _ in range(54):
            await ada.says(room, "talk")
        async with Bot(server, account, tmp_path / "bot", url=proxy.url) as bot:
            await bot.settled(ada, called)
            assert set(threads(ada, bot, room)) == {called}
            assert proxy.count("GET", "/messages") >= 5
            assert "missed" not in caplog.text
        await put_back(tmp_path / "bot", begun)
        monkeypatch.setattr(timelines, "PAGES", 2)
        with caplog.at_level(logging.WARNING):
            async with Bot(server, account, tmp_path / "bot") as bot:
                await bot.settled(ada, await ada.says(room, "Germany", thread=called))
        assert "more than 20 events that were missed" in caplog.text
        assert "Who is it for?" in str(threads(ada, bot, room)[called][-1]["content"]["body"])


async def test_n16_a_position_the_server_does_not_know_begins_anew_and_answers_once(
    server: Synapse, tmp_path: Path
) -> None:
    account = server.register("bot")
    async with FaultyProxy(server.url) as proxy, Person(server, server.register("ada"), tmp_path / "ada") as ada:
        async with Bot(server, account, tmp_path / "bot") as bot:
            room = await ada.direct(bot.id, encrypted=True)
            await ada.until(lambda: len(ada.messages(room)) == 2)
        await put_back(tmp_path / "bot", "no position of this server")
        first = await ada.says(room, "Germany")
        async with Bot(server, account, tmp_path / "bot", url=proxy.url) as bot:
            await bot.settled(ada, first)
            assert len(ada.messages(room)) == 3
            assert "Who is it for?" in str(ada.messages(room)[-1]["content"]["body"])
            # And while it runs; what was written since is answered all the same.
            proxy.fault("GET", "/sync", refuse(400, {"errcode": "M_INVALID_PARAM", "error": "Invalid stream token"}))
            await bot.settled(ada, await ada.says(room, "/help"))  # ends the sync that waits; the next one is refused
            before = len(ada.messages(room))
            await bot.settled(ada, await ada.says(room, "/back"))
            assert len(ada.messages(room)) == before + 1
            assert ada.unreadable == []
            assert (await session_of(bot, room, ada)).slots["territory"] == "DE"


async def test_n16_a_ban_and_a_room_forgotten_elsewhere_end_what_was_there_and_nothing_else(
    server: Synapse, tmp_path: Path
) -> None:
    account = server.register("bot")
    async with FaultyProxy(server.url) as proxy, Person(server, server.register("ada"), tmp_path / "ada") as ada:
        async with Bot(server, account, tmp_path / "bot", url=proxy.url) as bot:
            banned, forgotten = [await ada.direct(bot.id, encrypted=False) for _ in range(2)]
            public = await ada.room([bot.id], public=True)
            for room in (banned, forgotten):
                await ada.until(lambda room=room: len(ada.messages(room)) == 2)  # type: ignore[misc]
            await bot.settled(ada, called := await ada.says(public, "!optout"))
            await ada.client.room_ban(banned, bot.id)
            async with asyncio.timeout(10):
                while bot.matrix.memory.direct(banned):
                    await asyncio.sleep(0.02)
            tries = proxy.count("PUT", f"/rooms/{banned}/send/")
            await queue(bot, ada, banned, "one", "two")
            await bot.settled(ada)
            assert (await bot.store.counts()).closed_conversations == 1
            assert proxy.count("PUT", f"/rooms/{banned}/send/") == tries
        await put_back(tmp_path / "bot", "no position of this server")
        for what in ("leave", "forget"):  # the operator tidies up with another client
            server.call("POST", f"/_matrix/client/v3/rooms/{forgotten}/{what}", {}, account.token)
        async with Bot(server, account, tmp_path / "bot", url=proxy.url) as bot:
            assert bot.matrix.memory.named("direct") == {}
            await ada.reacts(public, threads(ada, bot, public)[called][-1]["event_id"], PRIVATE)
            private = await ada.until(lambda: next(iter(ada.client.invited_rooms), ""))
            await ada.joins(private)
            await ada.until(lambda: ada.messages(private))
