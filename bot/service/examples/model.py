"""An example conversation as it was read, every piece with its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from bot.reader import Node, Scalar
from bot.service.examples.yaml_text import quoted

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""When an example begins that does not say when."""

SKIP = "..."
"""A `bot:` line that stands for any number of messages."""

Verb = Literal["say", "tap", "react", "send", "wait", "bot", "buttons"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what is done or expected, and the nodes of its text, its key and the entry of the list it stands in.

    `number` and `unit` belong to `wait`.
    """

    verb: Verb
    value: Scalar
    key: Node
    item: Node
    number: int = 0
    unit: str = ""

    @property
    def text(self) -> str:
        """The text as it was written."""
        return self.value.text

    @property
    def line(self) -> str:
        """The step as a line of an example."""
        they = "they " if self.by_person and self.verb != "wait" else ""
        return f"{they}{self.verb}: {quoted(self.text)}"

    @property
    def by_person(self) -> bool:
        """Whether something happens here, instead of something being expected."""
        return self.verb not in {"bot", "buttons"}


@dataclass(frozen=True, slots=True)
class Expect:
    """How everything stands at the end; None (or a missing slot) is not looked at."""

    state: Scalar | None = None
    slots: tuple[tuple[Scalar, Scalar], ...] = ()
    language: Scalar | None = None
    ended: Scalar | None = None
    forgotten: Scalar | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """One example file. `source` is its text, for excerpts and for rewriting."""

    file: str
    title: str
    at: Node
    steps: tuple[Step, ...]
    source: str
    language: Scalar | None = None
    now: datetime = START
    hints: tuple[tuple[Scalar, Scalar], ...] = ()
    expect: Expect = field(default_factory=Expect)

    @property
    def hint_pairs(self) -> tuple[tuple[str, str], ...]:
        """The answers that the link on a poster gives, as plain texts."""
        return tuple([(key.text, value.text) for key, value in self.hints])
