"""Leave out of an answer what matrix-nio cannot read, so that one malformed thing in it does not stop the rest.

The library reads an answer whole or not at all, and what it does not expect is not only what our own server made: the
state shown with an invitation comes from the server of whoever invites. Only an answer that could not be read comes
here; its parts are then tried one by one.
"""

from __future__ import annotations

import copy
import logging
from collections.abc import Callable
from functools import partial
from typing import Any

import nio

log = logging.getLogger("bot.matrix")

_SECTIONS = ("join", "invite", "leave")


def readable_sync(body: dict[str, Any]) -> dict[str, Any]:
    """Give what can be read of a sync; presence and account data are left out, nobody asked for them."""
    kept = {"next_batch": body.get("next_batch")}
    for name in ("device_one_time_keys_count", "device_lists"):
        if name in body and _reads({name: body[name]}):
            kept[name] = body[name]
    kept["to_device"] = _cleaned(body.get("to_device"), lambda part: _reads({"to_device": part}))
    rooms = body.get("rooms")
    kept["rooms"] = {one: _rooms(one, rooms.get(one)) for one in _SECTIONS} if isinstance(rooms, dict) else {}
    log.warning("something malformed in an answer of the homeserver was left out")
    return kept


def readable_messages(body: dict[str, Any]) -> dict[str, Any]:
    """Give what can be read of messages that were asked for."""
    chunk = body.get("chunk")
    return {**body, "chunk": [event for event in chunk if _reads_message(event)] if isinstance(chunk, list) else []}


def _rooms(section: str, rooms: object) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for room, info in rooms.items() if isinstance(rooms, dict) else ():

        def reads(info: object, room: str = room) -> bool:
            return _reads({"rooms": {section: {room: info}}})

        def reads_part(name: str, part: object, reads: Callable[[object], bool] = reads) -> bool:
            return reads({name: part})

        if reads(info):
            found[room] = info
        elif isinstance(info, dict):
            parts = {name: _cleaned(part, partial(reads_part, name)) for name, part in info.items()}
            parts = {name: part for name, part in parts.items() if part}
            if parts and reads(parts):
                found[room] = parts
    return found


def _cleaned(part: object, reads: Callable[[object], bool]) -> dict[str, Any]:
    """Keep a part that can be read, else those of its events that can."""
    if not isinstance(part, dict):
        return {}
    if reads(part):
        return part
    events = part.get("events")
    kept = [one for one in events if reads({**part, "events": [one]})] if isinstance(events, list) else []
    return {**part, "events": kept} if reads({**part, "events": kept}) else {}


def _reads(part: dict[str, Any]) -> bool:
    try:
        return isinstance(nio.SyncResponse.from_dict(copy.deepcopy({"next_batch": "x", **part})), nio.SyncResponse)
    except Exception:  # whatever the library did not expect
        return False


def _reads_message(event: object) -> bool:
    try:
        body = {"start": "x", "chunk": [copy.deepcopy(event)]}
        return isinstance(nio.RoomMessagesResponse.from_dict(body, "!x:x"), nio.RoomMessagesResponse)
    except Exception:
        return False
