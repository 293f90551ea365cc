"""Open the SQLite store: one file, or memory for a conversation that nobody keeps.

    store = await SqliteStore.open(path, keyring)
    …
    await store.close()

Order: file and lock, connection, is it ours and whole, upgrade, keys. Every problem is a `StoreError` in one sentence.
"""

from __future__ import annotations

import secrets
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import StoreError
from bot.service.ports import Store
from bot.store.connection import Database, name_of
from bot.store.crypto import Cipher, new_key, place
from bot.store.guard import Guard, check_file
from bot.store.keys import Keyring, keyring_in_memory
from bot.store.migrations import upgrade
from bot.store.people import REMEMBERED, People
from bot.store.sqlite_outbox import OutboxPart
from bot.store.sqlite_turns import TurnsPart
from bot.store.sqlite_upkeep import UpkeepPart

_ALWAYS_CHECKED = 256 * 1024 * 1024  # a larger database is checked at start only after a crash: it takes seconds


class SqliteStore(TurnsPart, OutboxPart, UpkeepPart):
    """Be a `bot.service.ports.Store` on SQLite."""

    _marked = False
    """Whether this process marked the database as open; it then takes the mark away at the end."""

    @classmethod
    async def open(
        cls,
        path: Path | None,
        keyring: Keyring | None = None,
        *,
        create: bool = True,
        shared: bool = False,
        remembered: int = REMEMBERED,
    ) -> SqliteStore:
        """Open the database at `path`, or one in memory for None.

        `create=False` refuses a missing file (tools for operators); `shared=True` joins in while a bot may be running
        on it. A file needs a `keyring`; in memory a key is drawn. `remembered` bounds how many data keys stay
        unwrapped.
        """
        if path is not None and keyring is None:
            raise StoreError(f"The database {path} needs a key: set OPTOUT_ENCRYPTION_KEY or name a key file.")
        guard = None
        if path is not None:
            check_file(path, create=create)
            if not shared:
                guard = Guard(path)
                guard.take()
        try:
            database = await Database.connect(path, guard)
        except BaseException:
            if guard:
                guard.let_go()
            raise
        try:
            return await cls._set_up(database, keyring or keyring_in_memory(), guard, remembered)
        except BaseException:
            await database.close()
            raise

    @classmethod
    async def _set_up(cls, database: Database, keyring: Keyring, guard: Guard | None, remembered: int) -> SqliteStore:
        def prepare(connection: sqlite3.Connection) -> tuple[bytes, bytes, str]:
            _check_whole(connection, database.path)
            upgrade(connection, name_of(database.path))
            _check_log(connection, database.path, guard)
            return _own_keys(connection, keyring)

        index_key, store_key, epoch = await database.direct(prepare)
        store = cls(database, keyring, People(keyring, index_key, remembered), Cipher(store_key), epoch)
        store._marked = guard is not None
        return store

    async def close(self) -> None:
        """Finish and let go of the database; may be called twice."""

        def leave(connection: sqlite3.Connection) -> None:
            connection.execute("UPDATE counters SET value = 0 WHERE name = 'open'")

        await self._database.close(leave if self._marked else None)


def _check_whole(connection: sqlite3.Connection, path: Path | None) -> None:
    if path is None:
        return
    size = connection.execute("PRAGMA page_count").fetchone()[0] * connection.execute("PRAGMA page_size").fetchone()[0]
    if size > _ALWAYS_CHECKED and not _was_open(connection):
        return
    found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise StoreError(f"The database {path} is damaged; nothing was written to it, restore a backup.")


def _was_open(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute("SELECT value FROM counters WHERE name = 'open'").fetchone()[0])


def _check_log(connection: sqlite3.Connection, path: Path | None, guard: Guard | None) -> None:
    """Refuse a database that lost commits, then mark it as open until it is closed properly."""
    if path is None or guard is None:
        return
    commits = connection.execute("SELECT value FROM counters WHERE name = 'commits'").fetchone()[0]
    if commits < guard.seen:
        raise StoreError(
            f"The database {path} lost its last {guard.seen - commits} changes: its log ({path.name}-wal) is missing, "
            "or an older copy was put in its place; put the log back, restore a backup with the restore command, or "
            f"remove {path.name}.lock to go on without them."
        )
    if _was_open(connection) and not guard.seen and not guard.log_was_there:
        raise StoreError(
            f"The database {path} was copied from a running bot without its log ({path.name}-wal); copy both, or "
            "restore a backup with the restore command."
        )
    connection.execute("UPDATE counters SET value = 1 WHERE name = 'open'")
    guard.note(commits)
    # The mark has to stand in the file itself: that is what a careless copy takes.
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _own_keys(connection: sqlite3.Connection, keyring: Keyring) -> tuple[bytes, bytes, str]:
    """Read the database's own keys, or make them in a new database; raises `StoreError` for a wrong master key."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        for name in ("index_key", "store_key"):
            connection.execute(
                "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING",
                (name, keyring.wrap(new_key(), place("meta", "value", name))),
            )
        connection.execute(
            "INSERT INTO meta (name, value) VALUES ('epoch', ?) ON CONFLICT (name) DO NOTHING",
            (secrets.token_bytes(6),),
        )
        found = {row["name"]: row["value"] for row in connection.execute("SELECT name, value FROM meta")}
        index_key, store_key = (
            keyring.unwrap(found[name], place("meta", "value", name)) for name in ("index_key", "store_key")
        )
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return index_key, store_key, found["epoch"].hex()


if TYPE_CHECKING:
    _PROOF: type[Store] = SqliteStore  # everything the service asks for is here
