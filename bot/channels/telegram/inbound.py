"""From a raw update to what happened. Pure and total: whatever the update is, it is read or skipped with a reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from bot.channels.telegram.payload import Seal
from bot.channels.telegram.raw import flag, mapping, number, several, text
from bot.engine.events import Event, Left, Pressed, Said, Started, Unreadable
from bot.service.turns import Inbound

ALLOWED = ["message", "edited_message", "callback_query", "my_chat_member"]
"""The kinds of update that are asked for: exactly those that are read here."""

KINDS = (
    "photo", "voice", "audio", "video", "video_note", "sticker", "animation", "document", "location", "venue",
    "contact", "poll", "dice", "game", "story", "paid_media", "checklist", "invoice", "rich_message",
)  # fmt: skip
"""What people send that is no text."""

_ANONYMOUS = {1087968824, 136817688, 777000}
"""Telegram's own stand-ins for anonymous admins, channels and itself."""

_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,64})(?:@([A-Za-z0-9_]{1,64}))?(?:\s+(.*))?\Z", re.DOTALL)
_LINK = re.compile(r"(?:([A-Z]{2})(?:_([a-z]{2,3}(?:-[A-Za-z]{2,4})?))?|([a-z]{2,3}(?:-[A-Za-z]{2,4})?))\Z")
_TEXT_READ = 4097  # Telegram's own limit and one more, so that a longer one is seen to be too long


@dataclass(frozen=True, slots=True)
class Reader:
    """Know what an update has to be held against: who the bot is, its seal, and what a poster's link may name."""

    bot: int
    username: str
    seal: Seal
    place_of: Callable[[str], str | None] = lambda short: None
    territory_slot: str | None = None
    territories: frozenset[str] = frozenset()
    speaks: Callable[[str], bool] = lambda language: False


@dataclass(frozen=True, slots=True)
class Invitation:
    """Somebody addressed the bot in a group: it asks them into a private chat."""

    event_id: str
    key: str
    address: bytes
    language: str


@dataclass(frozen=True, slots=True)
class Read:
    """What an update says. Without `inbound` it is no event of a conversation; `skipped` then says why."""

    update: int | None
    inbound: Inbound | None = None
    skipped: str = ""
    query: str = ""
    """Id of a button press, which has to be answered in any case."""
    message: Mapping[str, Any] | None = None
    """The message whose button was pressed, as Telegram gave it."""
    data: str = ""
    invitation: Invitation | None = None
    revived: str | None = None
    moved: tuple[int, int] | None = None
    leave: int | None = None


def read(raw: object, reader: Reader, now: datetime) -> Read:
    """Read one update; `now` stands in where it has no time of its own."""
    update = number(raw, "update_id")
    if update is None or not isinstance(raw, Mapping):
        return Read(None, skipped="no update")
    if isinstance(raw.get("message"), Mapping):
        return _message(update, raw["message"], reader, now)
    if isinstance(raw.get("edited_message"), Mapping):
        return _edited(update, raw["edited_message"], reader, now)
    if isinstance(raw.get("callback_query"), Mapping):
        return _pressed(update, raw["callback_query"], reader, now)
    if isinstance(raw.get("my_chat_member"), Mapping):
        return _membership(update, raw["my_chat_member"], reader, now)
    return Read(update, skipped="another kind of update")


def conversation(bot: int, chat: int, thread: int, person: int) -> str:
    """Give the key of a conversation."""
    return f"telegram:{bot}:{chat}:{thread}:{person}"


def address(chat: int, thread: int) -> bytes:
    """Give what is needed to write to a conversation."""
    return orjson.dumps({"chat": chat, "thread": thread} if thread else {"chat": chat})


def group_key(bot: int, chat: int, thread: int) -> str:
    """Give the key under which a group is answered; nobody's answers are ever kept under it."""
    return f"telegram:{bot}:{chat}:{thread}:group"


def link(payload: str, reader: Reader, language: str) -> Started:
    """Read a poster's link (`DE_de`, `DE`, `de`); anything else greets as if there were none."""
    found = _LINK.match(payload)
    if found is None:
        return Started(language)
    territory, wanted = found[1], found[2] or found[3]
    hints: list[tuple[str, str]] = []
    if wanted and reader.speaks(wanted):
        language = wanted
        hints.append(("language", wanted))
    if territory and reader.territory_slot and territory in reader.territories:
        hints.append((reader.territory_slot, territory))
    return Started(language, tuple(hints))


def _message(update: int, message: Mapping[str, Any], reader: Reader, now: datetime) -> Read:
    chat, person = mapping(message, "chat"), mapping(message, "from")
    chat_id, person_id = number(chat, "id"), number(person, "id")
    if chat_id is None:
        return Read(update, skipped="no chat")
    moved = number(message, "migrate_to_chat_id")
    if moved is not None:
        return Read(update, skipped="the group moved", moved=(chat_id, moved))
    if person_id is None or flag(person, "is_bot") or person_id in _ANONYMOUS or mapping(message, "sender_chat"):
        return Read(update, skipped="not from a person")
    if text(chat, "type") in {"group", "supergroup"}:
        return _in_group(update, message, chat_id, person, reader)
    if text(chat, "type") != "private" or chat_id != person_id:
        return Read(update, skipped="no private chat")
    event = _event(message, reader, text(person, "language_code"))
    if event is None:
        return Read(update, skipped="a service message")
    album = text(message, "media_group_id")
    # The pictures of an album come as updates of their own and count as one event.
    event_id = f"album:{album[:64]}" if album and isinstance(event, Unreadable) else f"u{update}"
    return Read(update, _inbound(event_id, reader, chat_id, _thread(message), event, _at(message, "date", now)))


