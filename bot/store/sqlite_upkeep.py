"""Keep SQLite small, healthy and honest: content versions, retention in small steps, counts, a new master key."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

from bot.service.ports import Counts, Retention, Swept
from bot.store.crypto import place
from bot.store.moments import from_ms, maybe_from_ms, to_ms
from bot.store.part import Part
from bot.store.people import People

_OLD = {
    "handled": "DELETE FROM handled WHERE (channel, event_id) IN "
    "(SELECT channel, event_id FROM handled WHERE at < ? LIMIT ?)",
    "dead_letters": "DELETE FROM dead_letters WHERE id IN (SELECT id FROM dead_letters WHERE at < ? LIMIT ?)",
    "undecrypted": "DELETE FROM undecrypted WHERE (channel, event_id) IN "
    "(SELECT channel, event_id FROM undecrypted WHERE arrived < ? LIMIT ?)",
    "outbox": "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE expires < ? LIMIT ?)",
    "tombstones": "DELETE FROM tombstones WHERE hash IN (SELECT hash FROM tombstones WHERE at < ? LIMIT ?)",
}


class UpkeepPart(Part):
    """Be `bot.service.ports.Packs` and `bot.service.ports.Upkeep`."""

    async def keep_pack(self, version: str, source: bytes, now: datetime) -> None:
        """Keep a content version."""

        def write(connection: sqlite3.Connection) -> None:
            connection.execute(
                "INSERT INTO packs (version, source, kept_at) VALUES (?, ?, ?) "
                "ON CONFLICT (version) DO UPDATE SET kept_at = excluded.kept_at",  # used anew: the newest again
                (version, source, to_ms(now)),
            )

        await self._database.write(write)

    async def pack(self, version: str) -> bytes | None:
        """Read a kept content version."""

        def read(connection: sqlite3.Connection) -> bytes | None:
            row = connection.execute("SELECT source FROM packs WHERE version = ?", (version,)).fetchone()
            return None if row is None else bytes(row[0])

        return await self._database.read(read)

    async def versions_in_use(self) -> dict[str, int]:
        """Count the sessions per content version."""

        def read(connection: sqlite3.Connection) -> dict[str, int]:
            return {row[0]: row[1] for row in connection.execute("SELECT pack, count(*) FROM sessions GROUP BY pack")}

        return await self._database.read(read)

    async def states_in_use(self) -> dict[tuple[str, str], int]:
        """Count the sessions per content version and state."""

        def read(connection: sqlite3.Connection) -> dict[tuple[str, str], int]:
            rows = connection.execute("SELECT pack, state, count(*) FROM sessions GROUP BY pack, state")
            return {(row[0], row[1]): row[2] for row in rows}

        return await self._database.read(read)

    async def sweep(self, now: datetime, retention: Retention | None = None, limit: int = 500) -> Swept:
        """Remove at most `limit` rows of every sort whose time is over."""
        keep = retention or Retention()

        def write(connection: sqlite3.Connection) -> Swept:
            return _Sweep(connection, self._people, to_ms(now), keep, limit).run()

        swept = await self._database.write(write)
        if swept.people or swept.cases or self._log_holds_forgotten:
            self._log_holds_forgotten = not await self._database.truncate_log()
        return swept

    async def counts(self) -> Counts:
        """Count everything."""

        def read(connection: sqlite3.Connection) -> Counts:
            def one(sql: str) -> int:
                return int(connection.execute(sql).fetchone()[0] or 0)

            timer = connection.execute("SELECT min(due) FROM timers").fetchone()[0]
            oldest = connection.execute("SELECT min(created) FROM outbox").fetchone()[0]
            waiting = connection.execute("SELECT channel, count(*) FROM outbox GROUP BY channel")
            return Counts(
                people=one("SELECT count(*) FROM people"),
                sessions=one("SELECT count(*) FROM sessions"),
                closed_conversations=one("SELECT count(*) FROM people WHERE closed IS NOT NULL"),
                open_cases=one("SELECT count(*) FROM cases WHERE closed IS NULL"),
                closed_cases=one("SELECT count(*) FROM cases WHERE closed IS NOT NULL"),
                timers=one("SELECT count(*) FROM timers"),
                next_timer=maybe_from_ms(timer),
                waiting={row[0]: row[1] for row in waiting},
                oldest_waiting=None if oldest is None else from_ms(oldest),
                unknown=one("SELECT count(*) FROM outbox WHERE state = 'unknown'"),
                handled=one("SELECT count(*) FROM handled"),
                undecrypted=one("SELECT count(*) FROM undecrypted"),
                dead_letters=one("SELECT count(*) FROM dead_letters"),
                forgotten=one("SELECT count(*) FROM tombstones"),
                bytes=one("PRAGMA page_count") * one("PRAGMA page_size"),
            )

        return await self._database.read(read)

    async def rewrap(self, limit: int = 1000) -> int:
        """Wrap up to `limit` data keys anew with the current master key; at 0 the older ones can be thrown away."""

        def write(connection: sqlite3.Connection) -> int:
            current = self._keyring.id
            own = connection.execute(
                "SELECT name, value FROM meta WHERE name IN ('index_key', 'store_key') AND substr(value, 2, 4) <> ?",
                (current,),
            ).fetchall()
            for row in own:
                where = place("meta", "value", row["name"])
                wrapped = self._keyring.wrap(self._keyring.unwrap(row["value"], where), where)
                connection.execute("UPDATE meta SET value = ? WHERE name = ?", (wrapped, row["name"]))
            rows = connection.execute(
                "SELECT id, wrapped FROM people WHERE substr(wrapped, 2, 4) <> ? LIMIT ?", (current, limit)
            ).fetchall()
            for row in rows:
                where = place("people", "wrapped", row["id"])
                wrapped = self._keyring.wrap(self._keyring.unwrap(row["wrapped"], where), where)
                connection.execute("UPDATE people SET wrapped = ? WHERE id = ?", (wrapped, row["id"]))
            return len(own) + len(rows)

        return await self._database.write(write)


class _Sweep:
    """Remove what is due, inside one transaction; every statement is limited, so a step stays short."""

    def __init__(self, connection: sqlite3.Connection, people: People, now: int, keep: Retention, limit: int) -> None:
        self._connection = connection
        self._people = people
        self._now = now
        self._keep = keep
        self._limit = limit

    def run(self) -> Swept:
        """Remove everything that is due, at most `limit` of each sort."""
        cases = self._cases()
        people = self._idle() + self._passing()
        gone = {
            "handled": self._older("handled", self._keep.handled),
            "dead_letters": self._older("dead_letters", self._keep.dead_letter),
            "undecrypted": self._older("undecrypted", self._keep.undecrypted),
            "outbox": self._older("outbox", self._keep.unsent),
        }
        tombstones = self._older("tombstones", self._keep.tombstone)
        packs = self._packs()
        more = max(cases, people, tombstones, *gone.values()) >= self._limit
        return Swept(people=people, cases=cases, packs=packs, more=more, **gone)

    def _before(self, age: timedelta) -> int:
        return self._now - age // timedelta(milliseconds=1)

    def _older(self, table: str, age: timedelta) -> int:
        return self._connection.execute(_OLD[table], (self._before(age), self._limit)).rowcount

    def _cases(self) -> int:
        rows = self._connection.execute(
            "DELETE FROM cases WHERE (person, case_id) IN "
            "(SELECT person, case_id FROM cases WHERE closed < ? OR opened < ? LIMIT ?) RETURNING person",
            (self._before(self._keep.closed_case), self._before(self._keep.any_case), self._limit),
        ).fetchall()
        self._connection.executemany(
            "UPDATE sessions SET kept = 0 WHERE person = ?1 AND NOT EXISTS (SELECT 1 FROM cases WHERE person = ?1)",
            [(row[0],) for row in rows],
        )
        self._connection.executemany(
            "UPDATE people SET passing = 1 WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM cases WHERE person = ?1) "
            "AND NOT EXISTS (SELECT 1 FROM sessions WHERE person = ?1)",
            [(row[0],) for row in rows],
        )
        return len(rows)

    def _idle(self) -> int:
        # Who asked to be reminded is waited for: the reminder is a promise, and it needs the answers.
        rows = self._connection.execute(
            "SELECT person FROM sessions WHERE kept = 0 AND touched < ? "
            "AND NOT EXISTS (SELECT 1 FROM timers WHERE timers.person = sessions.person) LIMIT ?",
            (self._before(self._keep.idle_session), self._limit),
        ).fetchall()
        return self._people.destroy(self._connection, [row[0] for row in rows])

    def _passing(self) -> int:
        rows = self._connection.execute(
            "SELECT id FROM people WHERE passing = 1 AND NOT EXISTS (SELECT 1 FROM outbox WHERE person = people.id) "
            "LIMIT ?",
            (self._limit,),
        ).fetchall()
        return self._people.destroy(self._connection, [row[0] for row in rows])

    def _packs(self) -> int:
        # The newest stays: people will begin with it. Older ones stay as long as somebody stands in them.
        return self._connection.execute(
            "DELETE FROM packs WHERE kept_at < (SELECT max(kept_at) FROM packs) "
            "AND NOT EXISTS (SELECT 1 FROM sessions WHERE sessions.pack = packs.version)"
        ).rowcount
