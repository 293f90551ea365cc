"""Run work on the one SQLite connection: every transaction is one function on aiosqlite's thread.

Between two awaits of a transaction another task could slip in on the same connection; between two lines of a function
nothing can. One function also costs two thread hops instead of two per statement, and a cancelled caller leaves no
transaction half-open: the function ends by itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar, cast

import aiosqlite

from bot.errors import StoreError
from bot.store.guard import Guard, holder
from bot.store.migrations import version

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]

BUSY_SECONDS = 5.0
PRAGMAS = (
    f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA temp_store = MEMORY",  # no temporary file that would outlive its data
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = FULL",
    "PRAGMA journal_size_limit = 67108864",
    "PRAGMA cache_size = -8192",
)


class Worker(aiosqlite.Connection):
    """Be an aiosqlite connection that also runs whole functions on its thread.

    aiosqlite puts single statements on its thread through `_execute`; a subclass may hand it a function as well.
    Hand over functions, never partials with data in them: aiosqlite logs what it runs at debug level.
    """

    async def run(self, work: Work[T]) -> T:
        """Run `work` on the connection's thread and give its result."""
        execute = cast("Callable[..., Awaitable[T]]", self._execute)
        return await execute(work, self._conn)


class Database:
    """Read and write one database; turns every SQLite error into one sentence for the operator."""

    def __init__(self, worker: Worker, path: Path | None, guard: Guard | None) -> None:
        self._worker = worker
        self._guard = guard
        self.path = path
        """The file, None in memory."""
        self.on_rollback: Callable[[], None] = _nothing
        """Called on the thread when a transaction failed or another process wrote: caches are stale then."""
        self._version = 0
        self._closed = False

    @classmethod
    async def connect(cls, path: Path | None, guard: Guard | None) -> Database:
        """Connect to the file (None: memory) and set it up; the caller checked it before."""

        def connect() -> sqlite3.Connection:
            connection = sqlite3.connect(
                _target(path),
                timeout=BUSY_SECONDS,
                isolation_level=None,
                uri=path is not None,
                check_same_thread=False,  # set up here, from then on used on the worker's thread only
            )
            try:
                connection.row_factory = sqlite3.Row
                for pragma in PRAGMAS:
                    connection.execute(pragma)
                version(connection, name_of(path))  # before anything changes: it may be another program's
                mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
                if mode not in ("wal", "memory"):
                    raise StoreError(f"The database {path} is on a drive that cannot keep a log; use a local drive.")
            except BaseException:
                connection.close()
                raise
            return connection

        try:
            connection = await asyncio.to_thread(connect)
        except sqlite3.Error as error:
            raise sentence(error, path) from None
        worker = Worker(lambda: connection, 64)
        await worker
        return cls(worker, path, guard)

    async def read(self, work: Work[T]) -> T:
        """Run a function that only reads, on one consistent state."""

        def whole(connection: sqlite3.Connection) -> T:
            connection.execute("BEGIN")
            try:
                self._notice_others(connection)
                return work(connection)
            finally:
                connection.execute("ROLLBACK")

        return await self._run(whole)

    async def write(self, work: Work[T]) -> T:
        """Run a function in one transaction: all of it is committed, or nothing."""

        def whole(connection: sqlite3.Connection) -> T:
            try:
                connection.execute("BEGIN IMMEDIATE")
                self._notice_others(connection)
                result = work(connection)
                done = connection.execute(
                    "UPDATE counters SET value = value + 1 WHERE name = 'commits' RETURNING value"
                ).fetchall()
                connection.execute("COMMIT")
            except BaseException:
                self.on_rollback()
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
            if self._guard and done:
                self._guard.note(done[0][0])
            return result

        return await self._run(whole)

    async def direct(self, work: Work[T]) -> T:
        """Run a function that keeps its own transactions (upgrades, checkpoints)."""
        return await self._run(work)

    async def truncate_log(self) -> bool:
        """Bring the log into the database and cut it to nothing, so that no deleted value survives in it.

        Answers False when a reader in another process held it back; try again later.
        """

        def checkpoint(connection: sqlite3.Connection) -> bool:
            return bool(connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0)

        return await self._run(checkpoint)

    async def close(self, last: Work[object] | None = None) -> None:
        """Close the connection (SQLite then folds the log in) and let go of the lock; may be called twice.

        `last` runs before, if it can: on a full disk the store still closes.
        """
        if self._closed:
            return
        self._closed = True
        try:
            if last:
                with contextlib.suppress(sqlite3.Error):
                    await self._worker.run(last)
            await self._worker.close()
        finally:
            if self._guard:
                self._guard.let_go()

    async def _run(self, work: Work[T]) -> T:
        if self._closed:
            raise StoreError("The database was closed already.")
        try:
            return await self._worker.run(work)
        except sqlite3.Error as error:
            raise sentence(error, self.path) from None

    def _notice_others(self, connection: sqlite3.Connection) -> None:
        if self.path is not None:
            version = connection.execute("PRAGMA data_version").fetchone()[0]
            if version != self._version:
                self._version = version
                self.on_rollback()


def _target(path: Path | None) -> str:
    # mode=rw: a file that vanished since it was checked is an error, not a new database.
    return ":memory:" if path is None else path.absolute().as_uri() + "?mode=rw"


def _nothing() -> None:
    return None


def name_of(path: Path | None) -> str:
    """Name a database at the beginning of a sentence."""
    return f"The database {path}" if path else "The database in memory"


def sentence(error: sqlite3.Error, path: Path | None) -> StoreError:
    """Say in one sentence what SQLite said, and what to do."""
    name = name_of(path)
    match (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            who = holder(path) if path else "another process"
            return StoreError(f"{name} has been locked by {who} for more than {BUSY_SECONDS:.0f} seconds.")
        case sqlite3.SQLITE_FULL:
            return StoreError(f"{name} has no room left; nothing was written, free some space and it goes on.")
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
            return StoreError(f"{name} cannot be written by this user; change its owner or mode.")
        case sqlite3.SQLITE_CANTOPEN:
            return StoreError(f"{name} cannot be opened; is its folder there, and may this user write in it?")
        case sqlite3.SQLITE_CORRUPT:
            return StoreError(f"{name} is damaged; stop the bot and restore a backup.")
        case sqlite3.SQLITE_NOTADB:
            return StoreError(f"{name} is no SQLite database; name another file or restore a backup.")
        case sqlite3.SQLITE_IOERR:
            return StoreError(f"{name} cannot be read or written ({error}); look at the drive.")
        case _:
            return StoreError(f"{name} refused an operation ({error}).")
