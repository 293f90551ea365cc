"""Read one YAML file of facts strictly: every scalar is text, every place is remembered, every problem is told at once.

Works on parser events without recursion, so that no nesting can exhaust the stack. Refused: anchors, aliases, tags,
duplicate keys, several documents, control and direction characters, files over 256 KiB, nesting deeper than 12.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from bot.facts.problems import FactProblem

LARGEST_FILE = 256 * 1024
"""Bytes; the largest file of the shipped facts has 90 KiB."""
DEEPEST = 12
"""Levels; the shipped facts need six."""

_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Path = tuple[str | int, ...]
Spot = tuple[int, int]


@dataclass(slots=True)
class Document:
    """What was read: mappings, tuples and texts; where each value and each key stands (line, column from 1)."""

    data: Any = None
    values: dict[Path, Spot] = field(default_factory=dict)
    keys: dict[Path, Spot] = field(default_factory=dict)
    problems: list[FactProblem] = field(default_factory=list)


@dataclass(slots=True)
class _Open:
    """A mapping or list that is not closed yet."""

    path: Path
    items: dict[str, Any] | list[Any]
    key: str | None = None
    ignored: bool = False


class _Builder:
    """Turn parser events into data."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.document = Document()
        self.stack: list[_Open] = []
        self.documents = 0

    def problem(self, mark: Any, code: str, message: str, hint: str = "") -> None:
        self.document.problems.append(FactProblem(self.file, mark.line + 1, mark.column + 1, code, message, hint))

    def feed(self, event: Any) -> None:
        mark = event.start_mark
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents == 2:
                self.problem(mark, "F004", "a second document begins here", "keep one document per file, without ---")
        elif self.documents > 1:
            return
        elif isinstance(event, yaml.AliasEvent):
            self.problem(mark, "F004", f"the alias *{event.anchor} is not allowed", "write the text out")
            self.place("", mark)
        elif isinstance(event, yaml.ScalarEvent):
            self.check(event, mark)
            if _UNSEEN.search(event.value):
                self.problem(
                    mark, "F006", "an invisible control or direction character stands in this text", "remove it"
                )
            self.place(event.value, mark)
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            self.check(event, mark)
            self.open({} if isinstance(event, yaml.MappingStartEvent) else [], mark)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self.close()

    def check(self, event: Any, mark: Any) -> None:
        if event.anchor is not None:
            self.problem(
                mark, "F004", f"the anchor &{event.anchor} is not allowed", "write the text out where it is needed"
            )
        if event.tag is not None and event.tag != "!":
            self.problem(mark, "F004", f"the tag {event.tag} is not allowed", "remove it; every value is text")

    def open(self, items: dict[str, Any] | list[Any], mark: Any) -> None:
        top = self.stack[-1] if self.stack else None
        as_key = top is not None and isinstance(top.items, dict) and top.key is None
        path = self.place(items, mark)
        self.stack.append(_Open(path, items, ignored=as_key))
        if len(self.stack) == DEEPEST + 1:
            self.problem(mark, "F005", f"nested deeper than {DEEPEST} levels", "make it flatter")

    def close(self) -> None:
        done = self.stack.pop()
        if isinstance(done.items, list) and not done.ignored:
            self.replace(done.path, tuple(done.items))

    def replace(self, path: Path, value: Any) -> None:
        """Put a tuple in the place of the list that was built."""
        if not self.stack:
            self.document.data = value
            return
        holder = self.stack[-1].items
        if isinstance(holder, dict):
            if not self.stack[-1].ignored:
                holder[str(path[-1])] = value
        else:
            holder[-1] = value

    def place(self, value: Any, mark: Any) -> Path:
        """Put a value where it belongs; return its path."""
        spot = (mark.line + 1, mark.column + 1)
        if not self.stack:
            self.document.data = value
            self.document.values[()] = spot
            return ()
        top = self.stack[-1]
        if isinstance(top.items, list):
            path: Path = (*top.path, len(top.items))
            top.items.append(value)
            self.document.values[path] = spot
            return path
        if top.key is None:
            return self.name(top, value, mark)
        path = (*top.path, top.key)
        top.items[top.key] = value
        top.key = None
        self.document.values[path] = spot
        return path

    def name(self, top: _Open, value: Any, mark: Any) -> Path:
        """Take a key; a wrong or repeated one gets a name of its own, so that reading goes on."""
        if not isinstance(value, str):
            self.problem(mark, "F003", "a list or mapping cannot be a key", "write a short name before the colon")
            value = f"?{mark.line}"
        path = (*top.path, value)
        if value in top.items:
            line = self.document.keys[path][0]
            self.problem(mark, "F002", f"the key {value} stands here a second time", f"the first one is in line {line}")
            value = f"{value}?{mark.line}"
            path = (*top.path, value)
        top.key = value
        self.document.keys[path] = (mark.line + 1, mark.column + 1)
        return path


def read(file: str, text: str) -> Document:
    """Read `text`; `file` is only the name used in problems. `data` is None when it cannot be used at all."""
    builder = _Builder(file)
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > LARGEST_FILE:
        hint = f"keep a file under {LARGEST_FILE // 1024} KiB"
        builder.document.problems.append(FactProblem(file, 1, 1, "F005", f"the file has {size // 1024} KiB", hint))
        return builder.document
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.feed(event)
            if len(builder.stack) > DEEPEST:
                builder.document.data = None
                break
    except (yaml.YAMLError, UnicodeError) as error:
        mark = getattr(error, "problem_mark", None)
        line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
        what = getattr(error, "problem", None) or "it is not valid YAML"
        hint = "look at the indentation, the quotes and the colons in this line and the one before"
        builder.document.problems.append(FactProblem(file, line, column, "F001", f"cannot be read: {what}", hint))
        builder.document.data = None
    if any(problem.code in ("F002", "F003") for problem in builder.document.problems):
        _drop_renamed(builder.document.data)
    return builder.document


def _drop_renamed(data: Any) -> None:
    """Take out what stood under a wrong or repeated key; it has its own problem already."""
    waiting = [data]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            for key in [key for key in item if "?" in key]:
                del item[key]
            waiting.extend(item.values())
        elif isinstance(item, tuple):
            waiting.extend(item)
