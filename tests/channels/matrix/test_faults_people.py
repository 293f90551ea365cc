"""What people with bad intentions, or with many rooms, do on a real homeserver: others are answered as ever."""

from __future__ import annotations

import asyncio
import logging
import time
from pathlib import Path
from typing import Any

import pytest

from bot.channels.matrix.outbound import key_of
from bot.engine.session import decode
from bot.service.flood import Floods
from tests.channels.matrix.bot import Bot
from tests.channels.matrix.person import Person
from tests.channels.matrix.test_faults_sending import bodies
from tests.kit.faulty_proxy import FaultyProxy, changed
from tests.kit.synapse import Synapse


def invitation(bot: str, by: str) -> dict[str, Any]:
    """Make an invitation as a server shows it."""
    content = {"membership": "invite", "is_direct": True, "displayname": "canary"}
    return {"invite_state": {"events": [{"type": "m.room.member", "sender": by, "state_key": bot, "content": content}]}}


async def test_n18_ten_thousand_invitations_at_once_hold_nobody_up(server: Synapse, tmp_path: Path) -> None:
    async with (
        FaultyProxy(server.url) as proxy,
        Person(server, server.register("ada"), tmp_path / "ada") as ada,
        Bot(server, server.register("bot"), tmp_path / "bot", url=proxy.url) as bot,
    ):
        room = await ada.direct(bot.id, encrypted=True)
        await ada.until(lambda: len(ada.messages(room)) == 2)
        flood = {
            f"!s{number}:elsewhere.org": invitation(bot.id, f"@s{number}:elsewhere.org") for number in range(10_000)
        }
        flood |= {f"!o{number}:localhost": invitation(bot.id, "@nobody:localhost") for number in range(60)}

        def spoil(data: Any) -> None:
            data.setdefault("rooms", {}).setdefault("invite", {}).update(flood)

        fault = proxy.fault("GET", "/sync", changed(spoil))
        await bot.settled(ada, await ada.says(room, "Germany"))  # ends the sync that waits; the next one shows them
        await bot.settled(ada, await ada.says(room, "/help"))
        await fault.met
        began = time.monotonic()
        await bot.settled(ada, await ada.says(room, "/back"))
        assert time.monotonic() - began < 5
        assert bot.health.channel("matrix").skipped == 10_000
        assert not [path for _, path in proxy.requests if "elsewhere.org" in path]
        assert len(bot.raw().invited_rooms) == 0
        async with asyncio.timeout(20):  # those of the own server are tried, one after the other, and given up
            while bot.matrix.memory.named("invite"):
                await asyncio.sleep(0.02)
        assert set(bot.raw().rooms) == {room}
        assert not bot.matrix.failed.done()


async def test_a01_a_flood_is_told_once_and_then_met_with_silence_while_others_are_answered(
    server: Synapse, tmp_path: Path
) -> None:
    async with (
        Person(server, server.register("ada"), tmp_path / "ada") as ada,
        Person(server, server.register("eve"), tmp_path / "eve") as eve,
        Bot(server, server.register("bot"), tmp_path / "bot") as bot,
    ):
        bot.turns.floods = Floods()
        home, room = [await one.direct(bot.id, encrypted=False) for one in (ada, eve)]
        for one, where in ((ada, home), (eve, room)):
            await one.until(lambda one=one, where=where: len(one.messages(where)) == 2)  # type: ignore[misc]
        began = time.monotonic()
        flood = asyncio.gather(*(eve.says(room, f"nonsense {number}") for number in range(60)))
        said = await ada.says(home, "Germany")
        await ada.until(lambda: "Who is it for?" in bodies(ada, home)[-1], 5.0)
        sent = await flood
        lasted = time.monotonic() - began
        async with asyncio.timeout(20):
            while await bot.store.handled("matrix", [said, *sent]) != {said, *sent}:
                await asyncio.sleep(0.02)
            while (await bot.store.counts()).waiting:
                await asyncio.sleep(0.02)
        answered = bodies(eve, room)[2:]
        assert answered.count(bot.matrix.outgoing.phrase("en", "flood")) == 1
        assert len(answered) <= 1 + 2 * (10 + lasted + 1)


async def leaving(bot: Bot) -> list[str]:
    """List the rooms that the bot still has to leave, as it would know after a crash."""
    return [name for name in await bot.store.notes("matrix") if name.startswith("leave ")]


