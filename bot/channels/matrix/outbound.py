"""Write messages for Matrix: event contents from the neutral tree, split where an event would be too large. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from bot.texts.clean import clean
from bot.texts.matrix import EVENT_BYTES, to_matrix
from bot.texts.tree import Body, Message, Paragraph, RenderedChoice, RenderedFile, Run

HTML = "org.matrix.custom.html"
TICK = "\u2713"
POLL = "org.matrix.msc3381.poll.start"
_TEXT = "org.matrix.msc1767.text"


@dataclass(frozen=True, slots=True)
class Address:
    """Say where a conversation is answered.

    `thread` is the root its messages stand under. `direct` promises that nobody else is in the room; `pending` names
    the note that will hold the thread's root, for a thread that begins with our own first message.
    """

    room: str
    person: str
    thread: str = ""
    direct: bool = True
    pending: str = ""

    def to_bytes(self) -> bytes:
        """Write the address as the store keeps it."""
        data: dict[str, Any] = {"room": self.room, "person": self.person}
        if self.thread:
            data["thread"] = self.thread
        if not self.direct:
            data["direct"] = False
        if self.pending:
            data["pending"] = self.pending
        return json.dumps(data, separators=(",", ":")).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Address:
        """Read what `to_bytes` wrote; ValueError for anything else."""
        found = json.loads(data)
        if not isinstance(found, dict):
            raise ValueError("no Matrix address")
        try:
            return cls(
                found["room"], found["person"], found.get("thread", ""), found.get("direct", True),
                found.get("pending", ""),
            )  # fmt: skip
        except KeyError as error:
            raise ValueError("no Matrix address") from error


def key_of(bot: str, room: str, thread: str, person: str) -> str:
    """Name a conversation; ids hold no spaces."""
    return f"matrix {bot} {room} {thread} {person}"


def event_of_ours(what: str, *about: str) -> str:
    """Name an event that the bot caused itself; event ids stand in clear in the store and in logs, so nobody in it."""
    return f"{what} {blake2b(' '.join(about).encode(), digest_size=16).hexdigest()}"


def parts_of(key: str) -> tuple[str, str, str, str] | None:
    """Give bot, room, thread and person of a conversation's name."""
    parts = key.split(" ")
    return (parts[1], parts[2], parts[3], parts[4]) if len(parts) == 5 and parts[0] == "matrix" else None


def contents(message: Message, address: Address, *, quiet: bool = False, edits: str = "") -> list[dict[str, Any]]:
    """Write a message as contents of `m.room.message` events, in order; the last one carries the choices.

    `quiet` makes notices of them (other bots must never answer those), `edits` names the event whose text they replace;
    only a message that fits into one event can do that, otherwise it comes as a new one. Files are not among them.
    """
    body = _with_choices(message)
    msgtype = "m.notice" if quiet or message.kind == "notice" else "m.text"
    if edits:
        pairs = to_matrix(body, EVENT_BYTES // 2)
        if len(pairs) == 1:
            return [_edit(_content(msgtype, pairs[0]), edits)]
    written = [_content(msgtype, pair) for pair in to_matrix(body)]
    for content in written:
        _place(content, address)
    return written


def file_content(file: RenderedFile, address: Address, where: dict[str, Any]) -> dict[str, Any]:
    """Write the event of a file that was uploaded; `where` is `{"url": …}` or `{"file": {…}}` when encrypted."""
    content: dict[str, Any] = {
        "msgtype": "m.file",
        "body": clean(file.name),
        "filename": clean(file.name),
        "info": {"mimetype": file.media_type, "size": len(file.data)},
        **where,
    }
    _place(content, address)
    return content


def reaction(target: str, key: str) -> dict[str, Any]:
    """Write a reaction; reactions are never encrypted, so nothing but a number or a sign may stand in one."""
    return {"m.relates_to": {"rel_type": "m.annotation", "event_id": target, "key": key}}


def poll(message: Message, question: str) -> dict[str, Any]:
    """Write the answers of a question as a poll (MSC3381, with the names that clients know today).

    Unlike a reaction it is encrypted where the room is. Whose client knows no polls sees nothing, or `question`.
    """
    return {
        POLL: {
            "question": {_TEXT: question},
            "kind": "org.matrix.msc3381.poll.disclosed",
            "max_selections": 1,
            "answers": [{"id": choice.id, _TEXT: clean(choice.label)} for choice in message.choices],
        },
        _TEXT: question,
        "m.mentions": {},
    }


def _with_choices(message: Message) -> Body:
    if not message.choices:
        return message.body
    lines = [_line(number, choice) for number, choice in enumerate(message.choices, 1)]
    return (*message.body, Paragraph((Run("\n".join(lines)),)))


def _line(number: int, choice: RenderedChoice) -> str:
    return f"{number}. {TICK + ' ' if choice.selected else ''}{choice.label}"


def _content(msgtype: str, pair: tuple[str, str]) -> dict[str, Any]:
    plain, html = pair
    return {"msgtype": msgtype, "body": plain, "format": HTML, "formatted_body": html}


def _edit(content: dict[str, Any], target: str) -> dict[str, Any]:
    return {
        **content,
        "body": f"* {content['body']}",
        "formatted_body": f"* {content['formatted_body']}",
        "m.new_content": {**content, "m.mentions": {}},
        "m.mentions": {},
        "m.relates_to": {"rel_type": "m.replace", "event_id": target},
    }


def _place(content: dict[str, Any], address: Address) -> None:
    """Put an event under its thread, and name in a room whom it is for."""
    content["m.mentions"] = {} if address.direct else {"user_ids": [address.person]}
    if address.thread:
        content["m.relates_to"] = {
            "rel_type": "m.thread",
            "event_id": address.thread,
            "is_falling_back": True,
            "m.in_reply_to": {"event_id": address.thread},
        }