def _inbound(event_id: str, reader: Reader, chat: int, thread: int, event: Event, at: datetime) -> Inbound:
    return Inbound(event_id, conversation(reader.bot, chat, thread, chat), address(chat, thread), event, at)


def _thread(message: Mapping[str, Any]) -> int:
    thread = number(message, "message_thread_id")
    return thread if thread is not None and flag(message, "is_topic_message") else 0


def _at(raw: Mapping[str, Any], name: str, now: datetime) -> datetime:
    """Read when it was written; a time in the future or none at all is now."""
    seconds = number(raw, name)
    if seconds is None or not 0 < seconds <= now.timestamp():
        return now
    return datetime.fromtimestamp(seconds, UTC)


def _event(message: Mapping[str, Any], reader: Reader, language: str) -> Event | None:
    words = text(message, "text")[:_TEXT_READ]
    if not words:
        kind = next((kind for kind in KINDS if kind in message), None)
        return Unreadable(kind) if kind else None
    if not words.startswith("/"):
        return Unreadable("via_bot") if mapping(message, "via_bot") else Said(words)
    if any(name in message for name in ("forward_origin", "forward_date", "via_bot")):
        return Unreadable("forwarded")  # a command counts only from whoever typed it
    command = _COMMAND.match(words)
    if command is None:
        return Said(words)
    if command[2] and command[2].lower() != reader.username.lower():
        return Unreadable("command")  # of another bot
    if command[1].lower() == "start":
        return link((command[3] or "").strip(), reader, language)
    return Said(words)


def _in_group(update: int, message: Mapping[str, Any], chat: int, person: Mapping[str, Any], reader: Reader) -> Read:
    if not _addressed(message, reader):
        return Read(update, skipped="a group")
    thread = _thread(message)
    key = group_key(reader.bot, chat, thread)
    invitation = Invitation(f"u{update}", key, address(chat, thread), text(person, "language_code"))
    return Read(update, skipped="a group", invitation=invitation)


def _addressed(message: Mapping[str, Any], reader: Reader) -> bool:
    """Say whether a message in a group speaks to the bot: a command for it, its name, or an answer to it."""
    if any(name in message for name in ("forward_origin", "forward_date", "via_bot")):
        return False
    words = text(message, "text") or text(message, "caption")
    if number(mapping(mapping(message, "reply_to_message"), "from"), "id") == reader.bot:
        return True
    command = _COMMAND.match(words)
    if command is not None:
        return command[2].lower() == reader.username.lower() if command[2] else command[1].lower() in {"start", "help"}
    return re.search(rf"@{re.escape(reader.username)}(?![A-Za-z0-9_])", words, re.IGNORECASE) is not None


def _edited(update: int, message: Mapping[str, Any], reader: Reader, now: datetime) -> Read:
    """Read an edit: never a new answer, only a reason to say so, once for each message."""
    chat, person, name = mapping(message, "chat"), mapping(message, "from"), number(message, "message_id")
    chat_id = number(chat, "id")
    if (
        chat_id is None or name is None or text(chat, "type") != "private" or number(person, "id") != chat_id
        or flag(person, "is_bot") or not text(message, "text")
    ):  # fmt: skip
        return Read(update, skipped="an edit that is no text of a person")
    event = Unreadable("edited")
    at = _at(message, "edit_date", now)
    return Read(update, _inbound(f"edit:{chat_id}:{name}", reader, chat_id, _thread(message), event, at))


def _pressed(update: int, query: Mapping[str, Any], reader: Reader, now: datetime) -> Read:
    query_id, person = text(query, "id")[:64], mapping(query, "from")
    message = mapping(query, "message")
    chat, person_id = mapping(message, "chat"), number(person, "id")
    chat_id = number(chat, "id")
    if chat_id is None or person_id != chat_id or flag(person, "is_bot"):
        return Read(update, skipped="a button outside a private chat", query=query_id)
    thread, data = _thread(message), text(query, "data")
    event = reader.seal.read(conversation(reader.bot, chat_id, thread, person_id), data, reader.place_of)
    # A button that was never offered here belongs to no question: the conversation says so and asks again.
    inbound = _inbound(f"u{update}", reader, chat_id, thread, event or Pressed("?", "?", -1), now)
    return Read(update, inbound, query=query_id, message=message, data=data)


def _membership(update: int, change: Mapping[str, Any], reader: Reader, now: datetime) -> Read:
    chat, status = mapping(change, "chat"), text(mapping(change, "new_chat_member"), "status")
    chat_id, kind = number(chat, "id"), text(chat, "type")
    if chat_id is None:
        return Read(update, skipped="no chat")
    if kind == "private":
        if status in {"kicked", "left"}:
            return Read(update, _inbound(f"u{update}", reader, chat_id, 0, Left(), _at(change, "date", now)))
        # Telegram's «restart» button sends /start by itself: greeting here as well would greet twice.
        return Read(update, skipped="unblocked", revived=conversation(reader.bot, chat_id, 0, chat_id))
    if kind == "channel" and status in {"administrator", "member"}:
        return Read(update, skipped="a channel", leave=chat_id)
    return Read(update, skipped="membership of a group")


def button_words(message: Mapping[str, Any], data: str) -> str:
    """Find the words on the button with this payload."""
    for row in several(mapping(message, "reply_markup"), "inline_keyboard"):
        for button in row if isinstance(row, list) else ():
            if isinstance(button, Mapping) and button.get("callback_data") == data:
                return text(button, "text")
    return ""
