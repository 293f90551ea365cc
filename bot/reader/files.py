"""Read one file: decode it, look at its lines, let YAML parse it, put the pieces together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import yaml

from bot.errors import Problem
from bot.reader.builder import Builder
from bot.reader.explain import explain
from bot.reader.lines import scan_lines
from bot.reader.pieces import Piece

MAX_BYTES = 256 * 1024
"""A file of a pack is a few kilobytes; a larger one is a mistake or an attack (C02)."""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_kept: ContextVar[dict[tuple[str, str, bool], tuple[Any, list[Problem]]] | None] = ContextVar("kept", default=None)


def read(file: str, source: str | bytes, *, flow: bool = False) -> tuple[Piece | None, list[Problem]]:
    """Read one file into pieces with places, and list everything that keeps it from being used.

    `flow` takes lists and mappings on one line too (`[a, b]`), for files that are tables of ids and not talk.
    """
    problems: list[Problem] = []
    text = _decode(file, source, problems)
    if text is None:
        return None, problems
    kept, key = _kept.get(), (file, text, flow)
    if kept is None:
        return _parse(file, text, flow)
    if key not in kept:
        kept[key] = _parse(file, text, flow)
    root, found = kept[key]
    return root, [*found]


@contextmanager
def reading_once() -> Iterator[None]:
    """Read no file twice inside: a check looks at the same content as dialogs, as facts and as examples."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def _parse(file: str, text: str, flow: bool) -> tuple[Piece | None, list[Problem]]:
    problems = scan_lines(file, text)
    if any(problem.level == "error" for problem in problems):
        return None, problems
    builder = Builder(file, text.split("\n"), problems, flow)
    loader = _Loader(text)
    try:
        while loader.check_event() and not builder.stopped:
            builder.feed(loader.get_event())
    except yaml.YAMLError as error:
        said = explain(file, text, error, flow)
        # A text that begins with a bracket or a star was taken for something else first: that is the same slip.
        problems = [one for one in problems if one.line != said.line or one.code not in {"Y021", "Y027"}]

        problems.append(said)
        return None, problems
    finally:
        loader.dispose()
    if builder.root is None and not builder.stopped:
        problems.append(
            Problem(file, 1, 1, "Y002", "the file is empty.", "Write at least its first line, or delete it.")
        )
    return (None if builder.stopped else builder.root), problems


def _decode(file: str, source: str | bytes, problems: list[Problem]) -> str | None:
    if len(source) > MAX_BYTES:
        problems.append(
            Problem(
                file, 1, 1, "Y003", f"the file has {len(source):,} bytes; at most {MAX_BYTES:,} are read.", "Split it."
            )
        )
        return None
    if isinstance(source, str):
        return source.removeprefix("\ufeff").replace("\r\n", "\n")
    try:
        return source.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = source[: error.start].count(b"\n") + 1
        problems.append(
            Problem(file, line, 1, "Y004", "the file is not UTF-8 text.", "Save it with the encoding UTF-8.")
        )
        return None
