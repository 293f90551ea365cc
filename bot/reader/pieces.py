"""What a file is read into: texts, mappings and lists, each with its place."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from bot.errors import Problem


@dataclass(frozen=True, slots=True)
class Node:
    """A piece of a file with its place (line and column from 1)."""

    file: str
    line: int
    col: int

    def problem(self, code: str, message: str, hint: str = "") -> Problem:
        """Make a problem that points here."""
        return Problem(self.file, self.line, self.col, code, message, hint)

    def warning(self, code: str, message: str, hint: str = "") -> Problem:
        """Make a warning that points here."""
        return Problem(self.file, self.line, self.col, code, message, hint, "warning")


@dataclass(frozen=True, slots=True)
class Scalar(Node):
    """A text as it was written. `block` is True for a `|` or `>` text, `quoted` for one in quotes."""

    text: str = ""
    block: bool = False
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Entries(Node):
    """A mapping: pairs of key and value in the order of the file."""

    pairs: tuple[tuple[Scalar, Scalar | Entries | Items], ...] = ()

    def get(self, key: str) -> Scalar | Entries | Items | None:
        """Give the value of a key, or None."""
        return next((value for name, value in self.pairs if name.text == key), None)

    def key(self, key: str) -> Scalar | None:
        """Give the key itself, for its place."""
        return next((name for name, _ in self.pairs if name.text == key), None)

    def __iter__(self) -> Iterator[tuple[Scalar, Scalar | Entries | Items]]:
        """Walk over the pairs."""
        return iter(self.pairs)


@dataclass(frozen=True, slots=True)
class Items(Node):
    """A list in the order of the file."""

    values: tuple[Scalar | Entries | Items, ...] = field(default=())


Piece = Scalar | Entries | Items


def scalars(piece: Piece | None, keys: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Scalar]]:
    """List every text of a file with the keys above it."""
    if isinstance(piece, Scalar):
        yield keys, piece
    elif isinstance(piece, Items):
        for one in piece.values:
            yield from scalars(one, keys)
    elif isinstance(piece, Entries):
        for key, value in piece:
            yield from scalars(value, (*keys, key.text))


def nearest(word: str, known: Collection[str]) -> str:
    """Give a sentence with the nearest right word, or the few there are."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    found = process.extractOne(word, sorted(known), scorer=OSA.distance, score_cutoff=max(2, len(word) // 3))
    if found:
        return f"Did you mean «{found[0]}»?"
    if 0 < len(known) <= 8:
        return f"Known here: {', '.join(sorted(known))}."
    return ""
