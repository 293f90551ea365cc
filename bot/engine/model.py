"""The compiled form of dialogs: what the engine runs, the checks look at and the picture shows.

Built only by `bot.content.compile`; immutable afterwards and shared by every conversation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.engine.conditions import Condition
from bot.engine.effects import Kind, Value
from bot.engine.text import Text

SlotType = Literal["choice", "choices", "text", "name", "number", "date", "yes_no"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the files something stands: file name inside the pack, line and column from 1."""

    file: str
    line: int
    col: int


@dataclass(frozen=True, slots=True)
class Slot:
    """Describe a remembered answer."""

    name: str
    type: SlotType
    source: str | None = None
    """Name of the provider's list the ids come from."""
    minimum: int | None = None
    maximum: int | None = None
    earliest: str | None = None
    latest: str | None = None
    depends_on: str | None = None
    about: Text | None = None
    at: Place | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """Name the next state. `dialog` is set when the conversation leaves everything and continues elsewhere."""

    state: str
    dialog: str | None = None
    at: Place | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """Change a slot: `set` it, `add` to it or `clear` it. `source` takes the value of a slot or provider."""

    verb: Literal["set", "add", "clear"]
    slot: str
    value: Value | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One message of a state: a text, a composed block or a file."""

    body: Text | str
    form: Literal["text", "show", "attach"] = "text"
    kind: Kind = "say"
    when: Condition | None = None
    at: Place | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """One fixed answer of a question. `also` is a text of its own: words with commas, translated freely."""

    id: str
    label: Text
    also: Text | None = None
    go: Target | None = None
    when: Condition | None = None
    changes: tuple[Change, ...] = ()
    at: Place | None = None


@dataclass(frozen=True, slots=True)
class Branch:
    """One way of a branching state; `when` is None for `otherwise`."""

    when: Condition | None
    go: Target


@dataclass(frozen=True, slots=True)
class Remind:
    """Wake the conversation later and call dialog `do`."""

    name: str
    do: str
    on: str | None = None
    number: int = 0
    unit: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """A place in a dialog. `kind` says which of the five things it does."""

    name: str
    kind: Literal["ask", "say", "branch", "call", "end"]
    items: tuple[Item, ...] = ()
    answers: tuple[Answer, ...] = ()
    choose: str | None = None
    pick: str | None = None
    write: str | None = None
    save: str | None = None
    at_least: int = 1
    up_to: int | None = None
    done: Text | None = None
    next: Target | None = None
    branches: tuple[Branch, ...] = ()
    do: str | None = None
    end: str | None = None
    again: Text | None = None
    not_understood: Text | None = None
    changes: tuple[Change, ...] = ()
    remind: Remind | None = None
    forget_reminder: str | None = None
    record: str | None = None
    at: Place | None = None


@dataclass(frozen=True, slots=True)
class Dialog:
    """One topic of the conversation."""

    name: str
    start: str
    states: Mapping[str, State]
    about: str = ""
    renamed: Mapping[str, str] = field(default_factory=dict)
    machine: Any = None
    """The `transitions` machine of this dialog, made by `bot.engine.machine.build`."""
    file: str = ""


@dataclass(frozen=True, slots=True)
class CommandRule:
    """What a command does: call a dialog, go somewhere for good, or step back."""

    name: str
    about: Text
    also: Text | None = None
    do: str | None = None
    go: Target | None = None
    clear_all: bool = False
    built_in: str | None = None
    at: Place | None = None


@dataclass(frozen=True, slots=True)
class Pack:
    """A whole conversation about one company. `version` is a hash of its dialog files."""

    name: str
    version: str
    title: Text
    start: str
    dialogs: Mapping[str, Dialog]
    slots: Mapping[str, Slot]
    commands: Mapping[str, CommandRule]
    phrases: Mapping[str, Text]
    foreign_commands: frozenset[str] = frozenset()

    def state(self, dialog: str, state: str) -> State | None:
        """Find a state, or None where this version has no such place."""
        found = self.dialogs.get(dialog)
        return found.states.get(state) if found else None
