"""Malformed and forged events from strangers and members: the bot lives, answers others, and gives no key away."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest

from tests.channels.matrix.bot import Bot
from tests.channels.matrix.person import Person
from tests.kit.synapse import ServerError, Synapse

ODD: list[Any] = [None, True, 7, "x", [], ["x"], {}, {"x": "y"}, "\0"]


def to_device(server: Synapse, sender: Person, receiver: str, device: str, kind: str, content: Any) -> None:
    """Send a to-device message as any stranger may."""
    path = f"/_matrix/client/v3/sendToDevice/{quote(kind)}/{uuid4().hex}"
    body = {"messages": {receiver: {device: content}}}
    server.call("PUT", path, body, sender.client.access_token)


def raw(server: Synapse, sender: Person, room: str, kind: str, content: Any) -> str | None:
    """Send any event; None where the server itself refuses it."""
    path = f"/_matrix/client/v3/rooms/{quote(room)}/send/{quote(kind)}/{uuid4().hex}"
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    try:
        return str(server.call("PUT", path, body, sender.client.access_token)["event_id"])
    except ServerError:
        return None


def bad_olm(key: str, other: str) -> list[dict[str, Any]]:
    """List Olm messages that cannot be."""
    bodies: list[Any] = ["", "!", "AAAA", "A" * 4000, 7, None, [], {}]
    algorithm = "m.olm.v1.curve25519-aes-sha2"
    return [
        {"algorithm": algorithm, "sender_key": other, "ciphertext": {key: {"type": kind, "body": one}}}
        for one in bodies
        for kind in (0, 1, 9)
    ] + [{"algorithm": one, "sender_key": one, "ciphertext": one} for one in ODD]  # fmt: skip


async def test_n17_malformed_messages_of_a_stranger_stop_nobody(server: Synapse, tmp_path: Path) -> None:
    async with (
        Bot(server, server.register("bot"), tmp_path / "bot") as bot,
        Person(server, server.register("ada"), tmp_path / "ada") as ada,
        Person(server, server.register("eve"), tmp_path / "eve") as eve,
    ):
        room = await ada.direct(bot.id, encrypted=True)
        await ada.answered(room)
        device, olm = bot.raw().device_id, bot.raw().olm
        keys = olm.account.identity_keys
        assert eve.client.olm is not None
        other = eve.client.olm.account.identity_keys["curve25519"]
        for content in bad_olm(keys["curve25519"], other):
            to_device(server, eve, bot.id, device, "m.room.encrypted", content)
        for kind in ("m.room_key", "m.forwarded_room_key", "m.room_key_request", "m.key.verification.start",
                     "m.key.verification.key", "m.key.verification.request", "m.key.verification.mac", "m.dummy",
                     "m.secret.send", "m.room_key.withheld"):  # fmt: skip
            for odd in ODD:
                to_device(server, eve, bot.id, device, kind, {"transaction_id": "t", "from_device": "D", "key": odd})
                to_device(server, eve, bot.id, device, kind, odd if isinstance(odd, dict) else {"method": odd})
        await ada.says(room, "Germany")
        assert "1. " in await ada.answered(room)
        assert not bot.matrix.failed.done()
        assert ada.unreadable == []


async def test_n17_odd_values_in_every_field_of_room_events_stop_nobody(server: Synapse, tmp_path: Path) -> None:
    async with (
        Bot(server, server.register("bot"), tmp_path / "bot") as bot,
        Person(server, server.register("eve"), tmp_path / "eve") as eve,
    ):
        room = await eve.direct(bot.id, encrypted=True)
        await eve.answered(room)
        sent = 0
        good = {"msgtype": "m.text", "body": "x"}
        encrypted = {
            "algorithm": "m.megolm.v1.aes-sha2", "sender_key": "k", "device_id": "D", "session_id": "s",
            "ciphertext": "AAAA",
        }  # fmt: skip
        for odd in ODD:
            for field in ("msgtype", "body", "format", "formatted_body", "m.relates_to", "m.mentions", "m.new_content"):
                sent += raw(server, eve, room, "m.room.message", {**good, field: odd}) is not None
            for relation in ("rel_type", "event_id", "key", "m.in_reply_to", "is_falling_back"):
                odd_relation = {
                    "m.relates_to": {"rel_type": "m.annotation", "event_id": "$x", "key": "1", relation: odd}
                }
                sent += raw(server, eve, room, "m.reaction", odd_relation) is not None
                sent += raw(server, eve, room, "m.room.message", {**good, **odd_relation}) is not None
            for field in encrypted:
                sent += raw(server, eve, room, "m.room.encrypted", {**encrypted, field: odd}) is not None
            poll = {"org.matrix.msc3381.poll.response": {"answers": odd}, "m.relates_to": odd}
            sent += raw(server, eve, room, "org.matrix.msc3381.poll.response", poll) is not None
        sent += raw(server, eve, room, "m.room.message", {**good, "body": "y" * 60_000}) is not None
        raw(server, eve, room, "m.room.message", b'{"msgtype":"m.text","body":"\\ud800 lone"}')
        raw(server, eve, room, "m.room.message", b'{"a":' * 9000 + b"1" + b"}" * 9000)
        assert sent > 100
        last = await eve.says(room, "/help")
        await bot.settled(eve, last, seconds=60)
        assert not bot.matrix.failed.done()
        assert (await bot.store.counts()).dead_letters == 0


async def encrypted_as(person: Person, server: Synapse, room: str, payload: Any) -> str | None:
    """Encrypt anything as a member of the room and send it."""
    olm = person.client.olm
    assert olm is not None
    content = olm.group_encrypt(room, payload)
    return raw(server, person, room, "m.room.encrypted", content)


async def test_forged_state_in_an_encrypted_payload_is_not_believed(server: Synapse, tmp_path: Path) -> None:
    mallory = server.register("mallory")
    async with (
        Bot(server, server.register("bot"), tmp_path / "bot") as bot,
        Person(server, server.register("eve"), tmp_path / "eve") as eve,
        Person(server, mallory, tmp_path / "mallory") as outside,
    ):
        room = await eve.direct(bot.id, encrypted=True)
        await eve.answered(room)
        await eve.says(room, "Germany")
        await eve.answered(room)
        member = {"type": "m.room.member", "state_key": mallory.id, "content": {"membership": "join"}}
        power = {"type": "m.room.power_levels", "state_key": "", "content": {"users": {eve.id: 100, bot.id: 0}}}
        for payload in (
            {**member, "room_id": room},
            {**power, "room_id": room},
            {"type": "m.room.message", "state_key": "", "content": {"msgtype": "m.text", "body": "1"}, "room_id": room},
            {"type": "m.room.tombstone", "state_key": "", "content": {"replacement_room": "!x"}, "room_id": room},
            {"type": "m.room.encrypted", "content": {}, "room_id": room},
        ):
            assert await encrypted_as(eve, server, room, payload)
        levels = bot.raw().rooms[room].power_levels.users
        last = await eve.says(room, "1")
        await bot.settled(eve, last)
        assert mallory.id not in bot.raw().rooms[room].users
        assert bot.raw().rooms[room].power_levels.users == levels
        shared = bot.raw().olm.outbound_group_sessions[room].users_shared_with
        assert {user for user, _ in shared} == {eve.id}
        assert outside.seen == []


PLAINTEXTS = {
    "list": "[1]",
    "null": "null",
    "text": '"x"',
    "number": "7",
    "no content": '{"type":"m.room.message"}',
    "nested": '{"type":"m.room.message","content":' + "[" * 9000 + "]" * 9000 + "}",
}


@pytest.mark.parametrize("text", PLAINTEXTS.values(), ids=PLAINTEXTS.keys())
async def test_odd_plaintext_in_an_encrypted_payload_stops_nobody(server: Synapse, tmp_path: Path, text: str) -> None:
    async with (
        Bot(server, server.register("bot"), tmp_path / "bot") as bot,
        Person(server, server.register("eve"), tmp_path / "eve") as eve,
    ):
        room = await eve.direct(bot.id, encrypted=True)
        await eve.answered(room)
        await eve.says(room, "Germany")
        await eve.answered(room)
        olm = eve.client.olm
        assert olm is not None
        session = olm.outbound_group_sessions[room]
        ciphertext = session.encrypt(text)  # type: ignore[no-untyped-call]  # nio leaves a few returns open
        content = {
            "algorithm": "m.megolm.v1.aes-sha2", "sender_key": olm.account.identity_keys["curve25519"],
            "ciphertext": ciphertext, "session_id": session.id, "device_id": olm.device_id,
        }  # fmt: skip
        assert raw(server, eve, room, "m.room.encrypted", content)
        last = await eve.says(room, "1")
        await bot.settled(eve, last)
        assert not bot.matrix.failed.done()
