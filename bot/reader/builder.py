"""Put the events of the YAML parser together, and refuse what authors need not know of."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from bot.errors import Problem
from bot.reader.lines import CONTROL
from bot.reader.pieces import Entries, Items, Node, Piece, Scalar

MAX_DEPTH = 30
"""Deepest nesting of a file; the format itself needs eight."""

_REMARK = re.compile(r"#\s*check:")
"""The remark to the checks; it may stand behind a text."""


@dataclass(slots=True)
class _Open:
    """A mapping or list that is not closed yet; `key` waits for its value."""

    line: int
    col: int
    mapping: bool
    pairs: list[tuple[Scalar, Piece]] = field(default_factory=list)
    values: list[Piece] = field(default_factory=list)
    names: dict[str, int] = field(default_factory=dict)
    key: Scalar | None = None
    dropped: bool = False
    """The key in hand is refused; its value is read and forgotten."""
    twice: list[Scalar] = field(default_factory=list)
    told: int = 0
    """Where in the list of problems those keys that are here twice are told."""


class Builder:
    """Put parser events together without recursion, so that no nesting can exhaust the stack."""

    def __init__(self, file: str, lines: list[str], problems: list[Problem], flow: bool) -> None:
        self.file = file
        self.lines = lines
        self.problems = problems
        self.open: list[_Open] = []
        self.root: Piece | None = None
        self.documents = 0
        self.flow_allowed = flow
        self.flow = 0
        """How many flow collections are open; inside the first nothing more is said about them."""
        self.stopped = False

    def feed(self, event: Any) -> None:
        """Take one event of the parser."""
        kind = type(event)  # the parser makes no subclasses, and there are tens of thousands of events
        if kind is yaml.ScalarEvent:
            self._refuse_tricks(event)
            self._place(self._scalar(event))
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            self._refuse_tricks(event)
            self._begin(event, kind is yaml.MappingStartEvent)
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            done = self.open.pop()
            self.flow = max(self.flow - 1, 0)
            self._place(
                Entries(self.file, done.line, done.col, tuple(done.pairs))
                if done.mapping
                else Items(self.file, done.line, done.col, tuple(done.values))
            )
        elif kind is yaml.AliasEvent:
            here = self._here(event)
            hint = "Write the piece out, or put the text in quotes."
            self.problems.append(
                here.problem("Y021", f"«*{str(event.anchor)[:30]}» is an alias, which is not used here.", hint)
            )
            self._place(Scalar(self.file, here.line, here.col))
        elif kind is yaml.DocumentStartEvent:
            self.documents += 1
            if self.documents == 2:
                here = self._here(event)
                self.problems.append(here.problem("Y028", "a second document begins here.", "Keep one in a file."))
                self.stopped = True

    def _here(self, event: Any) -> Node:
        return Node(self.file, event.start_mark.line + 1, event.start_mark.column + 1)

    def _begin(self, event: Any, mapping: bool) -> None:
        here = self._here(event)
        if event.flow_style and not self.flow_allowed:
            self.flow += 1
            if self.flow == 1:
                shown = "{…}" if mapping else "[…]"
                hint = "Write one entry a line, or put the text in quotes if it begins with a bracket."
                self.problems.append(here.problem("Y027", f"{shown} on one line is not used here.", hint))
        self.open.append(_Open(here.line, here.col, mapping))
        if len(self.open) > MAX_DEPTH:
            self.problems.append(here.problem("Y020", f"nested deeper than {MAX_DEPTH}.", "Make it flatter."))
            self.stopped = True

    def _place(self, piece: Piece) -> None:
        """Put a piece where it belongs: into the list, as a key, or as the value of the key before it."""
        if not self.open:
            self.root = piece
            return
        top = self.open[-1]
        if not top.mapping:
            top.values.append(piece)
        elif top.key is None:
            self._key(top, piece)
        else:
            if not top.dropped:
                top.pairs.append((top.key, piece))
            top.key, top.dropped = None, False

    def _key(self, top: _Open, piece: Piece) -> None:
        top.key = piece if isinstance(piece, Scalar) else Scalar(self.file, piece.line, piece.col)
        top.dropped = True
        if not isinstance(piece, Scalar):
            hint = "Quote texts that begin with «{» or «[»."
            self.problems.append(piece.problem("Y023", "a key must be a simple word.", hint))
        elif piece.text == "<<":
            self.problems.append(piece.problem("Y021", "a merge key (`<<`) is not used here.", "Write the piece out."))
        elif piece.text in top.names:
            self._twice(top, piece)
        else:
            top.names[piece.text] = piece.line
            top.dropped = False

    def _twice(self, top: _Open, key: Scalar) -> None:
        """Tell all keys that a mapping has twice as one slip: a block came in twice, or a line above it went."""
        top.twice.append(key)
        first = top.twice[0]
        hint = f"It stands in line {top.names[first.text]} already; keep one of them."
        if len(top.twice) == 1:
            top.told = len(self.problems)
            self.problems.append(first.problem("Y024", f"«{first.text[:40]}» is here twice.", hint))
            return
        others = ", ".join(f"«{one.text[:40]}»" for one in top.twice[1:4])
        more = " and more" if len(top.twice) > 4 else ""
        hint += " Or should something new begin above it?"
        message = f"«{first.text[:40]}» is here twice, and below it {others}{more}."
        self.problems[top.told] = first.problem("Y024", message, hint)

    def _scalar(self, event: Any) -> Scalar:
        style, text, mark = event.style, event.value, event.start_mark
        block, quoted = style in {"|", ">"}, style in {"'", '"'}
        if not block and not quoted and " " in text and event.end_mark.line < len(self.lines):
            rest = self.lines[event.end_mark.line][event.end_mark.column :].strip()
            if rest.startswith("#") and not _REMARK.match(rest):
                hint = "If it belongs to the text, put the text in quotes."
                message = f"«{rest[:30]}» is read as a comment and cut off."
                self.problems.append(self._here(event).warning("Y022", message, hint))
        # The lines themselves were looked at before; only double quotes can still make one, out of a backslash.
        bad = CONTROL.search(text) if style == '"' else None
        if bad:
            message = f"a control character (U+{ord(bad[0]):04X}) is written with a backslash."
            self.problems.append(self._here(event).problem("Y006", message, "Delete it."))
        return Scalar(self.file, mark.line + 1, mark.column + 1, text.strip("\n") if block else text, block, quoted)

    def _refuse_tricks(self, event: Any) -> None:
        # Without an explicit tag everything is text: `no`, `12:30` and `0123` stay what was written.
        if event.anchor is not None:
            message = f"«&{event.anchor[:30]}» is an anchor, which is not used here."
            self.problems.append(self._here(event).problem("Y026", message, "Delete it."))
        if event.tag is not None:
            hint = "Delete it, or put the text in quotes."
            message = f"a tag («{event.tag[:30]}») is not used here."
            self.problems.append(self._here(event).problem("Y025", message, hint))
