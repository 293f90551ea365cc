"""Read the example conversations as far as the checks need: where they end, and what is tapped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.checks.view import View
from bot.reader import Entries, Items, Scalar, read

FOLDER = "examples/"


@dataclass(frozen=True, slots=True)
class Talk:
    """One example: its keys, and the lines of the conversation."""

    entries: Entries
    lines: tuple[Entries, ...]

    def said(self, key: str) -> Iterator[Scalar]:
        """List the values of a key in the conversation."""
        for line in self.lines:
            value = line.get(key)
            if isinstance(value, Scalar):
                yield value

    @property
    def language(self) -> str:
        """The language of the person."""
        said = self.entries.get("language")
        return said.text if isinstance(said, Scalar) else "en"


def talks(view: View) -> Iterator[Talk]:
    """Read every example of the pack; its form is looked at by the layer that plays it."""
    for path in sorted(path for path in view.files if path.startswith(FOLDER)):
        piece, _ = read(view.prefix + path, view.files[path])
        if isinstance(piece, Entries):
            items = piece.get("talk")
            lines = items.values if isinstance(items, Items) else ()
            yield Talk(piece, tuple(line for line in lines if isinstance(line, Entries)))
