"""Guard a database file: one process at a time, no lost log, no surprise about what the file is.

`<database>.lock` is held for as long as the process lives. It says who holds it and how many commits the database had
at last: a database that comes back with fewer lost its write-ahead log or was replaced by an older copy.
"""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from pathlib import Path

from bot.errors import NoDatabase, StoreError

if sys.platform != "win32":
    import fcntl

_LINE = "{pid:>10} {commits:>20}\n"


def lock_path(database: Path) -> Path:
    """Name the lock file of a database."""
    return database.with_name(database.name + ".lock")


def log_path(database: Path) -> Path:
    """Name the write-ahead log of a database."""
    return database.with_name(database.name + "-wal")


def holder(database: Path) -> str:
    """Say who uses the database now, as far as its lock file knows."""
    pid, _ = _read(lock_path(database))
    return f"process {pid}" if pid else "another process"


class Guard:
    """Hold the lock of one database file from `take` to `let_go`."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._path = lock_path(database)
        self._handle = -1
        self.seen = 0
        """How many commits the database had when a process last wrote to it; 0 if unknown."""
        self.log_was_there = False
        """Whether the write-ahead log lay beside the database before it was opened."""

    def take(self) -> None:
        """Take the lock; raises `StoreError` that names the process holding it."""
        try:
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise StoreError(f"The lock file {self._path} cannot be opened ({error.strerror}).") from None
        if sys.platform != "win32":
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                os.close(handle)
                raise StoreError(
                    f"The database {self._database} is already in use by {holder(self._database)}; stop that one first."
                ) from None
        self._handle = handle
        _, self.seen = _read(self._path)
        self.log_was_there = log_path(self._database).exists()
        self.note(self.seen)

    def note(self, commits: int) -> None:
        """Write down how far the database is; a few microseconds, no fsync."""
        if self._handle >= 0:
            self.seen = commits
            with contextlib.suppress(OSError):  # a full disk stops the next commit with a better sentence
                os.pwrite(self._handle, _LINE.format(pid=os.getpid(), commits=commits).encode(), 0)

    def let_go(self) -> None:
        """Release the lock; the file stays, because removing it could unlock somebody else."""
        if self._handle >= 0:
            with contextlib.suppress(OSError):
                os.pwrite(self._handle, _LINE.format(pid=0, commits=self.seen).encode(), 0)
            os.close(self._handle)
            self._handle = -1


def _read(path: Path) -> tuple[int, int]:
    try:
        pid, commits = path.read_text("ascii").split()
        return int(pid), int(commits)
    except (OSError, ValueError):
        return 0, 0


def check_file(path: Path, *, create: bool, write: bool = True) -> bool:
    """See whether the database file can be used, and make an empty one (0600) if it may be made.

    Without `write` it is only looked at. Answers True for an existing database. Raises `StoreError` with what is in
    the way.
    """
    try:
        found = path.lstat()
    except FileNotFoundError:
        _check_folder(path.parent)
        if not create:
            raise NoDatabase(f"There is no database {path}; name an existing one.") from None
        _check_left_over(path)
        _make(path)
        return False
    except OSError as error:
        raise StoreError(f"The database {path} cannot be reached ({error.strerror}).") from None
    if stat.S_ISLNK(found.st_mode):
        raise StoreError(f"The database {path} is a symbolic link; name the file it points to, {os.readlink(path)}.")
    if stat.S_ISDIR(found.st_mode):
        raise StoreError(f"The database {path} is a folder; name a file in it, such as {path / 'bot.db'}.")
    if not stat.S_ISREG(found.st_mode):
        raise StoreError(f"The database {path} is no ordinary file; name another one.")
    if not os.access(path, os.R_OK | (os.W_OK * write), effective_ids=os.access in os.supports_effective_ids):
        way = "written" if write else "read"
        raise StoreError(f"The database {path} cannot be {way}{_owner(found)}; change its owner or mode.")
    if write:
        _check_folder(path.parent)
    return found.st_size > 0


def _check_folder(folder: Path) -> None:
    if not folder.is_dir():
        raise StoreError(f"The folder {folder} does not exist; make it or name another place for the database.")
    if not os.access(folder, os.W_OK | os.X_OK, effective_ids=os.access in os.supports_effective_ids):
        raise StoreError(
            f"The folder {folder} cannot be written{_owner(folder.stat())}; the database needs a folder "
            "where it can keep its log."
        )


def _check_left_over(path: Path) -> None:
    log = log_path(path)
    if log.exists() and log.stat().st_size > 0:
        raise StoreError(
            f"The database {path} is gone but its log {log.name} is still there: restore a backup, or remove the log "
            "to begin anew."
        )


def _make(path: Path) -> None:
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        raise StoreError(f"The database {path} cannot be made ({error.strerror}).") from None


def _owner(found: os.stat_result) -> str:
    if os.name == "posix" and found.st_uid != os.geteuid():
        return f" by this user (it belongs to user {found.st_uid}, this is user {os.geteuid()})"
    return " by this user"
