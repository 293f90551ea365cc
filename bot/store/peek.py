"""Look into a database without its key: who stands where, and which content versions are kept. Nothing is written."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bot.errors import StoreError
from bot.store.connection import BUSY_SECONDS, name_of, sentence
from bot.store.guard import check_file, log_path
from bot.store.migrations import version


@dataclass(frozen=True, slots=True)
class Peek:
    """What stands in a database in the clear."""

    people: Mapping[tuple[str, str], int]
    """content version and state (`dialog/state`) -> sessions"""
    packs: Mapping[str, bytes]
    """content version -> its kept dialog files, as `bot.service.versions` wrote them"""


def peek(path: Path) -> Peek:
    """Read a database file, also while a bot runs on it; raises `StoreError` in one sentence."""
    check_file(path, create=False, write=False)
    try:
        with closing(_open(path)) as connection:
            if not version(connection, name_of(path)):
                raise StoreError(f"{name_of(path)} is empty; name the file that your bot uses.")
            rows = connection.execute("SELECT pack, state, count(*) FROM sessions GROUP BY pack, state").fetchall()
            kept = connection.execute("SELECT version, source FROM packs").fetchall()
    except sqlite3.Error as error:
        raise sentence(error, path) from None
    return Peek({(pack, state): count for pack, state, count in rows}, {name: bytes(source) for name, source in kept})


def _open(path: Path) -> sqlite3.Connection:
    # Even to read, SQLite makes a log beside the file, unless it is told that nobody writes: then there is no log.
    how = "mode=ro" if log_path(path).exists() else "mode=ro&immutable=1"
    return sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True, timeout=BUSY_SECONDS, isolation_level=None)