async def test_a09_many_groups_are_joined_in_silence_and_left_once_when_nobody_is_there(
    server: Synapse, tmp_path: Path
) -> None:
    account, many = server.register("bot"), 8
    async with FaultyProxy(server.url) as proxy, Person(server, server.register("ada"), tmp_path / "ada") as ada:
        async with Bot(server, account, tmp_path / "bot", url=proxy.url) as bot:
            rooms = await asyncio.gather(*(ada.room([bot.id], public=True) for _ in range(many)))
            async with asyncio.timeout(20):
                while set(bot.raw().rooms) != set(rooms):
                    await asyncio.sleep(0.02)
            for room in rooms[:4]:
                await ada.client.room_leave(room)
            async with asyncio.timeout(20):
                # Also on disk: whoever dies in between leaves once more at the next start, which harms nobody.
                while set(bot.raw().rooms) & set(rooms[:4]) or await leaving(bot):
                    await asyncio.sleep(0.02)
        for room in rooms[4:]:
            await ada.client.room_leave(room)  # while the bot is away
        async with Bot(server, account, tmp_path / "bot", url=proxy.url) as bot:
            async with asyncio.timeout(20):
                while bot.raw().rooms or await leaving(bot):
                    await asyncio.sleep(0.02)
        assert [proxy.count("POST", f"/rooms/{room}/leave") for room in rooms] == [1] * many
        assert proxy.count("PUT", "/send/") == 0


URL = "mxc://elsewhere.org/canary"
LARGE = {"size": 20_000_000, "mimetype": "application/zip"}
KEY = {"kty": "oct", "alg": "A256CTR", "ext": True, "k": "A" * 43, "key_ops": ["encrypt", "decrypt"]}
FILES: list[dict[str, Any]] = [
    {"msgtype": "m.file", "body": "../../canary.zip", "filename": "../../canary.zip", "url": URL, "info": LARGE},
    {"msgtype": "m.image", "body": "canary.png", "url": URL, "info": {"thumbnail_url": URL, "size": -1}},
    {"msgtype": "m.file", "body": "canary", "file": {"url": URL, "key": KEY, "iv": "A" * 22, "hashes": {}, "v": "v2"}},
    {"msgtype": "m.video", "body": "canary", "url": "mxc://../../etc/canary", "info": LARGE},
    {"msgtype": "m.location", "body": "canary", "geo_uri": "geo:52.5,13.4"},
]  # fmt: skip


async def test_a10_a_file_is_answered_and_never_fetched(
    server: Synapse, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        async with (
            FaultyProxy(server.url) as proxy,
            Person(server, server.register("ada"), tmp_path / "ada") as ada,
            Bot(server, server.register("bot"), tmp_path / "bot", url=proxy.url) as bot,
        ):
            room = await ada.direct(bot.id, encrypted=True)
            await ada.until(lambda: len(ada.messages(room)) == 2)
            await bot.settled(ada, await ada.says(room, "Germany"))
            key = key_of(bot.id, room, "", ada.id)
            before = decode((await bot.store.load_sessions([key]))[key].data)
            unreadable = bot.matrix.outgoing.phrase("en", "unreadable")
            for number, content in enumerate(FILES, 1):
                await bot.settled(ada, await ada.sends(room, content))
                assert sum(unreadable in words for words in bodies(ada, room)) == number, content
            await bot.settled(ada, await ada.sends(room, {**FILES[1], "info": {}}, "m.sticker"))
            after = decode((await bot.store.load_sessions([key]))[key].data)
            assert (after.state, after.slots) == (before.state, before.slots)
            assert not [path for _, path in proxy.requests if "/media/" in path]
    assert "canary" not in caplog.text


async def test_e12_after_a_change_of_language_old_questions_can_still_be_tapped(
    server: Synapse, tmp_path: Path
) -> None:
    async with (
        Person(server, server.register("ada"), tmp_path / "ada") as ada,
        Bot(server, server.register("bot"), tmp_path / "bot") as bot,
    ):
        room = await ada.direct(bot.id, encrypted=True)
        await ada.until(lambda: len(ada.messages(room)) == 2)
        question = ada.messages(room)[-1]
        # In another language a list has another order: the first of the old one is not the first of the new one.
        await bot.settled(ada, await ada.says(room, "Deutsch"))
        await bot.settled(ada, await ada.reacts(room, question["event_id"], "1️⃣"))
        key = key_of(bot.id, room, "", ada.id)
        session = decode((await bot.store.load_sessions([key]))[key].data)
        assert (session.language, session.state, session.slots) == ("de", "country/ask", {})
        await bot.settled(ada, await ada.reacts(room, ada.messages(room)[-1]["event_id"], "1️⃣"))
        session = decode((await bot.store.load_sessions([key]))[key].data)
        assert session.slots["territory"] == "DE"
        await bot.settled(ada, await ada.says(room, "English"))
        question = ada.messages(room)[-1]
        assert "Who is it for?" in question["content"]["body"]
        await bot.settled(ada, await ada.says(room, "Deutsch"))
        assert "Für wen machst du das" in bodies(ada, room)[-1]
        await bot.settled(ada, await ada.reacts(room, question["event_id"], "1️⃣"))
        session = decode((await bot.store.load_sessions([key]))[key].data)
        assert (session.language, session.slots["territory"], session.slots["situation"]) == ("de", "DE", "own")
        assert "Which" not in bodies(ada, room)[-1]
        assert ada.unreadable == []
