"""Named providers: where lists, values, composed blocks and files that come from facts and letters enter a dialog.

A dialog only names them; the registry says which names there are. `bot.app` fills one registry from
`bot.facts` and `bot.letters` and hands it to the compiler, the checks, the turn and the renderer.
Every function is pure: same scope, same answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from bot.engine.effects import Value


@dataclass(frozen=True, slots=True)
class Scope:
    """What a provider may look at: remembered answers, the time of the turn (aware) and the person's language
    (`de`).
    """

    slots: Mapping[str, Value]
    now: datetime
    language: str = "en"


class Labels(Protocol):
    """Translate a text of the facts or the letters into plain words; given by the texts layer."""

    def __call__(self, language: str, msgid: str, context: str | None = None) -> str: ...


ValueType = Literal["text", "number", "yes_no", "choice", "choices", "date"]


@dataclass(frozen=True, slots=True)
class ValueProvider:
    """Give a value derived from the answers and the facts (`right`, `deadline`).

    `get` answers None where the value is not known. `choices` lists every id a `choice` can have, so that a check can
    tell a typing error in a condition. `show` gives what a person reads in a fill-in: a plain text or a `Link`;
    without it the value itself is shown. A date travels as ISO text (`2026-12-23`).
    """

    type: ValueType
    get: Callable[[Scope], Value | None]
    choices: tuple[str, ...] = ()
    show: Callable[[Scope], Any] | None = None
    about: str = ""


@dataclass(frozen=True, slots=True)
class ListProvider:
    """Give a list of answers that comes from facts (`territories`, `grounds`).

    `ids` are all answers allowed now, in order; `shown` those offered as buttons (the others are understood when
    typed). `label` is what a button says; `words` what a person may type for it besides the label: a word that stands
    for several ids is asked back, never guessed. `every` lists all ids there ever are, for the checks.
    """

    every: tuple[str, ...]
    ids: Callable[[Scope], Sequence[str]]
    label: Callable[[str, str], str]
    """(id, language) -> label"""
    words: Callable[[str, str], Sequence[str]]
    """(id, language) -> further words"""
    shown: Callable[[Scope], Sequence[str]] | None = None
    about: str = ""


@dataclass(frozen=True, slots=True)
class BlockProvider:
    """Compose a part of a message from facts or letters: returns a `bot.texts.tree.Body`."""

    get: Callable[[Scope], Any]
    about: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """A file for the person."""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class FileProvider:
    """Make a file for the person."""

    get: Callable[[Scope], File]
    about: str = ""


@dataclass(slots=True)
class Registry:
    """Hold every named provider. Names are `[a-z][a-z0-9_]*` and unique over all kinds."""

    values: dict[str, ValueProvider] = field(default_factory=dict)
    lists: dict[str, ListProvider] = field(default_factory=dict)
    blocks: dict[str, BlockProvider] = field(default_factory=dict)
    files: dict[str, FileProvider] = field(default_factory=dict)
