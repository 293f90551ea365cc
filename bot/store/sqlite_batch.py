"""Write one batch: every table it touches, in the order `bot.service.ports.Batch` promises, inside one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from datetime import datetime

from bot.errors import Conflict
from bot.service.ports import Batch, ConversationKey, OutboxRow, SaveSession, TimersCancelled, TimerSet
from bot.store.crypto import Cipher, place
from bot.store.moments import from_ms, maybe_ms, to_ms
from bot.store.part import listed
from bot.store.people import People, Person


class BatchWriter:
    """Write one batch on the connection's thread; the caller holds the transaction."""

    def __init__(self, connection: sqlite3.Connection, people: People, cipher: Cipher, epoch: str) -> None:
        self._connection = connection
        self._people = people
        self._cipher = cipher
        self._epoch = epoch

    def write(self, batch: Batch) -> tuple[OutboxRow, ...]:
        """Write everything and give the rows that were queued; raises `Conflict` when a session changed meanwhile."""
        self.forget(batch.forgotten, batch.now)
        known = self._owners(batch)
        self._open_and_close(batch)
        self._finish(batch)
        self._sessions(batch.sessions, known, to_ms(batch.now))
        self._timers(batch, known)
        self._cases(batch, known)
        rows = self._outbox(batch, known)
        self._channel(batch)
        return rows

    def forget(self, keys: Collection[ConversationKey], now: datetime) -> int:
        """Destroy people and leave a tombstone for each, so that a restored backup is swept again."""
        found = self._people.find(self._connection, keys) if keys else {}
        self._connection.executemany(
            "INSERT INTO tombstones (hash, at) VALUES (?, ?) ON CONFLICT (hash) DO UPDATE SET at = excluded.at",
            [(self._people.hash(key), to_ms(now)) for key in found],
        )
        return self._people.destroy(self._connection, [person.id for person in found.values()]) if found else 0

    def _owners(self, batch: Batch) -> dict[ConversationKey, Person]:
        """Find or begin every conversation the batch writes something for."""
        at: dict[ConversationKey, tuple[str, bytes]] = {}
        staying: set[ConversationKey] = set()
        for message in batch.outbox:
            at[message.key] = (message.channel, message.address)
        for session in batch.sessions:
            at[session.key] = (session.channel, session.address)
            staying.add(session.key)
        for thing in (*batch.timers, *batch.cases):
            if not isinstance(thing, TimersCancelled):
                at.setdefault(thing.key, (batch.channel, b""))
                staying.add(thing.key)
        known = self._people.find(self._connection, at.keys()) if at else {}
        for key, (channel, address) in at.items():
            if key not in known:
                known[key] = self._people.create(
                    self._connection, key, channel, address, now=to_ms(batch.now), passing=key not in staying
                )
            elif address:
                self._people.readdress(self._connection, known[key], address)
        self._connection.executemany(
            "UPDATE people SET passing = 0 WHERE id = ? AND passing = 1", [(known[key].id,) for key in staying]
        )
        return known

    def _open_and_close(self, batch: Batch) -> None:
        if batch.revived:
            self._connection.executemany(
                "UPDATE people SET closed = NULL WHERE hash = ? AND closed IS NOT NULL",
                [(self._people.hash(key),) for key in batch.revived],
            )
        for key, why in batch.closed.items():
            close_conversation(self._connection, self._people, key, why)

    def _finish(self, batch: Batch) -> None:
        if batch.fired:
            self._connection.executemany(
                "DELETE FROM timers WHERE person = (SELECT id FROM people WHERE hash = ?) AND name = ? AND due = ?",
                [(self._people.hash(timer.key), timer.name, to_ms(timer.due)) for timer in batch.fired],
            )
        if batch.dropped:
            remove_rows(self._connection, self._people, batch.dropped)

    def _sessions(self, sessions: Sequence[SaveSession], known: dict[ConversationKey, Person], now: int) -> None:
        fresh: list[dict[str, object]] = []
        later: list[dict[str, object]] = []
        for each in sessions:
            person = known[each.key]
            values = {
                "person": person.id,
                "expected": each.expected,
                "data": person.seal("sessions", "data", person.id, each.data),
                "pack": each.pack,
                "state": each.state,
                "now": now,
            }
            (later if each.expected else fresh).append(values)
        written = self._connection.executemany(
            "INSERT INTO sessions (person, rev, data, pack, state, touched, kept) "
            "VALUES (:person, 1, :data, :pack, :state, :now, "
            "EXISTS (SELECT 1 FROM cases WHERE cases.person = :person)) ON CONFLICT (person) DO NOTHING",
            fresh,
        ).rowcount
        if fresh and written != len(fresh):
            raise Conflict("Another process began a session meanwhile; it has to be read again.")
        written = self._connection.executemany(
            "UPDATE sessions SET rev = rev + 1, data = :data, pack = :pack, state = :state, touched = :now "
            "WHERE person = :person AND rev = :expected",
            later,
        ).rowcount
        if later and written != len(later):
            raise Conflict("Another process changed a session meanwhile; it has to be read again.")

    def _timers(self, batch: Batch, known: dict[ConversationKey, Person]) -> None:
        for timer in batch.timers:
            if isinstance(timer, TimerSet):
                self._connection.execute(
                    "INSERT INTO timers (person, name, place, due) VALUES (?, ?, ?, ?) "
                    "ON CONFLICT (person, name) DO UPDATE SET place = excluded.place, due = excluded.due",
                    (known[timer.key].id, timer.name, timer.place, to_ms(timer.due)),
                )
            else:
                sql = "DELETE FROM timers WHERE person = (SELECT id FROM people WHERE hash = ?)"
                values = [self._people.hash(timer.key)]
                if timer.names is not None:
                    sql += " AND name IN (SELECT value FROM json_each(?))"
                    values.append(listed(timer.names))
                self._connection.execute(sql, values)

    def _cases(self, batch: Batch, known: dict[ConversationKey, Person]) -> None:
        for case in batch.cases:
            person = known[case.key]
            sealed = person.seal("cases", "data", f"{person.id} {case.case}", case.data)
            self._connection.execute(
                "INSERT INTO cases (person, case_id, data, opened, closed) VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT (person, case_id) "
                "DO UPDATE SET data = excluded.data, opened = excluded.opened, closed = excluded.closed",
                (person.id, case.case, sealed, to_ms(case.opened), maybe_ms(case.closed)),
            )
            self._connection.execute("UPDATE sessions SET kept = 1 WHERE person = ? AND kept = 0", (person.id,))

    def _outbox(self, batch: Batch, known: dict[ConversationKey, Person]) -> tuple[OutboxRow, ...]:
        if not batch.outbox:
            return ()
        closed = {
            row[0]
            for row in self._connection.execute(
                "SELECT id FROM people WHERE closed IS NOT NULL AND id IN (SELECT value FROM json_each(?))",
                (listed([known[message.key].id for message in batch.outbox]),),
            )
        }
        last = self._connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'outbox'").fetchone()
        before = number = 0 if last is None else last[0]
        now = to_ms(batch.now)
        rows, values = [], []
        for message in batch.outbox:
            person = known[message.key]
            if person.id in closed:
                continue
            number += 1
            not_before = now if message.not_before is None else to_ms(message.not_before)
            row = OutboxRow(
                id=number,
                transaction=f"{self._epoch}.{number}",
                key=message.key,
                channel=message.channel,
                address=message.address,
                payload=message.payload,
                kind=message.kind,
                event_id=message.event_id,
                position=message.position,
                created=from_ms(now),
                expires=from_ms(to_ms(message.expires)),
                not_before=from_ms(not_before),
                attempts=0,
                state="waiting",
                remember=message.remember,
            )
            rows.append(row)
            values.append(
                (
                    number,
                    person.id,
                    row.channel,
                    person.seal("outbox", "address", number, row.address),
                    person.seal("outbox", "payload", number, row.payload),
                    row.kind,
                    row.event_id,
                    row.position,
                    now,
                    to_ms(row.expires),
                    not_before,
                    row.remember,
                )
            )
        self._connection.executemany(
            "INSERT INTO outbox (id, person, channel, address, payload, kind, event_id, position, created, expires, "
            "not_before, attempts, state, remember) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 'waiting', ?) "
            "ON CONFLICT (channel, event_id, position) DO NOTHING",
            values,
        )
        queued = {row[0] for row in self._connection.execute("SELECT id FROM outbox WHERE id > ?", (before,))}
        return tuple(row for row in rows if row.id in queued)

    def _channel(self, batch: Batch) -> None:
        run = self._connection.executemany
        now = to_ms(batch.now)
        run(
            "INSERT INTO handled (channel, event_id, at) VALUES (?, ?, ?) ON CONFLICT (channel, event_id) DO NOTHING",
            [(batch.channel, event_id, now) for event_id in batch.handled],
        )
        if batch.position is not None:
            self._connection.execute(
                "INSERT INTO positions (channel, position) VALUES (?, ?) "
                "ON CONFLICT (channel) DO UPDATE SET position = excluded.position",
                (batch.channel, batch.position),
            )
        for event in batch.undecrypted:
            where = f"{event.channel} {event.event_id}"
            self._connection.execute(
                "INSERT INTO undecrypted (channel, event_id, room, data, arrived) VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT (channel, event_id) DO NOTHING",
                (
                    event.channel,
                    event.event_id,
                    self._cipher.seal(event.room.encode(), place("undecrypted", "room", where)),
                    self._cipher.seal(event.data, place("undecrypted", "data", where)),
                    to_ms(event.arrived),
                ),
            )
        run(
            "DELETE FROM undecrypted WHERE channel = ? AND event_id = ?",
            [(batch.channel, event_id) for event_id in batch.decrypted],
        )
        for note in batch.notes:
            self._note(note.channel, note.name, note.data)
        run(
            "INSERT INTO dead_letters (channel, event_id, place, error, at) VALUES (?, ?, ?, ?, ?)",
            [(letter.channel, letter.event_id, letter.where, letter.error, now) for letter in batch.dead_letters],
        )

    def _note(self, channel: str, name: str, data: bytes | None) -> None:
        digest = self._people.hash("note", channel, name)
        if data is None:
            self._connection.execute("DELETE FROM notes WHERE channel = ? AND hash = ?", (channel, digest))
            return
        self._connection.execute(
            "INSERT INTO notes (channel, hash, name, data) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (channel, hash) DO UPDATE SET data = excluded.data",
            (
                channel,
                digest,
                self._cipher.seal(name.encode(), place("notes", "name", digest)),
                self._cipher.seal(data, place("notes", "data", digest)),
            ),
        )


def remove_rows(connection: sqlite3.Connection, people: People, ids: Collection[int]) -> None:
    """Remove rows from the outbox, and people who were kept only for them."""
    owners = connection.execute(
        "SELECT DISTINCT person FROM outbox WHERE id IN (SELECT value FROM json_each(?))", (listed(ids),)
    ).fetchall()
    connection.executemany("DELETE FROM outbox WHERE id = ?", [(each,) for each in ids])
    people.destroy_passing(connection, [row[0] for row in owners])


def close_conversation(connection: sqlite3.Connection, people: People, key: ConversationKey, why: str) -> int:
    """Mark a conversation as closed and drop what waits for it; tells how many rows went."""
    person = people.find_one(connection, key)
    if person is None:
        return 0
    connection.execute("UPDATE people SET closed = ? WHERE id = ?", (why, person.id))
    dropped = connection.execute("DELETE FROM outbox WHERE person = ?", (person.id,)).rowcount
    people.destroy_passing(connection, [person.id])
    return dropped
