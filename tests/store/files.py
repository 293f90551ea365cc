"""Open stores in files, look at their raw bytes, and drive a second process that can be killed."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.store.keys import Keyring
from bot.store.sqlite import SqliteStore

KEYS = Keyring(b"k" * 32)
ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def opened(
    path: Path, keyring: Keyring = KEYS, *, create: bool = True, shared: bool = False
) -> AsyncIterator[SqliteStore]:
    """Open a store and close it again."""
    store = await SqliteStore.open(path, keyring, create=create, shared=shared)
    try:
        yield store
    finally:
        await store.close()


def raw(path: Path, sql: str, *values: object) -> list[tuple[object, ...]]:
    """Ask the file itself, behind the store's back."""
    connection = sqlite3.connect(path)
    try:
        found = connection.execute(sql, values).fetchall()
        connection.commit()
        return found
    finally:
        connection.close()


def every_byte(path: Path) -> bytes:
    """Read the database, its log and whatever else lies beside it."""
    return b"".join(each.read_bytes() for each in sorted(path.parent.iterdir()) if each.is_file())


def python(code: str, *arguments: str) -> subprocess.Popen[str]:
    """Start a second Python that can import the bot."""
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
    )
