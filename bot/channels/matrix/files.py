"""Keep small secrets beside the key store: written whole or not at all, readable by the owner only; and the lock."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from bot.errors import SettingsError, StoreError


def read_private(file: Path) -> str | None:
    """Read a private file; None where there is none. Raises `StoreError` when it is open to others or unreadable."""
    try:
        if file.stat().st_mode & 0o077:
            raise StoreError(f"{file} is open to other users; run: chmod 600 {file}")
        return file.read_text("utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise StoreError(f"{file} cannot be read ({reason}).") from None


def write_private(file: Path, text: str) -> None:
    """Write a private file beside and move it into place, so that a crash leaves the old or the new one."""
    beside = file.with_name(f"{file.name}.new")
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(beside, file)
    except OSError as error:
        raise StoreError(f"{file} cannot be written ({error.strerror}).") from None


def make_folder(folder: Path) -> None:
    """Make the folder of keys and credentials, open to the owner only."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"The folder {folder} cannot be made ({error.strerror}).") from None


class Lock:
    """Let only one process be a Matrix device: two would spoil each other's encryption for good."""

    def __init__(self, file: Path) -> None:
        try:
            self._handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreError(f"{file} cannot be opened ({error.strerror}).") from None
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._handle)
            raise SettingsError(
                f"Another process is this Matrix device already ({file} is locked); stop it first: two would make "
                "each other's messages unreadable."
            ) from None

    def release(self) -> None:
        """Let go; the system does the same when the process dies."""
        os.close(self._handle)
