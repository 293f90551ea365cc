"""Move messages along in SQLite: what may be sent now, what was sent, what has to wait."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from bot.service.ports import ConversationKey, OutboxRow, Receipt, Sent
from bot.store.moments import from_ms, to_ms
from bot.store.part import Part, listed
from bot.store.people import Person
from bot.store.sqlite_batch import close_conversation, remove_rows

RECEIPTS_KEPT = 8  # per conversation: reactions and edits reach back a few questions, not further

# The first row of every conversation that nobody is sending to: answers before notices, then the oldest. Rows that
# expired do not hold others back; they are replaced by `expired` and `Batch.dropped`.
_HEADS = """
    FROM outbox AS o
    WHERE o.channel = :channel AND o.expires > :now AND o.state <> 'sending'
      AND NOT EXISTS (
        SELECT 1 FROM outbox AS e
        WHERE e.person = o.person AND (e.kind, e.id) < (o.kind, o.id) AND e.expires > :now
      )
      AND o.person NOT IN (
        SELECT person FROM outbox WHERE channel = :channel AND state = 'sending'
        UNION SELECT person FROM outbox WHERE id IN (SELECT value FROM json_each(:busy))
      )
"""

# What could be replaced: a message on its way may come back, and then all of its conversation's are replaced together.
_QUIET = """
    FROM outbox
    WHERE channel = :channel AND id NOT IN (SELECT value FROM json_each(:busy))
      AND person NOT IN (SELECT person FROM outbox WHERE channel = :channel AND state = 'sending')
