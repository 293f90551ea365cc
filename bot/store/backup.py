"""Make and restore backups: whole, encrypted as the database is, readable by their owner only.

A backup is written through SQLite (`VACUUM INTO`), never by copying files. Who was forgotten after the backup was made
is forgotten in it again when it is restored, as far as the database it replaces still knows.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from bot.errors import StoreError
from bot.store.connection import PRAGMAS, sentence
from bot.store.crypto import place
from bot.store.guard import Guard, log_path
from bot.store.keys import Keyring
from bot.store.migrations import APPLICATION_ID, upgrade


async def make_backup(database: Path, target: Path, keyring: Keyring) -> None:
    """Write a backup of a database, also while a bot runs on it; raises `StoreError` and leaves nothing half-done."""
    await asyncio.to_thread(_make, database, target, keyring)


async def restore_backup(source: Path, database: Path, keyring: Keyring) -> int:
    """Put a backup in the place of the database (no bot may run on it); tells how many people were forgotten again."""
    return await asyncio.to_thread(_restore, source, database, keyring)


def _make(database: Path, target: Path, keyring: Keyring) -> None:
    if not keyring.lasting:
        raise StoreError("A database whose key is not kept cannot be backed up: nobody could read the backup.")
    if not database.is_file():
        raise StoreError(f"There is no database {database} to back up.")
    _fresh(target)
    try:
        with _connected(database) as connection:
            connection.execute("VACUUM INTO ?", (str(target),))
        with _connected(target) as copy:
            _check(copy, target)
            copy.execute("UPDATE counters SET value = 0 WHERE name = 'open'")
        _sync(target)
    except sqlite3.Error as error:
        target.unlink(missing_ok=True)
        raise sentence(error, target) from None
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _restore(source: Path, database: Path, keyring: Keyring) -> int:
    if not source.is_file():
        raise StoreError(f"There is no backup {source}.")
    beside = database.with_name(f"{database.name}.restoring")
    beside.unlink(missing_ok=True)
    guard = Guard(database)
    guard.take()
    try:
        _fresh(beside)
        shutil.copyfile(source, beside)
        with _connected(beside) as copy:
            _check(copy, source)
            upgrade(copy, f"The backup {source}")
            _check_key(copy, keyring)
            forgotten = _forget_again(copy, _tombstones(database))
            # New transaction ids: networks remember those given out since the backup and would drop them as repeats.
            copy.execute("UPDATE meta SET value = ? WHERE name = 'epoch'", (secrets.token_bytes(6),))
            copy.execute("UPDATE counters SET value = 0 WHERE name = 'open'")
            commits = copy.execute("SELECT value FROM counters WHERE name = 'commits'").fetchone()[0]
            copy.execute("VACUUM")  # nothing of the forgotten stays in free pages
        _sync(beside)
        # The old log must not be played into the new file.
        for rest in (log_path(database), database.with_name(database.name + "-shm")):
            rest.unlink(missing_ok=True)
        os.replace(beside, database)
        guard.note(commits)
        return forgotten
    except sqlite3.Error as error:
        raise sentence(error, source) from None
    finally:
        beside.unlink(missing_ok=True)
        guard.let_go()


@contextlib.contextmanager
def _connected(path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        for pragma in PRAGMAS:
            connection.execute(pragma)
        yield connection
    finally:
        connection.close()


def _fresh(path: Path) -> None:
    """Make an empty file only its owner can read; SQLite then writes into it."""
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        raise StoreError(f"{path} exists already; name a new file for the backup.") from None
    except OSError as error:
        raise StoreError(f"{path} cannot be made ({error.strerror}).") from None


def _check(connection: sqlite3.Connection, path: Path) -> None:
    ours = connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
    if not ours:
        raise StoreError(f"{path} is no backup of this bot.")
    if connection.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
        raise StoreError(f"The backup {path} is damaged; use another one.")


def _check_key(connection: sqlite3.Connection, keyring: Keyring) -> None:
    row = connection.execute("SELECT value FROM meta WHERE name = 'index_key'").fetchone()
    keyring.unwrap(row[0], place("meta", "value", "index_key"))


def _tombstones(database: Path) -> list[tuple[str, int]]:
    """Read who was forgotten in the database that is about to be replaced, as far as it can still be read."""
    if not database.is_file() or not database.stat().st_size:
        return []
    try:
        with _connected(database) as connection:
            return [tuple(row) for row in connection.execute("SELECT hash, at FROM tombstones")]
    except sqlite3.Error:
        return []


def _forget_again(connection: sqlite3.Connection, tombstones: list[tuple[str, int]]) -> int:
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(
        "INSERT INTO tombstones (hash, at) VALUES (?, ?) ON CONFLICT (hash) DO UPDATE SET at = max(at, excluded.at)",
        tombstones,
    )
    # Who came back after having been forgotten began anew: that life was not forgotten.
    gone = connection.execute(
        "DELETE FROM people WHERE EXISTS "
        "(SELECT 1 FROM tombstones WHERE tombstones.hash = people.hash AND tombstones.at >= people.created)"
    ).rowcount
    connection.execute("COMMIT")
    return gone


def _sync(path: Path) -> None:
    for each, flags in ((path, os.O_RDWR), (path.parent, os.O_RDONLY)):
        handle = os.open(each, flags)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
