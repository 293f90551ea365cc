"""Know whose rows are whose: keyed hashes, data keys, and a bounded memory of those in use.

A conversation's key never stands in the database: rows belong to a random number, the number is found by a keyed hash,
and the key itself is sealed. Everything about a conversation is sealed with its own data key; destroying the one row
in `people` makes all of it unreadable, in every copy.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections import OrderedDict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from bot.service.ports import ConversationKey
from bot.store.crypto import Cipher, keyed_hash, new_key, place
from bot.store.keys import Keyring

REMEMBERED = 5000  # about 1 KiB each: data keys of the conversations of the last minutes


@dataclass(slots=True)
class Person:
    """Hold one conversation's number, key, channel, address and unwrapped data key."""

    id: int
    key: ConversationKey
    channel: str
    address: bytes
    cipher: Cipher

    def seal(self, table: str, column: str, row: int | str, data: bytes) -> bytes:
        """Seal a value of this conversation for one place."""
        return self.cipher.seal(data, place(table, column, row))

    def open(self, table: str, column: str, row: int | str, value: bytes) -> bytes:
        """Open a value of this conversation; raises `StoreError` if it is not from this place."""
        return self.cipher.open(value, place(table, column, row))


class People:
    """Find, create and forget the owners of rows. Used on the connection's thread only."""

    def __init__(self, keyring: Keyring, index_key: bytes, remembered: int = REMEMBERED) -> None:
        self._keyring = keyring
        self._index_key = index_key
        self._remembered = remembered
        self._by_id: OrderedDict[int, Person] = OrderedDict()
        self._by_key: dict[ConversationKey, Person] = {}

    def hash(self, *parts: str) -> str:
        """Hash a conversation key, or other words that must be found again without standing in the clear."""
        return keyed_hash(self._index_key, *parts)

    def clear(self) -> None:
        """Unlearn everybody: the database may have changed underneath."""
        self._by_id.clear()
        self._by_key.clear()

    def drop(self, person: int) -> None:
        """Unlearn one person."""
        known = self._by_id.pop(person, None)
        if known:
            self._by_key.pop(known.key, None)

    def find(self, connection: sqlite3.Connection, keys: Collection[ConversationKey]) -> dict[ConversationKey, Person]:
        """Find the conversations that exist."""
        found = {key: person for key in keys if (person := self._by_key.get(key))}
        for person in found.values():
            self._by_id.move_to_end(person.id)
        missing = [self.hash(key) for key in keys if key not in found]
        if missing:
            for person in self._load(connection, "hash", missing):
                found[person.key] = person
        return found

    def find_one(self, connection: sqlite3.Connection, key: ConversationKey) -> Person | None:
        """Find one conversation."""
        return self.find(connection, (key,)).get(key)

    def by_ids(self, connection: sqlite3.Connection, ids: Iterable[int]) -> dict[int, Person]:
        """Find conversations by their numbers."""
        wanted = set(ids)
        found = {each: person for each in wanted if (person := self._by_id.get(each))}
        if missing := [each for each in wanted if each not in found]:
            found.update((person.id, person) for person in self._load(connection, "id", missing))
        return found

    def create(
        self,
        connection: sqlite3.Connection,
        key: ConversationKey,
        channel: str,
        address: bytes,
        *,
        now: int,
        passing: bool,
    ) -> Person:
        """Begin a conversation with a fresh number and data key."""
        raw = new_key()
        person = Person(secrets.randbits(62), key, channel, address, Cipher(raw))
        connection.execute(
            "INSERT INTO people (id, hash, wrapped, name, address, channel, created, closed, passing) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, NULL, ?)",
            (
                person.id,
                self.hash(key),
                self._keyring.wrap(raw, place("people", "wrapped", person.id)),
                person.seal("people", "name", person.id, key.encode("utf-8", "surrogatepass")),
                person.seal("people", "address", person.id, address),
                channel,
                now,
                int(passing),
            ),
        )
        self._learn(person)
        return person

    def rename(self, connection: sqlite3.Connection, person: Person, key: ConversationKey, address: bytes) -> None:
        """Give a conversation another key and address."""
        connection.execute(
            "UPDATE people SET hash = ?, name = ? WHERE id = ?",
            (self.hash(key), person.seal("people", "name", person.id, key.encode("utf-8", "surrogatepass")), person.id),
        )
        self.readdress(connection, person, address)
        self.drop(person.id)

    def readdress(self, connection: sqlite3.Connection, person: Person, address: bytes) -> None:
        """Remember where this conversation is written to, if that changed."""
        if person.address != address:
            sealed = person.seal("people", "address", person.id, address)
            connection.execute("UPDATE people SET address = ? WHERE id = ?", (sealed, person.id))
            person.address = address

    def destroy(self, connection: sqlite3.Connection, ids: Collection[int]) -> int:
        """Delete people; everything they own goes with them."""
        for each in ids:
            self.drop(each)
        return connection.executemany("DELETE FROM people WHERE id = ?", [(each,) for each in ids]).rowcount

    def destroy_passing(self, connection: sqlite3.Connection, ids: Collection[int]) -> int:
        """Delete those of these people who were kept only for a message, if none waits any more."""
        gone = [
            row[0]
            for row in connection.execute(
                "SELECT id FROM people WHERE passing = 1 AND id IN (SELECT value FROM json_each(?)) "
                "AND NOT EXISTS (SELECT 1 FROM outbox WHERE person = people.id)",
                (json.dumps(list(ids)),),
            )
        ]
        return self.destroy(connection, gone) if gone else 0

    def _load(self, connection: sqlite3.Connection, column: str, values: list[str] | list[int]) -> list[Person]:
        sql = {
            "hash": "SELECT * FROM people WHERE hash IN (SELECT value FROM json_each(?))",
            "id": "SELECT * FROM people WHERE id IN (SELECT value FROM json_each(?))",
        }[column]
        return [self._read(row) for row in connection.execute(sql, (json.dumps(values),)).fetchall()]

    def _read(self, row: sqlite3.Row) -> Person:
        number = row["id"]
        cipher = Cipher(self._keyring.unwrap(row["wrapped"], place("people", "wrapped", number)))
        key = cipher.open(row["name"], place("people", "name", number)).decode("utf-8", "surrogatepass")
        address = cipher.open(row["address"], place("people", "address", number))
        person = Person(number, key, row["channel"], address, cipher)
        self._learn(person)
        return person

    def _learn(self, person: Person) -> None:
        self._by_id[person.id] = person
        self._by_key[person.key] = person
        while len(self._by_id) > self._remembered:
            _, oldest = self._by_id.popitem(last=False)
            self._by_key.pop(oldest.key, None)
