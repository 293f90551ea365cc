"""Compare what was expected with what was said: wildcards, skipped messages, buttons."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.service.examples.model import SKIP
from bot.texts.clean import FSI, PDI
from bot.texts.plain import to_plain
from bot.texts.tree import Message, RenderedChoice

_SPACE = re.compile(r"\s+")


def squash(text: str) -> str:
    """Give a text on one line, with single spaces and without the marks that isolate foreign words."""
    return _SPACE.sub(" ", text.replace(FSI, "").replace(PDI, "")).strip()


def spoken(message: Message) -> str:
    """Give a message as examples see it: its plain text on one line; a file is `[file: its name]`."""
    files = [f"[file: {file.name}]" for file in message.files]
    return squash(" ".join([to_plain(message.body), *files]))


@lru_cache(maxsize=2048)
def _pattern(expected: str) -> re.Pattern[str]:
    pieces = [re.escape(piece) for piece in re.split(r"\*+", squash(expected))]
    return re.compile(".*".join(pieces), re.DOTALL)


def fits(expected: str, said: str) -> bool:
    """Say whether a text is what was expected; `*` stands for anything, also for nothing."""
    return _pattern(expected).fullmatch(said) is not None


@dataclass(frozen=True, slots=True)
class Match:
    """How the expected lines of one turn fit: `places` gives for each line its message (None for `...`).

    Where they do not fit, `failed` is the first line that cannot be placed (the number of lines where messages were
    left over) and `at` the message that stands there.
    """

    places: tuple[int | None, ...] = ()
    failed: int | None = None
    at: int = 0


def match(expected: Sequence[str], said: Sequence[str]) -> Match:
    """Place the expected lines on what was said, in order; between them only `...` skips messages."""
    furthest = (0, 0)
    dead: set[tuple[int, int]] = set()

    def place(line: int, at: int) -> list[int | None] | None:
        nonlocal furthest
        if (line, at) in dead:
            return None
        if line == len(expected):
            if at == len(said):
                return []
        elif expected[line].strip() == SKIP:
            for skipped in range(at, len(said) + 1):
                rest = place(line + 1, skipped)
                if rest is not None:
                    return [None, *rest]
        elif at < len(said) and fits(expected[line], said[at]):
            rest = place(line + 1, at + 1)
            if rest is not None:
                return [at, *rest]
        dead.add((line, at))
        # The first place that was tried for a line is the one a reader would look at.
        if line > furthest[0]:
            furthest = (line, at)
        return None

    placed = place(0, 0)
    return Match(tuple(placed)) if placed is not None else Match(failed=furthest[0], at=furthest[1])


def offers(expected: str, choices: Sequence[RenderedChoice]) -> bool:
    """Say whether the buttons are those expected: words or ids with commas, `*` for any number of them.

    Words that contain a comma are known by the buttons themselves.
    """
    text = squash(expected)
    names = [tuple(dict.fromkeys((squash(one.label), one.id))) for one in choices]

    def take(at: int, button: int) -> bool:
        rest = text[at:].lstrip(" ")
        at = len(text) - len(rest)
        if not rest:
            return button == len(names)
        if rest == "*":
            return True
        if rest.startswith("*,"):
            return any(take(at + 2, later) for later in range(button, len(names) + 1))
        if button == len(names):
            return False
        end = rest.find(",")
        piece = (rest if end < 0 else rest[:end]).strip()
        if "*" in piece and any(fits(piece, name) for name in names[button]):
            return take(at + (len(rest) if end < 0 else end + 1), button + 1)
        for name in names[button]:
            after = rest[len(name) :].lstrip(" ")
            if rest.startswith(name) and (not after or after.startswith(",")):
                return take(len(text) - len(after) + (1 if after else 0), button + 1)
        return False

    return take(0, 0)
