"""Read room events: `read` turns one event, as the server or the decryption gave it, into what it means for us.

Pure and total: any JSON gives an `Item` or None, whatever stands in it. Nothing here believes that a value has the type
it should have; texts are made safe for a database (no NUL, no lone surrogates).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

Base = tuple[str, str, str, datetime]
"""Event id, room, sender and time: what every item begins with."""
TEXT_READ = 5000
"""Characters of a message that are looked at; the conversation itself reads 4000 and says so when there are more."""
_POLL = re.compile(r"(org\.matrix\.msc3381|m)\.poll\.(start|response|end)\Z")
_OUR_COMMAND = re.compile(r"!optout\b[ \t]*", re.IGNORECASE)
_KEYCAPS = re.compile(r"(?:[0-9]\ufe0f?\u20e3\ufe0f?){1,2}\Z")
_TEN = "\U0001f51f"
PRIVATE = "\U0001f4e9"
"""The reaction that means: let us go on in private."""
_LETTERS = frozenset({PRIVATE, "\u2709\ufe0f", "\u2709", "\U0001f4e8", "\U0001f512"})
_MEDIA = {
    "m.image": "photo",
    "m.video": "video",
    "m.audio": "voice",
    "m.file": "file",
    "m.location": "location",
}
_PLACES = {"m.room.message", "m.sticker", "m.reaction", "m.room.redaction", "m.room.member", "m.room.tombstone"}


@dataclass(frozen=True, slots=True)
class Item:
    """Name what every item has: which event, in which room, from whom, when."""

    event_id: str
    room: str
    sender: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Words(Item):
    """A message. `text` is None for what is no text; then `what` names it.

    `thread` is the root it stands under, `reply_to` what it answers (never the mere fallback of a thread).
    `called` is True when it names us or begins with our command; both are then cut off the text. `related` is True when
    it refers to another event in a way that lets no thread begin with it.
    """

    text: str | None
    what: str = ""
    thread: str = ""
    reply_to: str = ""
    called: bool = False
    related: bool = False


@dataclass(frozen=True, slots=True)
class Reaction(Item):
    """A reaction to `target`: a number (1 is the first answer), the wish to go on in private, or neither."""

    target: str
    number: int | None
    private: bool = False


@dataclass(frozen=True, slots=True)
class TakenBack(Item):
    """A redaction of `target`: of a reaction, or of a message that was answered long ago."""

    target: str


@dataclass(frozen=True, slots=True)
class Vote(Item):
    """A vote in the poll `target`: the answer ids that are ticked now."""

    target: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Membership(Item):
    """Somebody's membership changed: `person` is now `now` (join, leave, ban, invite, knock) and was `before`."""

    person: str
    now: str
    before: str


@dataclass(frozen=True, slots=True)
class Upgraded(Item):
    """The room goes on as `replacement`."""

    replacement: str


@dataclass(frozen=True, slots=True)
class Locked(Item):
    """An encrypted event that could not be read (yet); `session` names the key it needs, `thread` stands in clear."""

    session: str
    thread: str = ""


def read(room: str, source: object, me: str, name: str = "", *, decrypted: bool = False) -> Item | None:
    """Read one timeline event; None for everything that is not for us, our own echo included.

    `me` is our Matrix id and `name` our display name, `decrypted` whether the event came out of an encrypted payload:
    then it may be a message but never state.
    """
    if not isinstance(source, dict):
        return None
    kind, sender, event_id = _text(source, "type"), _text(source, "sender"), _text(source, "event_id")
    content = source.get("content")
    if not kind or not sender or not event_id or not isinstance(content, dict) or len(event_id) > 255:
        return None
    if not is_user(sender):
        return None
    base = (event_id, room, sender, _time(source))
    if "state_key" in source:
        return None if decrypted else _state(base, kind, source, content)
    if sender == me or _redacted(source):
        return None
    if kind == "m.room.encrypted":
        session = _text(content, "session_id")
        return Locked(*base, session, _thread(_relation(content))) if session else None
    if kind in ("m.room.message", "m.sticker"):
        return _message(base, kind, content, me, name)
    if kind == "m.reaction":
        relation = _relation(content)
        key, target = _text(relation, "key"), _text(relation, "event_id")
        if _text(relation, "rel_type") != "m.annotation" or not target:
            return None
        return Reaction(*base, target, number_of(key), key in _LETTERS)
    if kind == "m.room.redaction":
        target = _text(source, "redacts") or _text(content, "redacts")
        return TakenBack(*base, target) if target else None
    found = _POLL.match(kind)
    if found and found[2] == "response":
        return _vote(base, content)
    return None


def is_user(value: str) -> bool:
    """Tell whether this may be a Matrix id."""
    return value.startswith("@") and ":" in value and len(value) <= 255 and not any(c.isspace() for c in value)


def number_of(key: str) -> int | None:
    """Read a number reaction: a keycap, a digit, the ten; None for anything else."""
    if key == _TEN:
        return 10
    if _KEYCAPS.match(key):
        key = "".join(character for character in key if character in "0123456789")
    number = int(key) if key.isascii() and key.isdigit() and len(key) <= 2 else 0
    return number or None


