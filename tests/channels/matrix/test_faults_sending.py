"""Sending to a homeserver that refuses, breaks off or is away: everything is said once, as soon as it may be."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
import pytest
from aiohttp import web

from bot.channels.matrix.outbound import Address, key_of
from bot.errors import TryLater
from bot.service import outbox
from bot.service.records import Batch, Outgoing
from bot.texts.tree import Message, Paragraph, Run, to_json
from tests.channels.matrix.bot import Bot
from tests.channels.matrix.person import Person
from tests.channels.matrix.walk import Clock
from tests.kit.faulty_proxy import FaultyProxy, Handler, changed, cut, cut_after, hang, refuse
from tests.kit.synapse import Synapse

LIMITED = {"errcode": "M_LIMIT_EXCEEDED", "error": "Too Many Requests"}


async def queue(bot: Bot, person: Person, room: str, *texts: str, minutes: float = 60.0) -> None:
    """Let messages wait for a person as a reminder or an announcement does."""
    now = bot.clock()
    key, address = key_of(bot.id, room, "", person.id), Address(room, person.id).to_bytes()
    rows = [
        Outgoing(
            key, "matrix", address, orjson.dumps(to_json(Message((Paragraph((Run(text),)),)))), f"test {room} {text}",
            number, now + timedelta(minutes=minutes), "notice",
        )
        for number, text in enumerate(texts)
    ]  # fmt: skip
    await bot.store.commit(Batch(now, "matrix", outbox=tuple(rows)))
    bot.matrix.sender.wake()


def bodies(person: Person, room: str) -> list[str]:
    """Give the words a person was shown."""
    return [str(one["content"]["body"]) for one in person.messages(room)]


WAITS: list[tuple[Any, str, float]] = [
    (1000, "", 1), (30_000, "", 30), (3_600_000, "", 3600), (None, "", 5), (-5, "", 5), (1500.5, "", 1.5005),
    (0, "", 5), (True, "", 5), ("9", "", 5), (10**12, "", 5), (10**400, "", 5), (1, "", 0.05),
    (None, "30", 30), (None, "Wed, 21 Oct 2026 07:28:00 GMT", 5), (None, "٣", 5), (2000, "30", 2), (None, "9" * 99, 5),
]  # fmt: skip


async def test_o01_a_pause_the_server_asks_for_is_kept_whatever_it_is(server: Synapse, tmp_path: Path) -> None:
    async with (
        FaultyProxy(server.url) as proxy,
        Person(server, server.register("ada"), tmp_path / "ada") as ada,
        Person(server, server.register("ben"), tmp_path / "ben") as ben,
        Bot(server, server.register("bot"), tmp_path / "bot", url=proxy.url) as bot,
    ):
        rooms = [await one.direct(bot.id, encrypted=False) for one in (ada, ben)]
        for one, room in zip((ada, ben), rooms, strict=True):
            await one.until(lambda one=one, room=room: len(one.messages(room)) == 2)  # type: ignore[misc]
        outgoing, known = bot.matrix.outgoing, bot.raw().rooms[rooms[0]]
        for value, header, seconds in WAITS:
            body = LIMITED if value is None else {**LIMITED, "retry_after_ms": value}
            fault = proxy.fault("PUT", "/send/", refuse(429, body, **({"Retry-After": header} if header else {})))
            for _ in range(2):  # the second is not even tried
                with pytest.raises(TryLater) as found:
                    await outgoing.event(known, "m.room.message", {"msgtype": "m.text", "body": "x"}, uuid4().hex)
                assert seconds - 1 < found.value.after <= seconds, (value, header)
            assert fault.count == 1
            outgoing._pause_until = 0.0
        # The limit is the bot's own: whoever is written to has to wait, and whoever writes is read meanwhile.
        proxy.fault("PUT", "/send/", refuse(429, {**LIMITED, "retry_after_ms": 1200.5}))
        began, asked = time.monotonic(), proxy.count("PUT", "/send/")
        said = [await one.says(room, "Germany") for one, room in zip((ada, ben), rooms, strict=True)]
        async with asyncio.timeout(1.0):
            while await bot.store.handled("matrix", said) != set(said):
                await asyncio.sleep(0.01)
        for one, room in zip((ada, ben), rooms, strict=True):
            await one.until(lambda one=one, room=room: "Who is it for?" in bodies(one, room)[-1])  # type: ignore[misc]
        assert time.monotonic() - began > 1.2
        assert proxy.count("PUT", "/send/") - asked <= 4  # one was refused, at most one more was under way then


async def _garbage(proxy: FaultyProxy, request: web.Request) -> web.StreamResponse:
    """Answer as a proxy before the server does."""
    return web.Response(status=502, text="<html>Bad Gateway</html>", content_type="text/html")


async def _truncated(proxy: FaultyProxy, request: web.Request) -> web.StreamResponse:
    """Let the server do it, and lose the end of its answer."""
    whole = await proxy.forward(request)
    assert isinstance(whole.body, bytes)
    return web.Response(status=whole.status, body=whole.body[:9], content_type="application/json")


HOW: dict[str, Handler] = {
    "500": refuse(500), "502": _garbage, "504": refuse(504), "reset": cut, "lost": cut_after, "silent": hang,
    "truncated": _truncated, "odd": changed(lambda data: [data]),
}  # fmt: skip


async def test_o02_a_message_that_met_any_fault_is_said_once(
    server: Synapse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.matrix.sending._SECONDS", 0.5)
    monkeypatch.setattr(outbox, "_LONGEST_PAUSE", 0.3)
    monkeypatch.setattr(outbox, "_LONGEST_WAIT", 0.3)
    async with (
        FaultyProxy(server.url) as proxy,
        Person(server, server.register("ada"), tmp_path / "ada") as ada,
        Bot(server, server.register("bot"), tmp_path / "bot", url=proxy.url) as bot,
    ):
        made = await asyncio.gather(*(ada.direct(bot.id, encrypted=how in ("504", "lost")) for how in HOW))
        rooms = dict(zip(HOW, made, strict=True))
        for room in rooms.values():
            await ada.until(lambda room=room: len(ada.messages(room)) == 2)  # type: ignore[misc]
        faults = {how: proxy.fault("PUT", f"/rooms/{room}/send/", HOW[how]) for how, room in rooms.items()}
        said = await asyncio.gather(*(ada.says(room, "Germany") for room in rooms.values()))
        await bot.settled(ada, *said)
        await asyncio.sleep(0.2)  # whatever came twice would be shown by now
        for how, room in rooms.items():
            assert faults[how].count == 1, how
            assert sum("Who is it for?" in words for words in bodies(ada, room)) == 1, how
        counts = await bot.store.counts()
        assert (counts.dead_letters, counts.unknown, ada.unreadable) == (0, 0, [])


async def test_o10_o12_an_outage_of_six_hours_and_a_clock_put_back_make_no_storm_and_no_stale_answers(
    server: Synapse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "_LONGEST_PAUSE", 0.1)
    monkeypatch.setattr(outbox, "_EXPIRY", 0.02)
    clock = Clock(datetime.now(UTC))
    async with (
        FaultyProxy(server.url) as proxy,
        Person(server, server.register("ada"), tmp_path / "ada") as ada,
        Bot(server, server.register("bot"), tmp_path / "bot", url=proxy.url, clock=clock) as bot,
    ):
        bot.matrix.outgoing.notices = None  # as on a server that lifted the bot's limit
        rooms = [await ada.direct(bot.id, encrypted=False) for _ in range(2)]
        for room in rooms:
            await ada.until(lambda room=room: len(ada.messages(room)) == 2)  # type: ignore[misc]
        before = [len(ada.messages(room)) for room in rooms]
        away = proxy.fault("PUT", "/send/", refuse(502), times=10**9)
        said = [await ada.says(room, "/status") for room in rooms]
        async with asyncio.timeout(10):
            while await bot.store.handled("matrix", said) != set(said):
                await asyncio.sleep(0.01)
        for room in rooms:
            await queue(bot, ada, room, *(f"reminder {number}" for number in range(10)), minutes=60 * 24)
        for hours in (1, 1, -3, 4, 1, 1, 1):
            clock.advance(timedelta(hours=hours))
            bot.matrix.sender.wake()
            await asyncio.sleep(0.15)
        assert away.count < 60  # one at a time looks whether the server is there again
        assert (await bot.store.counts()).waiting["matrix"] >= 2 * 10
        away.left = 0
        async with asyncio.timeout(20):
            while (await bot.store.counts()).waiting:
                clock.advance(timedelta(seconds=30))
                bot.matrix.sender.wake()
                await asyncio.sleep(0.05)
        await bot.settled(ada)
        excuse = bot.matrix.outgoing.phrase("en", "stale")
        for room, seen in zip(rooms, before, strict=True):
            words = bodies(ada, room)[seen:]
            assert [one for one in words if one.startswith("reminder")] == [f"reminder {n}" for n in range(10)]
            assert any(excuse in one for one in words)
            assert any("Where do you live?" in one for one in words)
