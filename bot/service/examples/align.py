"""Lay expected lines beside what was said so that as little as possible has to be rewritten."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from bot.service.examples.match import fits, squash
from bot.service.examples.model import SKIP

_DELETE, _INSERT = 2.0, 1.2


@dataclass(frozen=True, slots=True)
class Op:
    """What becomes of a line: it is kept or replaced (by message `said`), deleted; or a message is inserted before
    `line`.
    """

    what: Literal["keep", "replace", "delete", "insert"]
    line: int
    said: int | None = None


def align(expected: Sequence[str], said: Sequence[str]) -> list[Op]:
    """Give the cheapest way to make the expected lines fit what was said; `...` goes on skipping messages."""

    @cache
    def best(line: int, at: int) -> tuple[float, tuple[Op, ...]]:
        if line == len(expected) and at == len(said):
            return 0.0, ()
        ways: list[tuple[float, Op | None, int, int]] = []
        if line < len(expected) and expected[line].strip() == SKIP:
            ways.append((0.0, Op("keep", line), line + 1, at))
            if at < len(said):
                ways.append((0.0, None, line, at + 1))
        else:
            if line < len(expected) and at < len(said):
                fitting = fits(expected[line], said[at])
                cost = 0.0 if fitting else 1.9 - 0.9 * likeness(expected[line], said[at])
                ways.append((cost, Op("keep" if fitting else "replace", line, at), line + 1, at + 1))
            if line < len(expected):
                ways.append((_DELETE, Op("delete", line), line + 1, at))
            if at < len(said):
                ways.append((_INSERT, Op("insert", line, at), line, at + 1))
        found: list[tuple[float, tuple[Op, ...]]] = []
        for cost, op, next_line, next_at in ways:
            rest, ops = best(next_line, next_at)
            found.append((cost + rest, (op, *ops) if op else ops))
        return min(found, key=lambda one: one[0])

    return list(best(0, 0)[1])


def likeness(one: str, other: str) -> float:
    """Say from 0 to 1 how alike two texts are; wildcards do not count."""
    return difflib.SequenceMatcher(None, squash(one.replace("*", " ")), other, autojunk=False).ratio()
