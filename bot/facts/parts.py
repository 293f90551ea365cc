"""Plain structures that blocks and values are made of; whoever renders turns them into a message.

Only `Part.msgid` is still to be translated (and `Part.after`'s); every value is final, except the two kinds below.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class DateValue:
    """A day, month or year (`2026-05-27`, `2026-05`, `2026`) to be written as the person's language does."""

    iso: str


@dataclass(frozen=True, slots=True)
class LinkValue:
    """A link; `label` is in the person's language already."""

    label: str
    url: str


PartValue = str | DateValue | LinkValue


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph (or list item) of a block.

    `msgid` is English source text with markup (`**bold**`, `` `code` ``, `{name}`). `code` is literal text to copy in
    its place: neither translated nor marked up. `after` are parts that follow in the same paragraph, after a space.
    """

    msgid: str
    values: Mapping[str, PartValue] = field(default_factory=dict)
    bullet: bool = False
    context: str | None = None
    code: str | None = None
    after: tuple[Part, ...] = ()
