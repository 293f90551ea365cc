"""Seal values so that they can be read only with their key, and only in the place they were written to.

A sealed value is `01 · key id (4) · nonce (12) · AES-256-GCM ciphertext and tag`. The place (table, column, row) is
authenticated with it: a value moved to another row, column or person does not open. Nonces are random; a person's key
would have to seal 2³² values before that mattered.
"""

from __future__ import annotations

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.errors import StoreError

KEY_BYTES = 32
_FORMAT = b"\x01"
_ID_BYTES = 4
_NONCE_BYTES = 12
_HEAD = 1 + _ID_BYTES
_BODY = _HEAD + _NONCE_BYTES
_TAG_BYTES = 16


def place(table: str, column: str, row: int | str) -> bytes:
    """Name the only place a sealed value may be read from."""
    return f"{table}·{column}·{row}".encode()


def keyed_hash(key: bytes, *parts: str) -> str:
    """Hash words so that only someone with the key can tell whose they are (128 bits, hexadecimal)."""
    return hmac.digest(key, "\0".join(parts).encode("utf-8", "surrogatepass"), "sha256")[:16].hex()


def new_key() -> bytes:
    """Draw a fresh key."""
    return os.urandom(KEY_BYTES)


class Cipher:
    """Seal and open values with one key."""

    __slots__ = ("_aes", "_head", "id")

    def __init__(self, key: bytes) -> None:
        self._aes = AESGCM(key)
        self.id = hashlib.sha256(b"key id\0" + key).digest()[:_ID_BYTES]
        self._head = _FORMAT + self.id

    def seal(self, data: bytes, where: bytes) -> bytes:
        """Seal `data` for one place."""
        nonce = os.urandom(_NONCE_BYTES)
        return self._head + nonce + self._aes.encrypt(nonce, data, where)

    def open(self, value: bytes, where: bytes) -> bytes:
        """Open what was sealed for this place; raises `StoreError` for anything else."""
        if len(value) < _BODY + _TAG_BYTES or not value.startswith(_FORMAT):
            raise StoreError(f"A sealed value in {_words(where)} is cut off or damaged; restore a backup.")
        if value[1:_HEAD] != self.id:
            raise StoreError(f"A value in {_words(where)} was sealed with another key; restore a backup.")
        try:
            return self._aes.decrypt(value[_HEAD:_BODY], value[_BODY:], where)
        except InvalidTag:
            raise StoreError(
                f"A sealed value in {_words(where)} was changed or belongs elsewhere; restore a backup."
            ) from None


def key_id(value: bytes) -> bytes:
    """Read which key a sealed value needs."""
    return value[1:_HEAD]


def _words(where: bytes) -> str:
    # Table and column only: the row would single out a person in a log.
    return ".".join(where.decode().split("·")[:2])
