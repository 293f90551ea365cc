"""Where the pieces of one file of facts stand."""

from __future__ import annotations

from dataclasses import dataclass

from bot.reader import Entries, Items, Node, Piece

Path = tuple[str | int, ...]
"""Keys and numbers of list entries (from 0), from the outside in."""


def find(root: Entries, path: Path) -> Piece | None:
    """Give what stands at `path`, or None where there is nothing."""
    here: Piece | None = root
    for part in path:
        if isinstance(here, Entries):
            here = here.get(str(part))
        elif isinstance(here, Items) and isinstance(part, int) and part < len(here.values):
            here = here.values[part]
        else:
            return None
    return here


def nearest_place(root: Entries, path: Path, *, of_key: bool = False) -> Node:
    """Give the place of what stands at `path` (of its key, if asked for), or of the nearest piece around it."""
    if of_key:
        around = find(root, path[:-1])
        key = around.key(str(path[-1])) if isinstance(around, Entries) else None
        if key is not None:
            return key
    return next(here for length in range(len(path), -1, -1) if (here := find(root, path[:length])) is not None)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file as it was read; `head` goes before its paths where the whole file is one record."""

    root: Entries
    head: tuple[str, ...] = ()

    def find(self, path: Path) -> Node | None:
        """Give the place of a value, or None where there is nothing; the file as a whole is no value."""
        inside = path[len(self.head) :]
        return find(self.root, inside) if inside and path[: len(self.head)] == self.head else None
