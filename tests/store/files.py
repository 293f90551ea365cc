"""Open stores in files, look at their raw bytes, and drive a second process that can be killed."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
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


@contextmanager
def an_ordinary_user() -> Iterator[Path]:
    """Be somebody whom file modes bind (root is not), in a folder of their own."""
    folder = Path(tempfile.mkdtemp())
    root = os.geteuid() == 0
    try:
        if root:
            os.chown(folder, 65534, 65534)
            os.seteuid(65534)
        yield folder
    finally:
        if root:
            os.seteuid(0)
        folder.chmod(0o700)
        shutil.rmtree(folder)
