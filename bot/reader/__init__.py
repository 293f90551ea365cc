"""Read YAML as our authors use it: block style, every value text, no anchors, no repeats; every piece keeps its place.

The small, boring part of YAML in which nothing can surprise: `no` stays "no", `12:30` stays "12:30". What does not
fit is a `Problem` with file, line and column, in words that say what to do. Dialogs, letters, examples and facts are
read by this.
"""

from bot.reader.builder import MAX_DEPTH
from bot.reader.files import MAX_BYTES, read, reading_once
from bot.reader.pieces import Entries, Items, Node, Piece, Scalar, nearest, scalars

__all__ = [
    "MAX_BYTES",
    "MAX_DEPTH",
    "Entries",
    "Items",
    "Node",
    "Piece",
    "Scalar",
    "nearest",
    "read",
    "reading_once",
    "scalars",
]
