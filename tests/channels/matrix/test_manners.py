"""What the bot shows besides its words: that it read a message, and that it is writing; and where it lives."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from aiohttp import web

from tests.channels.matrix.bot import Bot
from tests.channels.matrix.person import Person
from tests.channels.matrix.test_rooms import threads
from tests.kit.faulty_proxy import FaultyProxy, refuse
from tests.kit.synapse import Synapse


async def test_a_message_is_marked_as_read_and_writing_is_shown_where_it_is_answered(
    server: Synapse, tmp_path: Path
) -> None:
    async with (
        Person(server, server.register("ada"), tmp_path / "ada") as ada,
        Person(server, server.register("ben"), tmp_path / "ben") as ben,
        Bot(server, server.register("bot"), tmp_path / "bot") as bot,
    ):
        room = await ada.room([bot.id], public=True)
        await ada.until(lambda: bot.id in ada.client.rooms[room].users)
        await ben.joins(room)
        direct = await ben.direct(bot.id, encrypted=True)
        await ben.answered(direct)
        talk = await ada.says(room, "nothing for the bot")
        said = await ben.says(direct, "Germany")
        await bot.settled(ben, said)
        await ben.until(lambda: bot.id in ben.typed.get(direct, ()))
        await ben.until(lambda: ben.read.get((direct, bot.id)) == said)
        called = await ada.says(room, "!optout")
        await ada.until(lambda: ada.read.get((room, bot.id)) == called)
        await ada.until(lambda: bot.id in ada.typed.get(room, ()))
        assert talk != called
        assert (room, talk) not in ada.receipts


async def test_the_rooms_of_the_settings_are_joined_when_they_are_there_and_never_left(
    server: Synapse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.matrix.errands._NOT_YET", 0.3)
    account = server.register("bot")
    name = account.id[1:].partition(":")[0]
    alias = f"#home-{name}:localhost"
    async with (
        FaultyProxy(server.url) as proxy,
        Person(server, server.register("ada"), tmp_path / "ada") as ada,
        Person(server, server.register("ben"), tmp_path / "ben") as ben,
    ):
        limited = proxy.fault("POST", "/join/", refuse(429, {"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 100}))
        missing = proxy.fault("POST", "/join/", _pass)
        async with Bot(server, account, tmp_path / "bot", url=proxy.url, rooms=[alias]) as bot:
            await limited.met
            await missing.met  # there is no such room yet
            room = await ada.room(public=True)
            await ada.client.room_put_alias(alias, room)
            await ada.until(lambda: bot.id in ada.client.rooms[room].users)
            await ada.client.room_leave(room)
            async with asyncio.timeout(10):
                while len(bot.raw().rooms[room].users) > 1:
                    await asyncio.sleep(0.02)
        async with Bot(server, account, tmp_path / "bot", url=proxy.url, rooms=[alias]) as bot:
            await ben.joins(alias)
            await ben.until(lambda: threads(ben, bot, room))
            await ben.client.room_leave(room)
            await ada.joins(alias)
            await ada.until(lambda: threads(ada, bot, room))
            assert proxy.count("POST", "/leave") == 0


async def _pass(proxy: FaultyProxy, request: web.Request) -> web.StreamResponse:
    return await proxy.forward(request)
