"""Load what a batch needs from SQLite, and commit what it decided in one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from datetime import datetime

from bot.service.ports import Batch, Case, ConversationKey, OutboxRow, StoredSession, Timer, Undecrypted
from bot.store.crypto import place
from bot.store.moments import from_ms, maybe_from_ms, to_ms
from bot.store.part import Part, listed
from bot.store.people import Person
from bot.store.sqlite_batch import BatchWriter


class TurnsPart(Part):
    """Be `bot.service.ports.Turns`."""

    async def load_sessions(self, keys: Collection[ConversationKey]) -> dict[ConversationKey, StoredSession]:
        """Read the sessions of these conversations."""

        def read(connection: sqlite3.Connection) -> dict[ConversationKey, StoredSession]:
            people = {person.id: person for person in self._people.find(connection, keys).values()}
            rows = connection.execute(
                "SELECT * FROM sessions WHERE person IN (SELECT value FROM json_each(?))", (listed(people.keys()),)
            )
            return {people[row["person"]].key: _session(people[row["person"]], row) for row in rows}

        return await self._database.read(read) if keys else {}

    async def handled(self, channel: str, event_ids: Collection[str]) -> set[str]:
        """Pick the event ids that were handled before."""

        def read(connection: sqlite3.Connection) -> set[str]:
            rows = connection.execute(
                "SELECT event_id FROM handled WHERE channel = ? AND event_id IN (SELECT value FROM json_each(?))",
                (channel, listed(event_ids)),
            )
            return {row[0] for row in rows}

        return await self._database.read(read) if event_ids else set()

    async def position(self, channel: str) -> str | None:
        """Read where this channel goes on."""

        def read(connection: sqlite3.Connection) -> str | None:
            row = connection.execute("SELECT position FROM positions WHERE channel = ?", (channel,)).fetchone()
            return None if row is None else str(row[0])

        return await self._database.read(read)

    async def commit(self, batch: Batch) -> tuple[OutboxRow, ...]:
        """Write the batch in one transaction and give the messages that are now queued."""

        def write(connection: sqlite3.Connection) -> tuple[OutboxRow, ...]:
            return BatchWriter(connection, self._people, self._cipher, self._epoch).write(batch)

        rows = await self._database.write(write)
        if batch.forgotten:
            await self._cut_log()
        return rows

    async def forget(self, key: ConversationKey, now: datetime) -> bool:
        """Destroy everything about this conversation."""

        def write(connection: sqlite3.Connection) -> bool:
            return BatchWriter(connection, self._people, self._cipher, self._epoch).forget((key,), now) > 0

        found = await self._database.write(write)
        await self._cut_log()
        return found

    async def _cut_log(self) -> None:
        # What was deleted is zeroed in the database (secure_delete) but still stands in the log until that is cut.
        self._log_holds_forgotten = True
        self._log_holds_forgotten = not await self._database.truncate_log()

    async def due_timers(self, now: datetime, limit: int = 100) -> tuple[Timer, ...]:
        """List the timers that are due, longest overdue first."""
        return await self._timers(
            "SELECT * FROM timers WHERE due <= ? AND person NOT IN (SELECT id FROM people WHERE closed IS NOT NULL) "
            "ORDER BY due, person, name LIMIT ?",
            (to_ms(now), limit),
        )

    async def timers(self, key: ConversationKey) -> tuple[Timer, ...]:
        """List the timers of one conversation."""
        return await self._timers(
            "SELECT * FROM timers WHERE person = (SELECT id FROM people WHERE hash = ?) ORDER BY due, name",
            (self._people.hash(key),),
        )

    async def _timers(self, sql: str, values: tuple[object, ...]) -> tuple[Timer, ...]:
        def read(connection: sqlite3.Connection) -> tuple[Timer, ...]:
            rows = connection.execute(sql, values).fetchall()
            people = self._people.by_ids(connection, (row["person"] for row in rows))
            return tuple(_timer(people[row["person"]], row) for row in rows)

        return await self._database.read(read)

    async def next_timer(self) -> datetime | None:
        """Tell when the next timer is due."""

        def read(connection: sqlite3.Connection) -> datetime | None:
            row = connection.execute(
                "SELECT due FROM timers WHERE person NOT IN (SELECT id FROM people WHERE closed IS NOT NULL) "
                "ORDER BY due LIMIT 1"
            ).fetchone()
            return None if row is None else from_ms(row[0])

        return await self._database.read(read)

    async def cases(self, key: ConversationKey) -> tuple[Case, ...]:
        """List the cases of one conversation, oldest first."""

        def read(connection: sqlite3.Connection) -> tuple[Case, ...]:
            person = self._people.find_one(connection, key)
            if person is None:
                return ()
            rows = connection.execute("SELECT * FROM cases WHERE person = ? ORDER BY opened, case_id", (person.id,))
            return tuple(_case(person, row) for row in rows)

        return await self._database.read(read)

    async def undecrypted(self, channel: str, limit: int = 1000) -> tuple[Undecrypted, ...]:
        """List the ciphertexts that wait for their key, oldest first."""

        def read(connection: sqlite3.Connection) -> tuple[Undecrypted, ...]:
            rows = connection.execute(
                "SELECT * FROM undecrypted WHERE channel = ? ORDER BY arrived, event_id LIMIT ?", (channel, limit)
            )
            return tuple(self._undecrypted(row) for row in rows)

        return await self._database.read(read)

    def _undecrypted(self, row: sqlite3.Row) -> Undecrypted:
        where = f"{row['channel']} {row['event_id']}"
        return Undecrypted(
            channel=row["channel"],
            event_id=row["event_id"],
            room=self._cipher.open(row["room"], place("undecrypted", "room", where)).decode(),
            data=self._cipher.open(row["data"], place("undecrypted", "data", where)),
            arrived=from_ms(row["arrived"]),
        )

    async def notes(self, channel: str) -> dict[str, bytes]:
        """Read what this channel wanted to remember, by name."""

        def read(connection: sqlite3.Connection) -> dict[str, bytes]:
            found = {}
            for row in connection.execute("SELECT * FROM notes WHERE channel = ?", (channel,)):
                name = self._cipher.open(row["name"], place("notes", "name", row["hash"])).decode()
                found[name] = self._cipher.open(row["data"], place("notes", "data", row["hash"]))
            return found

        return await self._database.read(read)


def _session(person: Person, row: sqlite3.Row) -> StoredSession:
    return StoredSession(
        key=person.key,
        rev=row["rev"],
        data=person.open("sessions", "data", person.id, row["data"]),
        pack=row["pack"],
        state=row["state"],
        channel=person.channel,
        address=person.address,
        touched=from_ms(row["touched"]),
    )


def _timer(person: Person, row: sqlite3.Row) -> Timer:
    event_id = f"timer:{person.id:x}:{row['name']}:{row['due']}"
    return Timer(person.key, row["name"], row["place"], from_ms(row["due"]), event_id)


def _case(person: Person, row: sqlite3.Row) -> Case:
    data = person.open("cases", "data", f"{person.id} {row['case_id']}", row["data"])
    return Case(person.key, row["case_id"], data, from_ms(row["opened"]), maybe_from_ms(row["closed"]))
