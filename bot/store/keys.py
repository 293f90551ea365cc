"""Get the master key: from a setting, from a key file that is made at the first use, or for one run in memory.

The master key only wraps other keys, so rotating it means wrapping those anew. Keys are 32 bytes, written as base64 or
as 64 hexadecimal digits; several, separated by commas, mean: the first is used from now on, the others still open.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import os
import stat
from pathlib import Path

from bot.errors import SettingsError, StoreError
from bot.store.crypto import KEY_BYTES, Cipher, key_id, new_key

_EXAMPLE = "make one with: openssl rand -base64 32"


class Keyring:
    """Wrap and unwrap data keys with the master key; `lasting` is False for a key that ends with the process."""

    def __init__(self, current: bytes, *older: bytes, lasting: bool = True) -> None:
        self._current = current
        self._cipher = Cipher(current)
        self._all = {cipher.id: cipher for cipher in (*map(Cipher, older), self._cipher)}
        self.id = self._cipher.id
        self.lasting = lasting

    def __repr__(self) -> str:
        return f"Keyring(id={self.id.hex()})"

    def wrap(self, key: bytes, where: bytes) -> bytes:
        """Seal a data key under the current master key."""
        return self._cipher.seal(key, where)

    def unwrap(self, value: bytes, where: bytes) -> bytes:
        """Open a data key with whichever of the master keys it needs; raises `StoreError` if none fits."""
        needed = key_id(value)
        cipher = self._all.get(needed)
        if cipher is None:
            have = ", ".join(sorted(each.hex() for each in self._all))
            raise StoreError(
                f"The database was encrypted with key {needed.hex()}, but the key given is {have}; "
                "give the key it was made with (OPTOUT_ENCRYPTION_KEY or the key file)."
            )
        return cipher.open(value, where)

    def derive(self, purpose: str) -> bytes:
        """Derive a further key (32 bytes) for another purpose, such as a crypto library's own store."""
        return hmac.digest(self._current, f"optout-bot {purpose}".encode(), "sha256")


def keyring_from_text(text: str) -> Keyring:
    """Read keys from a setting; raises `SettingsError` without repeating what was read."""
    return Keyring(*_keys(text, "OPTOUT_ENCRYPTION_KEY"))


def keyring_in_memory() -> Keyring:
    """Draw a key that nothing keeps: what it seals ends with the process."""
    return Keyring(new_key(), lasting=False)


def keyring_from_file(path: Path, *, make: bool = True) -> Keyring:
    """Read the key file, or make it (readable by its owner only) when it is missing and `make` allows that."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        if not make:
            raise StoreError(f"The key file {path} is missing; without it the database cannot be read.") from None
        return Keyring(_make(path))
    except OSError as error:
        raise StoreError(f"The key file {path} cannot be read ({error.strerror}).") from None
    try:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            raise StoreError(f"The key file {path} is no file; name a file that holds the key.")
        if os.name == "posix" and found.st_mode & (stat.S_IRWXO | stat.S_IWGRP):
            raise StoreError(f"The key file {path} is open to other users; run: chmod 600 {path}")
        text = os.read(handle, 4096)
    finally:
        os.close(handle)
    try:
        return Keyring(*_keys(text.decode("ascii", "replace"), f"the key file {path}"))
    except SettingsError as error:
        raise StoreError(str(error)) from None


def _make(path: Path) -> bytes:
    key = new_key()
    # Written beside and linked into place: a process that dies half-way leaves no half key behind,
    # and of two first starts only one makes the key.
    beside = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(base64.b64encode(key) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(beside, path)
        finally:
            os.unlink(beside)
        _sync_folder(path.parent)
    except OSError as error:
        raise StoreError(f"The key file {path} cannot be made ({error.strerror}); is its folder writable?") from None
    return key


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _keys(text: str, source: str) -> list[bytes]:
    keys = [_key(part.strip(), source) for part in text.split(",")]
    return keys


def _key(text: str, source: str) -> bytes:
    if len(text) == 2 * KEY_BYTES:
        try:
            return bytes.fromhex(text)
        except ValueError:
            pass
    try:
        key = base64.b64decode(text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise SettingsError(
            f"{source} should hold {KEY_BYTES} bytes as base64 or hexadecimal, but {len(text)} characters were read "
            f"that are not that; {_EXAMPLE}"
        )
    return key