def keycap(number: int) -> str:
    """Write a number reaction."""
    return _TEN if number == 10 else "".join(f"{digit}\ufe0f\u20e3" for digit in str(number))


def safe(text: str) -> str:
    """Make a text one that databases and servers take: no NUL, no lone surrogates."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def _message(base: Base, kind: str, content: dict[str, Any], me: str, name: str) -> Item | None:
    relation = _relation(content)
    if _text(relation, "rel_type") == "m.replace":
        return None  # an edited message is no new answer
    msgtype = _text(content, "msgtype")
    if msgtype == "m.notice" or msgtype.startswith("m.key.verification."):
        return None  # notices come from bots; requests to verify want no answer from a bot
    thread = _thread(relation)
    answered = relation.get("m.in_reply_to")
    reply_to = _text(answered, "event_id") if isinstance(answered, dict) else ""
    if thread and relation.get("is_falling_back") is True:
        reply_to = ""
    if kind == "m.sticker":
        return Words(*base, None, "sticker", thread, reply_to)
    if msgtype in _MEDIA:
        return Words(*base, None, _MEDIA[msgtype], thread, reply_to)
    body = content.get("body")
    if not isinstance(body, str):
        return Words(*base, None, "message", thread, reply_to)
    text = safe(body[: 4 * TEXT_READ])
    if reply_to:
        text = _without_quote(text)
    text, called = _called(text, content, me, name)
    related = bool(relation.get("rel_type")) and not thread
    return Words(*base, text[:TEXT_READ], "", thread, reply_to, called, related)


def _called(text: str, content: dict[str, Any], me: str, name: str) -> tuple[str, bool]:
    """Tell whether the message is for us, and cut off the words that say so."""
    command = _OUR_COMMAND.match(text)
    if command:
        rest = text[command.end() :].strip()
        return ("/" + rest.lstrip("/!") if rest[:1] in ("/", "!") else rest), True
    mentions = content.get("m.mentions")
    users = mentions.get("user_ids") if isinstance(mentions, dict) else None
    mentioned = isinstance(users, list) and me in users
    for word in (me, name, me[1:].partition(":")[0]):
        if word and text[: len(word)].casefold() == word.casefold() and not text[len(word) : len(word) + 1].isalnum():
            rest = text[len(word) :].lstrip(" \t:,;–-\n")
            # Without a list of mentions only the full id or the name at the very beginning counts.
            return rest, True
    return text.replace(me, "").strip() if mentioned else text, mentioned or me in text


def _without_quote(text: str) -> str:
    """Cut off the quotation that older clients put before a reply."""
    lines = text.split("\n")
    if not lines[0].startswith("> <"):
        return text
    rest = [index for index, line in enumerate(lines) if not line.startswith(">")]
    return "\n".join(lines[rest[0] :]).lstrip("\n") if rest else ""


def _state(base: Base, kind: str, source: dict[str, Any], content: dict[str, Any]) -> Item | None:
    if kind == "m.room.member":
        person, now = _text(source, "state_key"), _text(content, "membership")
        unsigned = source.get("unsigned")
        before = unsigned.get("prev_content") if isinstance(unsigned, dict) else None
        if not isinstance(before, dict):
            before = source.get("prev_content")
        if not is_user(person) or not now:
            return None
        return Membership(*base, person, now, _text(before, "membership") if isinstance(before, dict) else "")
    if kind == "m.room.tombstone" and source.get("state_key") == "":
        replacement = _text(content, "replacement_room")
        return Upgraded(*base, replacement) if replacement.startswith("!") else None
    return None


def _vote(base: Base, content: dict[str, Any]) -> Item | None:
    target = _text(_relation(content), "event_id")
    for name in ("org.matrix.msc3381.poll.response", "m.poll.response"):
        body = content.get(name)
        given = body.get("answers") if isinstance(body, dict) else None
        if isinstance(given, list) and target:
            return Vote(*base, target, tuple(safe(one) for one in given[:20] if isinstance(one, str)))
    given = content.get("m.selections")
    if isinstance(given, list) and target:
        return Vote(*base, target, tuple(safe(one) for one in given[:20] if isinstance(one, str)))
    return None


def _relation(content: dict[str, Any]) -> dict[str, Any]:
    relation = content.get("m.relates_to")
    return relation if isinstance(relation, dict) else {}


def _thread(relation: dict[str, Any]) -> str:
    """Give the root of a thread; what can be no event id is none, however it came through an encrypted payload."""
    root = _text(relation, "event_id") if _text(relation, "rel_type") == "m.thread" else ""
    return root if root[:1] == "$" and len(root) <= 255 and not any(c.isspace() for c in root) else ""


def _redacted(source: dict[str, Any]) -> bool:
    unsigned = source.get("unsigned")
    return isinstance(unsigned, dict) and "redacted_because" in unsigned


def _text(data: object, name: str) -> str:
    value = data.get(name) if isinstance(data, dict) else None
    return safe(value) if isinstance(value, str) else ""


_FIRST, _LAST = 0, 4_102_444_800_000  # 1970 to 2100 in milliseconds; other servers may write anything


def _time(source: dict[str, Any]) -> datetime:
    value = source.get("origin_server_ts")
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not _FIRST <= value <= _LAST:
        value = _FIRST
    return datetime.fromtimestamp(value / 1000, UTC)