"""


class OutboxPart(Part):
    """Be `bot.service.ports.Outbox`."""

    async def due_outbox(
        self, channel: str, now: datetime, limit: int = 100, *, busy: Collection[int] = ()
    ) -> tuple[OutboxRow, ...]:
        """Give the next row of every conversation that may be written to now."""
        sql = "SELECT o.*" + _HEADS + "AND o.not_before <= :now ORDER BY o.kind, o.id LIMIT :limit"
        return await self._rows(sql, {"channel": channel, "now": to_ms(now), "busy": listed(busy), "limit": limit})

    async def next_outbox(self, channel: str, now: datetime, *, busy: Collection[int] = ()) -> datetime | None:
        """Tell when to look again."""
        values = {"channel": channel, "now": to_ms(now), "busy": listed(busy)}

        def read(connection: sqlite3.Connection) -> datetime | None:
            first = connection.execute("SELECT min(o.not_before)" + _HEADS, values).fetchone()[0]
            expiry = connection.execute("SELECT expires" + _QUIET + "ORDER BY expires LIMIT 1", values).fetchone()
            moments = [each for each in (first, expiry[0] if expiry else None) if each is not None]
            return from_ms(min(moments)) if moments else None

        return await self._database.read(read)

    async def expired(self, channel: str, now: datetime, limit: int = 100) -> tuple[OutboxRow, ...]:
        """List rows that waited too long, of conversations that nobody is sending to."""
        sql = "SELECT *" + _QUIET + "AND expires <= :now ORDER BY expires, id LIMIT :limit"
        return await self._rows(sql, {"channel": channel, "now": to_ms(now), "busy": listed(()), "limit": limit})

    async def _rows(self, sql: str, values: Mapping[str, object]) -> tuple[OutboxRow, ...]:
        def read(connection: sqlite3.Connection) -> tuple[OutboxRow, ...]:
            rows = connection.execute(sql, values).fetchall()
            people = self._people.by_ids(connection, (row["person"] for row in rows))
            return tuple(self._row(people[row["person"]], row) for row in rows)

        return await self._database.read(read)

    def _row(self, person: Person, row: sqlite3.Row) -> OutboxRow:
        number = row["id"]
        return OutboxRow(
            id=number,
            transaction=f"{self._epoch}.{number}",
            key=person.key,
            channel=row["channel"],
            address=person.open("outbox", "address", number, row["address"]),
            payload=person.open("outbox", "payload", number, row["payload"]),
            kind=row["kind"],
            event_id=row["event_id"],
            position=row["position"],
            created=from_ms(row["created"]),
            expires=from_ms(row["expires"]),
            not_before=from_ms(row["not_before"]),
            attempts=row["attempts"],
            state=row["state"],
            remember=row["remember"],
        )

    async def mark_sending(self, ids: Sequence[int]) -> None:
        """Note before sending that these rows may arrive from now on."""

        def write(connection: sqlite3.Connection) -> None:
            connection.executemany(
                "UPDATE outbox SET state = 'sending', attempts = attempts + 1 WHERE id = ?", [(each,) for each in ids]
            )

        if ids:
            await self._database.write(write)

    async def mark_sent(self, row: int, receipt: str = "") -> None:
        """Remove a row that arrived."""
        await self.mark_sent_many((Sent(row, receipt),))

    async def mark_sent_many(self, sent: Sequence[Sent]) -> None:
        """Remove rows that arrived, in one commit."""

        def write(connection: sqlite3.Connection) -> None:
            self._keep_receipts(connection, {each.id: each.receipt for each in sent if each.receipt})
            remove_rows(connection, self._people, [each.id for each in sent])

        if sent:
            await self._database.write(write)

    def _keep_receipts(self, connection: sqlite3.Connection, receipts: Mapping[int, str]) -> None:
        rows = connection.execute(
            "SELECT id, person, channel, remember FROM outbox WHERE remember <> '' "
            "AND id IN (SELECT value FROM json_each(?)) AND person IN (SELECT id FROM people WHERE passing = 0)",
            (listed(receipts.keys()),),
        ).fetchall()
        people = self._people.by_ids(connection, (row["person"] for row in rows))
        values = []
        for row in rows:
            number, channel, receipt = row["id"], row["channel"], receipts[row["id"]]
            sealed = people[row["person"]].seal("receipts", "receipt", number, receipt.encode())
            values.append(
                (row["person"], number, channel, self._receipt_hash(channel, receipt), sealed, row["remember"])
            )
        connection.executemany(
            "INSERT INTO receipts (person, outbox, channel, hash, receipt, remember) VALUES (?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (person, outbox) DO NOTHING",
            values,
        )
        connection.executemany(
            "DELETE FROM receipts WHERE person = ?1 AND outbox <= "
            "(SELECT outbox FROM receipts WHERE person = ?1 ORDER BY outbox DESC LIMIT 1 OFFSET ?2)",
            [(person, RECEIPTS_KEPT) for person in people],
        )

    def _receipt_hash(self, channel: str, receipt: str) -> str:
        return self._people.hash("receipt", channel, receipt)

    async def mark_later(self, row: int, not_before: datetime, *, unknown: bool = False) -> None:
        """Let a row wait."""
        await self.mark_later_many({row: not_before}, unknown=unknown)

    async def mark_later_many(self, rows: Mapping[int, datetime], *, unknown: bool = False) -> None:
        """Let rows wait until the time given for each, in one commit."""
        state = "unknown" if unknown else "waiting"

        def write(connection: sqlite3.Connection) -> None:
            connection.executemany(
                "UPDATE outbox SET state = ?, not_before = ? WHERE id = ?",
                [(state, to_ms(moment), each) for each, moment in rows.items()],
            )

        if rows:
            await self._database.write(write)

    async def mark_refused(self, row: int, error: str, now: datetime) -> None:
        """Remove a row the network will never take, and leave a dead letter."""

        def write(connection: sqlite3.Connection) -> None:
            connection.execute(
                "INSERT INTO dead_letters (channel, event_id, place, error, at) "
                "SELECT channel, event_id, 'send', ?, ? FROM outbox WHERE id = ?",
                (error, to_ms(now), row),
            )
            remove_rows(connection, self._people, (row,))

        await self._database.write(write)

    async def interrupted(self, channel: str) -> int:
        """Turn rows that were being sent when the last process died into `unknown`."""

        def write(connection: sqlite3.Connection) -> int:
            return connection.execute(
                "UPDATE outbox SET state = 'unknown' WHERE channel = ? AND state = 'sending'", (channel,)
            ).rowcount

        return await self._database.write(write)

    async def close_conversation(self, key: ConversationKey, why: str) -> int:
        """Drop what waits for a conversation that nothing can be sent to."""

        def write(connection: sqlite3.Connection) -> int:
            return close_conversation(connection, self._people, key, why)

        return await self._database.write(write)

    async def revive(self, key: ConversationKey) -> None:
        """Open a closed conversation again."""

        def write(connection: sqlite3.Connection) -> None:
            connection.execute("UPDATE people SET closed = NULL WHERE hash = ?", (self._people.hash(key),))

        await self._database.write(write)

    async def move_conversation(self, old: ConversationKey, new: ConversationKey, address: bytes) -> None:
        """Let a conversation go on under a new key and address; if the new one has begun already, it stays."""

        def write(connection: sqlite3.Connection) -> None:
            people = self._people.find(connection, (old, new))
            moving = people.get(old)
            if moving is None or old == new:
                return
            if new in people:
                self._people.destroy(connection, (moving.id,))
                return
            waiting = connection.execute("SELECT id FROM outbox WHERE person = ?", (moving.id,)).fetchall()
            connection.executemany(
                "UPDATE outbox SET address = ? WHERE id = ?",
                [(moving.seal("outbox", "address", row[0], address), row[0]) for row in waiting],
            )
            self._people.rename(connection, moving, new, address)

        await self._database.write(write)

    async def last_receipt(self, key: ConversationKey) -> Receipt | None:
        """Find the newest remembered message of a conversation."""

        def read(connection: sqlite3.Connection) -> Receipt | None:
            row = connection.execute(
                "SELECT * FROM receipts WHERE person = (SELECT id FROM people WHERE hash = ?) "
                "ORDER BY outbox DESC LIMIT 1",
                (self._people.hash(key),),
            ).fetchone()
            return self._receipts(connection, [row])[0] if row else None

        return await self._database.read(read)

    async def find_receipts(self, channel: str, receipts: Collection[str]) -> dict[str, Receipt]:
        """Find whose remembered messages these ids of the network are."""

        def read(connection: sqlite3.Connection) -> dict[str, Receipt]:
            rows = connection.execute(
                "SELECT * FROM receipts WHERE channel = ? AND hash IN (SELECT value FROM json_each(?))",
                (channel, listed([self._receipt_hash(channel, each) for each in receipts])),
            ).fetchall()
            return {found.receipt: found for found in self._receipts(connection, rows)}

        return await self._database.read(read) if receipts else {}

    def _receipts(self, connection: sqlite3.Connection, rows: Sequence[sqlite3.Row]) -> list[Receipt]:
        people = self._people.by_ids(connection, (row["person"] for row in rows))
        found = []
        for row in rows:
            person = people[row["person"]]
            receipt = person.open("receipts", "receipt", row["outbox"], row["receipt"]).decode()
            found.append(Receipt(person.key, receipt, row["remember"]))
        return found
