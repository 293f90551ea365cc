"""Whatever stands in an answer of a homeserver, the rest of it is read."""

from __future__ import annotations

import copy
import json
from typing import Any

import nio
import pytest

from bot.channels.matrix.malformed import readable_messages, readable_sync

GOOD = {
    "type": "m.room.message", "event_id": "$a", "sender": "@ada:x", "origin_server_ts": 1,
    "content": {"msgtype": "m.text", "body": "x"},
}  # fmt: skip
ODD: list[Any] = [
    None, 7, "x", [], True, {}, {**GOOD, "unsigned": None}, {**GOOD, "unsigned": 7},
    {"type": "m.room.member", "content": 7},
    {"type": "m.room.name", "unsigned": None, "sender": "@a:b", "state_key": "", "content": {"name": "x"}},
]  # fmt: skip
INVITE = {"type": "m.room.member", "sender": "@ada:x", "state_key": "@bot:x", "content": {"membership": "invite"}}
KEY = {"type": "m.dummy", "sender": "@ada:x", "content": {}}
EVENTS = ("rooms join timeline", "rooms join state", "rooms invite invite_state", "rooms leave timeline", "to_device")


def sync() -> dict[str, Any]:
    """Give a good sync."""
    timeline = {"events": [GOOD], "limited": False, "prev_batch": "p"}
    return copy.deepcopy({
        "next_batch": "s1", "device_one_time_keys_count": {"signed_curve25519": 5}, "to_device": {"events": [KEY]},
        "device_lists": {"changed": ["@ada:x"], "left": []}, "account_data": {"events": []},
        "rooms": {
            "join": {"!room:x": {"timeline": timeline, "state": {"events": []}, "summary": {}}},
            "invite": {"!asks:x": {"invite_state": {"events": [INVITE]}}},
            "leave": {"!left:x": {"timeline": {**timeline, "events": []}, "state": {"events": []}}},
        },
    })  # fmt: skip


def read(body: dict[str, Any]) -> nio.SyncResponse:
    """Read what is left of a sync, and see that nothing good was lost."""
    response = nio.SyncResponse.from_dict(readable_sync(json.loads(json.dumps(body))))
    assert isinstance(response, nio.SyncResponse)
    assert response.next_batch == "s1"
    assert getattr(response.rooms.join["!room:x"].timeline.events[0], "event_id", "") == "$a"
    invited = response.rooms.invite["!asks:x"].invite_state
    assert any(isinstance(event, nio.InviteMemberEvent) for event in invited)
    assert "!left:x" in response.rooms.leave
    return response


@pytest.mark.parametrize("where", EVENTS)
def test_odd_events_are_left_out_and_the_others_stay(where: str) -> None:
    body: Any = sync()
    part = body
    for name in where.split():
        part = next(iter(part[name].values())) if name in ("join", "invite", "leave") else part[name]
    part["events"] += ODD
    response = read(body)
    assert len(response.to_device_events) >= 1
    assert response.device_key_count.signed_curve25519 == 5


@pytest.mark.parametrize("odd", [None, 7, "x", [], [7], True])
def test_odd_parts_are_left_out_and_the_others_stay(odd: Any) -> None:
    for name in ("to_device", "device_lists", "device_one_time_keys_count", "account_data", "presence"):
        read(sync() | {name: odd})
    for section in ("join", "invite", "leave"):
        body = sync()
        body["rooms"][section]["!odd:x"] = odd
        read(body)
        body["rooms"][section]["!odd:x"] = {"timeline": odd, "state": odd, "invite_state": odd}
        read(body)
    body = sync()
    body["rooms"]["join"]["!room:x"] |= {"summary": odd, "unread_notifications": odd, "ephemeral": odd}
    read(body)
    assert isinstance(nio.SyncResponse.from_dict(readable_sync(sync() | {"rooms": odd})), nio.SyncResponse)


def test_odd_messages_are_left_out_of_those_read_back() -> None:
    body = readable_messages({"start": "a", "end": "b", "chunk": [None, GOOD, 7, []]})
    response = nio.RoomMessagesResponse.from_dict(body, "!room:x")
    assert isinstance(response, nio.RoomMessagesResponse)
    assert [getattr(event, "event_id", "") for event in response.chunk] == ["$a"]
    assert readable_messages({"start": "a", "chunk": 7})["chunk"] == []
