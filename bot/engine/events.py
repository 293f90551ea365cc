"""What can happen to a conversation: the only things a channel may tell the engine."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Started:
    """Begin, or begin again: the person opened the chat.

    `language` is what the channel knows of the person's language (any BCP 47 spelling, may be empty);
    `hints` carries answers given by a poster's deep link (`{"country": "DE"}`), never anything about a person.
    """

    language: str = ""
    hints: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """Carry what a person typed."""

    text: str


@dataclass(frozen=True, slots=True)
class Pressed:
    """Carry the answer id of a button; `place` (`dialog/state`) and `turn` say which question it belonged to,
    if known.
    """

    answer: str
    place: str | None = None
    turn: int | None = None


@dataclass(frozen=True, slots=True)
class Reacted:
    """Carry a number reaction (1 is the first answer); `added` is False when the person took it back.

    `offered` is the `numbering` of the answers that bore these numbers, where it is known: a list has another order in
    another language, and a «did you mean» has other answers.
    """

    number: int
    added: bool = True
    turn: int | None = None
    offered: str = ""


@dataclass(frozen=True, slots=True)
class Command:
    """Carry a command without its slash; `argument` is the rest of the line."""

    name: str
    argument: str = ""


@dataclass(frozen=True, slots=True)
class TimerFired:
    """Tell that a timer set in `place` is due; `name` is the name it was set with."""

    name: str
    place: str


@dataclass(frozen=True, slots=True)
class Joined:
    """Tell that the person came into a room or unblocked the bot."""

    language: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """Tell that the person left or blocked the bot: nothing can be said any more."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Tell that something arrived which is no text (a photo, a voice message, an undecryptable event), or
    that a tap could not be followed (`no_private`); `what` names it.
    """

    what: str


def numbering(answers: Iterable[str]) -> str:
    """Tell lists of answer ids apart, without saying what stands in them."""
    return f"{zlib.crc32(chr(10).join(answers).encode()) & 0xFFF:03x}"


Event = Started | Said | Pressed | Reacted | Command | TimerFired | Joined | Left | Unreadable
