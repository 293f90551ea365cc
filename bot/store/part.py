"""Be what the parts of the SQLite store share: the database, its people, its own key."""

from __future__ import annotations

import json
from collections.abc import Collection

from bot.store.connection import Database
from bot.store.crypto import Cipher
from bot.store.keys import Keyring
from bot.store.people import People


class Part:
    """Hold what every part of the store works with."""

    def __init__(self, database: Database, keyring: Keyring, people: People, cipher: Cipher, epoch: str) -> None:
        self._database = database
        self._keyring = keyring
        self._people = people
        self._cipher = cipher
        """Seals what belongs to a channel rather than to a conversation."""
        self._epoch = epoch
        """Makes transaction ids unique even when outbox ids begin again after a restore."""
        self._log_holds_forgotten = False
        database.on_rollback = people.clear


def listed(values: Collection[int] | Collection[str]) -> str:
    """Write values for `IN (SELECT value FROM json_each(?))`: one parameter however many there are."""
    return json.dumps(list(values))
