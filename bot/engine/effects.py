"""What should happen after a turn: data, not deeds. Channels and services carry it out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.engine.text import Text

Value = str | int | bool | tuple[str, ...]
"""A remembered answer: text or answer id, whole number, yes/no, or several answer ids."""

Kind = Literal["say", "question", "draft", "letter", "notice"]


@dataclass(frozen=True, slots=True)
class Listed:
    """Name the label of one entry of a provider's list (`territories`, `DE`)."""

    list: str
    id: str


@dataclass(frozen=True, slots=True)
class Block:
    """Name a block that a provider composes when the message is rendered (`policy_summary`)."""

    name: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Offer one answer; `selected` ticks it in a multiple choice."""

    id: str
    label: Text | Listed
    selected: bool = False


@dataclass(frozen=True, slots=True)
class Say:
    """Say one message. `slots` is what was remembered when it was said (shared, never changed)."""

    body: Text | Block
    kind: Kind = "say"
    choices: tuple[Choice, ...] = ()
    multiple: bool = False
    slots: Mapping[str, Value] = field(default_factory=dict)
    extra: Mapping[str, Value | Listed | Text] = field(default_factory=dict)
    """Values known to this message only (`{candidate}` of "did you mean …"); a label is named, not said."""
    place: str = ""
    turn: int = 0
    """`place` and `turn` of the question, for the payload of its buttons."""


@dataclass(frozen=True, slots=True)
class EditLast:
    """Say a message in the place of the last question (ticks of a multiple choice)."""

    say: Say


@dataclass(frozen=True, slots=True)
class Attach:
    """Send a file that a provider makes (`letter`)."""

    name: str
    slots: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SetTimer:
    """Wake this conversation at `due` (aware) with `TimerFired(name, place)`; replaces a timer of the same name."""

    name: str
    place: str
    due: datetime


@dataclass(frozen=True, slots=True)
class CancelTimers:
    """Forget the timers of these names, or all of them when `names` is None."""

    names: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """Write down something about a case (`what`: sent, answered, refused) with its values."""

    what: str
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class End:
    """The conversation is over for now; it may begin again."""


@dataclass(frozen=True, slots=True)
class Forget:
    """Destroy everything kept about this conversation, then say what follows from nothing."""


Effect = Say | EditLast | Attach | SetTimer | CancelTimers | Record | End | Forget
