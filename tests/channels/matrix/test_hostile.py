"""Malformed and forged events from strangers and members: the bot lives, answers others, and gives no key away."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from tests.channels.matrix.hostile import CANARY, ODD, Scene
from tests.kit.faulty_proxy import FaultyProxy, changed
from tests.kit.synapse import Synapse


def bad_olm(key: str, other: str) -> list[dict[str, Any]]:
    """List Olm messages that cannot be."""
    bodies: list[Any] = ["", "!", "AAAA", "A" * 4000, 7, None, [], {}]
    algorithm = "m.olm.v1.curve25519-aes-sha2"
    return [
        {"algorithm": algorithm, "sender_key": other, "ciphertext": {key: {"type": kind, "body": one}}}
        for one in bodies
        for kind in (0, 1, 9)
    ] + [{"algorithm": one, "sender_key": one, "ciphertext": one} for one in ODD]  # fmt: skip


TO_DEVICE = (
    "m.room_key", "m.forwarded_room_key", "m.room_key_request", "m.key.verification.start", "m.key.verification.key",
    "m.key.verification.request", "m.key.verification.mac", "m.dummy", "m.secret.send", "m.room_key.withheld",
)  # fmt: skip


async def test_n17_p01_a_flood_of_malformed_to_device_messages_of_a_stranger_stops_nobody(
    server: Synapse, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with Scene(server, tmp_path, caplog) as scene:
        assert scene.mallory.client.olm is not None
        other = scene.mallory.client.olm.account.identity_keys["curve25519"]
        keys = scene.bot.raw().olm.account.identity_keys
        flood: list[tuple[str, Any]] = [("m.room.encrypted", content) for content in bad_olm(keys["curve25519"], other)]
        for kind in TO_DEVICE:
            for odd in ODD:
                flood.append((kind, {"transaction_id": CANARY, "from_device": "D", "key": odd}))
                flood.append((kind, odd if isinstance(odd, dict) else {"method": odd, CANARY: CANARY}))
        request = {"action": "request", "requesting_device_id": "D", "request_id": CANARY, "body": {
            "algorithm": "m.megolm.v1.aes-sha2", "room_id": scene.home, "sender_key": keys["curve25519"],
            "session_id": scene.bot.raw().olm.outbound_group_sessions[scene.home].id,
        }}  # fmt: skip
        flood.append(("m.room_key_request", request))
        for kind, content in flood:
            await scene.to_device(scene.mallory, kind, content)
        await scene.unharmed()


ENCRYPTED = {
    "algorithm": "m.megolm.v1.aes-sha2", "sender_key": "k", "device_id": "D", "session_id": "s", "ciphertext": "AAAA",
}  # fmt: skip


def odd_events() -> list[tuple[str, Any]]:
    """List events with odd values in every field, too large ones, and ones that are hardly JSON."""
    good = {"msgtype": "m.text", "body": CANARY}
    events: list[tuple[str, Any]] = []
    for odd in ODD:
        for field in ("msgtype", "body", "format", "formatted_body", "m.relates_to", "m.mentions", "m.new_content"):
            events.append(("m.room.message", {**good, field: odd}))
        for relation in ("rel_type", "event_id", "key", "m.in_reply_to", "is_falling_back"):
            related = {"m.relates_to": {"rel_type": "m.annotation", "event_id": "$x", "key": "1", relation: odd}}
            events += [("m.reaction", related), ("m.room.message", {**good, **related})]
        events += [("m.room.encrypted", {**ENCRYPTED, field: odd}) for field in ENCRYPTED]
        poll = {"org.matrix.msc3381.poll.response": {"answers": odd}, "m.relates_to": odd}
        events.append(("org.matrix.msc3381.poll.response", poll))
    large = f"{CANARY} " * (64_000 // (len(CANARY) + 1))
    events += [("m.room.message", {**good, "body": large}), ("m.room.message", {**good, "formatted_body": large})]
    events.append(("m.room.encrypted", {**ENCRYPTED, "ciphertext": "A" * 64_000}))
    return events


async def test_n05_n06_p01_odd_values_in_every_field_of_room_events_stop_nobody(
    server: Synapse, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with Scene(server, tmp_path, caplog) as scene:
        sent = [await scene.raw(scene.eve, scene.room, kind, content) for kind, content in odd_events()]
        assert len([one for one in sent if one]) > 100
        assert sent[-3:] != [None] * 3
        for hardly in (b'{"msgtype":"m.text","body":"\\ud800 lone"}', b'{"a":' * 9000 + b"1" + b"}" * 9000):
            await scene.raw(scene.eve, scene.room, "m.room.message", hardly)
        await scene.unharmed()
        last = await scene.eve.says(scene.room, "/help")
        async with asyncio.timeout(60):
            while not await scene.bot.store.handled("matrix", [last]):
                await asyncio.sleep(0.05)


def odd_payloads(room: str) -> list[str]:
    """List texts that no server sees before the bot decrypts them."""
    lone = "\\ud800\\u0000" + CANARY
    message = '"type":"m.room.message","room_id":"' + room + '"'
    return [
        "[1]",
        "null",
        '"x"',
        "7",
        "NaN",
        "",
        "\0",
        '{"type":"m.room.message"}',
        '{"type":"m.room.message","content":' + "[" * 9000 + "]" * 9000 + "}",
        f'{{{message},"content":{{"msgtype":"m.text","body":"{lone}"}}}}',
        f'{{{message},"content":{{"msgtype":"{lone}","body":"{lone}"}}}}',
        f'{{{message},"content":{{"msgtype":"m.text","body":"!{lone} {lone}"}}}}',
        f'{{{message},"content":{{"msgtype":"m.text","body":"!language {lone}"}}}}',
        f'{{{message},"content":{{"msgtype":"m.text","body":"x","m.mentions":{{"user_ids":["{lone}"]}}}}}}',
        f'{{{message},"content":{{"msgtype":"m.text","body":"{"z" * 40_000}"}}}}',
        f'{{{message},"content":{{"msgtype":"m.text","body":1e999,"{lone}":NaN}}}}',
        *[
            f'{{{message},"content":{{"msgtype":"m.text","body":"x","m.relates_to":{{"rel_type":"m.thread",'
            f'"event_id":"{root}"}}}}}}'
            for root in (f"$\\ud800{CANARY}", f"${CANARY}", "$" + "z" * 30_000, f"${CANARY} x", lone)
        ],
        f'{{"type":"{lone}","room_id":"{room}","content":{{"body":"{lone}"}}}}',
        f'{{"type":"m.sticker","room_id":"{room}","content":{{"body":"{lone}","url":"{lone}"}}}}',
        f'{{"type":"org.matrix.msc3381.poll.response","room_id":"{room}","content":{{"m.relates_to":'
        f'{{"event_id":"{lone}"}},"org.matrix.msc3381.poll.response":{{"answers":["{lone}"]}}}}}}',
        f'{{"type":"m.room.message","room_id":"!other:{lone}","content":{{"msgtype":"m.text","body":"{lone}"}}}}',
    ]


async def test_n06_n17_u01_p01_odd_encrypted_payloads_stop_nobody(
    server: Synapse, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with Scene(server, tmp_path, caplog) as scene:
        before = len(scene.eve.messages(scene.room))
        for text in odd_payloads(scene.room):
            assert await scene.encrypted(text), text[:200]
        last = await scene.eve.says(scene.room, "/help")
        async with asyncio.timeout(30):
            while not await scene.bot.store.handled("matrix", [last]):
                await asyncio.sleep(0.02)
        await scene.unharmed()
        # What was a message all the same was answered: Eve only wrote badly.
        assert len(scene.eve.messages(scene.room)) >= before + 11


async def test_n17_p01_forged_state_in_an_encrypted_payload_is_not_believed(
    server: Synapse, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with Scene(server, tmp_path, caplog) as scene:
        room, eve, mallory = scene.room, scene.eve.id, scene.mallory.id
        levels = scene.bot.raw().rooms[room].power_levels.users
        for payload in (
            {"type": "m.room.member", "state_key": mallory, "content": {"membership": "join"}},
            {"type": "m.room.power_levels", "state_key": "", "content": {"users": {eve: 100, scene.bot.id: 0}}},
            {"type": "m.room.message", "state_key": "", "content": {"msgtype": "m.text", "body": "1"}},
            {"type": "m.room.tombstone", "state_key": "", "content": {"replacement_room": "!x"}},
            {"type": "m.room.encrypted", "content": {}},
        ):
            assert await scene.encrypted(json.dumps({**payload, "room_id": room}))
        before = len(scene.eve.messages(room))
        await scene.eve.says(room, "1")
        await scene.eve.until(lambda: len(scene.eve.messages(room)) > before)
        assert mallory not in scene.bot.raw().rooms[room].users
        assert scene.bot.raw().rooms[room].power_levels.users == levels
        await scene.unharmed()


async def test_n05_u01_p01_what_only_an_odd_server_would_show_stops_nobody(
    server: Synapse, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    lone = f"\ud800\0{CANARY}"
    odd: list[dict[str, Any]] = [
        {"type": "m.room.encrypted", "content": {**ENCRYPTED, "odd": lone}},
        {"type": "m.room.encrypted", "content": {**ENCRYPTED, "session_id": lone, "ciphertext": lone}},
        {"type": "m.room.message", "content": {"msgtype": "m.text", "body": lone}},
        {"type": "m.room.name", "state_key": "", "content": {"name": lone}},
        {"type": "m.room.topic", "state_key": "", "content": {"topic": 7}},
        {"type": "m.room.tombstone", "state_key": "", "content": {"replacement_room": lone}},
        {"type": lone, "content": {lone: lone}},
        {"type": "m.room.message", "sender": lone},
        {"content": float("nan")},
    ]

    async with FaultyProxy(server.url) as proxy, Scene(server, tmp_path, caplog, proxy.url) as scene:

        def spoil(data: Any) -> None:
            joined = data.get("rooms", {}).get("join", {}).get(scene.room)
            if joined is not None:
                member = {"membership": "join", "displayname": lone}
                state = {"type": "m.room.member", "state_key": scene.eve.id, "content": member}
                joined["timeline"]["events"] += [
                    {"event_id": f"$odd{number}", "sender": scene.eve.id, "origin_server_ts": 1, **event}
                    for number, event in enumerate([state, *odd])
                ]
                for part in (joined["timeline"], joined["state"], data.setdefault("to_device", {"events": []})):
                    part["events"][:0] = ODD
                # What is shown with an invitation was written by the inviting server.
                shown = [*ODD, {**state, "sender": scene.eve.id, "unsigned": None}, {"type": "m.room.name", "": lone}]
                invited = {"!odd:elsewhere": {"invite_state": {"events": shown}}, "!none:elsewhere": None}
                data["rooms"]["invite"] = invited

        proxy.fault("GET", "/sync", changed(spoil), times=1000)
        before = len(scene.eve.messages(scene.room))
        await scene.eve.says(scene.room, CANARY)
        await scene.eve.until(lambda: len(scene.eve.messages(scene.room)) > before)
        await scene.unharmed()
