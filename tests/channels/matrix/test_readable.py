"""Whatever the bot sends in an encrypted chat can be read there, also where handing out its key goes wrong."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.channels.matrix.inbound import PRIVATE
from tests.channels.matrix.bot import Bot
from tests.channels.matrix.person import Person
from tests.kit.faulty_proxy import FaultyProxy, Handler, changed, cut, refuse
from tests.kit.synapse import Synapse, User


def half_made(server: Synapse, bot: User) -> Handler:
    """Let a room exist a while before the people it is for are invited, as a sync under way may show it."""

    async def handle(proxy: FaultyProxy, request: web.Request) -> web.StreamResponse:
        body = json.loads(await request.read())
        people = body.pop("invite")
        token = request.headers["Authorization"].partition(" ")[2]
        made = await asyncio.to_thread(server.call, "POST", request.path, body, token)
        room = made["room_id"]
        sent = proxy.fault("PUT", f"/rooms/{room}/send/", _pass)

        async def invite() -> None:
            try:
                async with asyncio.timeout(1.0):
                    await sent.met
            except TimeoutError:
                pass  # as it should be: nothing is sent before
            for person in people:
                path = f"/_matrix/client/v3/rooms/{room}/invite"
                await asyncio.to_thread(server.call, "POST", path, {"user_id": person}, token)

        proxy.later.append(asyncio.create_task(invite()))
        return web.json_response(made)

    return handle


async def _pass(proxy: FaultyProxy, request: web.Request) -> web.StreamResponse:
    return await proxy.forward(request)


async def test_a_private_chat_is_begun_only_when_the_person_is_in_it(server: Synapse, tmp_path: Path) -> None:
    account = server.register("bot")
    async with (
        FaultyProxy(server.url) as proxy,
        Person(server, server.register("ada"), tmp_path / "ada") as ada,
        Bot(server, account, tmp_path / "bot", url=proxy.url) as bot,
    ):
        room = await ada.room([bot.id], public=True)
        await ada.until(lambda: bot.id in ada.client.rooms[room].users)
        called = await ada.says(room, "!optout")
        await bot.settled(ada, called)
        proxy.fault("POST", "/createRoom", half_made(server, account))
        await ada.reacts(room, ada.messages(room)[-1]["event_id"], PRIVATE)
        private = await ada.until(lambda: next(iter(ada.client.invited_rooms), ""))
        await ada.joins(private)
        await ada.until(lambda: ada.messages(private))
        await bot.settled(ada)
        assert ada.unreadable == []


FAULTS: list[tuple[str, str, Handler]] = [
    ("PUT", "/sendToDevice/", refuse(500)),
    ("PUT", "/sendToDevice/", refuse(429, {"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 50})),
    ("PUT", "/sendToDevice/", cut),
    ("POST", "/keys/claim", refuse(502)),
    ("POST", "/keys/claim", cut),
    ("POST", "/keys/query", refuse(503)),
]


async def reads_two_questions(person: Person, room: str) -> None:
    """Read the greeting, answer it, and read what comes then."""
    await person.until(lambda: len(person.messages(room)) == 2)
    await person.says(room, "Germany")
    await person.until(lambda: len(person.messages(room)) > 2)
    assert person.unreadable == []


async def test_o02_a_key_that_could_not_be_handed_out_comes_before_the_message(server: Synapse, tmp_path: Path) -> None:
    async with (
        FaultyProxy(server.url) as proxy,
        Person(server, server.register("ada"), tmp_path / "ada") as ada,
        Person(server, server.register("ben"), tmp_path / "ben") as ben,
        Bot(server, server.register("bot"), tmp_path / "bot", url=proxy.url) as bot,
    ):
        faults = [proxy.fault(*one) for one in FAULTS]
        rooms = [await person.direct(bot.id, encrypted=True) for person in (ada, ben)]
        await asyncio.gather(reads_two_questions(ada, rooms[0]), reads_two_questions(ben, rooms[1]))
        assert [fault.count for fault in faults] == [1] * len(FAULTS)


async def test_a_device_that_left_no_keys_holds_nobody_up(server: Synapse, tmp_path: Path) -> None:
    user = server.register("ada")
    async with (
        FaultyProxy(server.url) as proxy,
        Person(server, user, tmp_path / "ada") as ada,
        Bot(server, server.register("bot"), tmp_path / "bot", url=proxy.url) as bot,
    ):
        deaf = Person(server, user, tmp_path / "deaf")
        await deaf.client.login(user.password)
        assert deaf.client.olm is not None
        keys = {"device_keys": deaf.client.olm.share_keys()["device_keys"]}
        server.call("POST", "/_matrix/client/v3/keys/upload", keys, deaf.client.access_token)
        await deaf.client.close()  # type: ignore[no-untyped-call]  # nio leaves a few returns open
        room = await ada.direct(bot.id, encrypted=True)
        await ada.answered(room, "1. ")
        claims = proxy.count("POST", "/keys/claim")
        for text in ("Germany", "1", "/help"):
            await bot.settled(ada, await ada.says(room, text))
        assert ada.unreadable == []
        assert proxy.count("POST", "/keys/claim") == claims <= 2
        shared = bot.raw().olm.outbound_group_sessions[room].users_shared_with
        assert shared == {(ada.id, ada.client.device_id)}


async def test_n17_malformed_devices_of_one_person_leave_those_of_others_readable(
    server: Synapse, tmp_path: Path
) -> None:
    odd: list[dict[str, Any]] = [
        {},
        {"keys": 7},
        {"keys": {"ed25519:X": "!", "curve25519:X": []}, "user_id": "@eve", "device_id": "X", "algorithms": None},
    ]

    async with (
        FaultyProxy(server.url) as proxy,
        Person(server, server.register("ada"), tmp_path / "ada") as ada,
        Person(server, server.register("eve"), tmp_path / "eve") as eve,
        Bot(server, server.register("bot"), tmp_path / "bot", url=proxy.url) as bot,
    ):

        def spoil(data: Any) -> None:
            if eve.id in data["device_keys"]:
                data["device_keys"] = {eve.id: {f"X{number}": one for number, one in enumerate(odd)}} | {
                    person: devices for person, devices in data["device_keys"].items() if person != eve.id
                }

        fault = proxy.fault("POST", "/keys/query", changed(spoil), times=100)
        state = [{"type": "m.room.encryption", "state_key": "", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}]
        room = await ada.room([bot.id, eve.id], state=state)
        await eve.joins(room)
        await ada.until(lambda: {bot.id, eve.id} <= set(ada.client.rooms[room].users))
        called = await ada.says(room, "Hello", mention=bot.id)
        bot.elsewhere = set()
        await bot.settled(ada, called)
        assert fault.count
        assert "1. " in str([one["content"]["body"] for one in ada.messages(room)])
        assert ada.unreadable == []
