"""Bring a database to the shape this program knows: numbered steps, each in a transaction with its own version row.

A step, once released, never changes; the last shape stands in `tables.py`, and a test holds both together. Steps are
written once for SQLite and PostgreSQL: `{int}`, `{text}`, `{bytes}` and `{serial}` become the database's own types.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from bot.errors import StoreError
from bot.store.tables import TYPES, Dialect

APPLICATION_ID = 0x6F707462  # "optb": tells our databases from those of other programs

_VERSIONS = "CREATE TABLE versions (number {int} NOT NULL, about {text} NOT NULL, PRIMARY KEY (number)){strict}"


@dataclass(frozen=True, slots=True)
class Migration:
    """Change the shape of the database once."""

    number: int
    about: str
    statements: tuple[str, ...]


FIRST = Migration(
    1,
    "people, sessions, timers, cases, outbox, receipts, what was handled, what was forgotten",
    (
        "CREATE TABLE meta (name {text} NOT NULL, value {bytes} NOT NULL, PRIMARY KEY (name)){strict}",
        "CREATE TABLE counters (name {text} NOT NULL, value {int} NOT NULL, PRIMARY KEY (name)){strict}",
        """CREATE TABLE people (
            id {int} NOT NULL, hash {text} NOT NULL, wrapped {bytes} NOT NULL, name {bytes} NOT NULL,
            address {bytes} NOT NULL, channel {text} NOT NULL, created {int} NOT NULL, closed {text},
            passing {int} NOT NULL, PRIMARY KEY (id)
        ){strict}""",
        "CREATE UNIQUE INDEX people_hash ON people (hash)",
        "CREATE INDEX people_passing ON people (id) WHERE passing = 1",
        "CREATE INDEX people_closed ON people (id) WHERE closed IS NOT NULL",
        """CREATE TABLE sessions (
            person {int} NOT NULL REFERENCES people (id) ON DELETE CASCADE, rev {int} NOT NULL,
            data {bytes} NOT NULL, pack {text} NOT NULL, state {text} NOT NULL, touched {int} NOT NULL,
            kept {int} NOT NULL, PRIMARY KEY (person)
        ){strict}""",
        "CREATE INDEX sessions_idle ON sessions (kept, touched)",
        "CREATE INDEX sessions_state ON sessions (pack, state)",
        """CREATE TABLE timers (
            person {int} NOT NULL REFERENCES people (id) ON DELETE CASCADE, name {text} NOT NULL,
            place {text} NOT NULL, due {int} NOT NULL, PRIMARY KEY (person, name)
        ){strict}""",
        "CREATE INDEX timers_due ON timers (due)",
        """CREATE TABLE cases (
            person {int} NOT NULL REFERENCES people (id) ON DELETE CASCADE, case_id {text} NOT NULL,
            data {bytes} NOT NULL, opened {int} NOT NULL, closed {int}, PRIMARY KEY (person, case_id)
        ){strict}""",
        "CREATE INDEX cases_opened ON cases (opened)",
        "CREATE INDEX cases_closed ON cases (closed) WHERE closed IS NOT NULL",
        """CREATE TABLE outbox (
            id {serial}, person {int} NOT NULL REFERENCES people (id) ON DELETE CASCADE, channel {text} NOT NULL,
            address {bytes} NOT NULL, payload {bytes} NOT NULL, kind {text} NOT NULL, event_id {text} NOT NULL,
            position {int} NOT NULL, created {int} NOT NULL, expires {int} NOT NULL, not_before {int} NOT NULL,
            attempts {int} NOT NULL, state {text} NOT NULL, remember {text} NOT NULL
        ){strict}""",
        "CREATE UNIQUE INDEX outbox_once ON outbox (channel, event_id, position)",
        "CREATE INDEX outbox_next ON outbox (channel, kind, id)",
        "CREATE INDEX outbox_person ON outbox (person, kind, id)",
        "CREATE INDEX outbox_expires ON outbox (channel, expires)",
        "CREATE INDEX outbox_sending ON outbox (channel, person) WHERE state = 'sending'",
        """CREATE TABLE receipts (
            person {int} NOT NULL REFERENCES people (id) ON DELETE CASCADE, outbox {int} NOT NULL,
            channel {text} NOT NULL, hash {text} NOT NULL, receipt {bytes} NOT NULL, remember {text} NOT NULL,
            PRIMARY KEY (person, outbox)
        ){strict}""",
        "CREATE INDEX receipts_hash ON receipts (channel, hash)",
        """CREATE TABLE handled (
            channel {text} NOT NULL, event_id {text} NOT NULL, at {int} NOT NULL,
            PRIMARY KEY (channel, event_id)
        ){compact}""",
        "CREATE INDEX handled_at ON handled (at)",
        "CREATE TABLE positions (channel {text} NOT NULL, position {text} NOT NULL, PRIMARY KEY (channel)){strict}",
        """CREATE TABLE undecrypted (
            channel {text} NOT NULL, event_id {text} NOT NULL, room {bytes} NOT NULL, data {bytes} NOT NULL,
            arrived {int} NOT NULL, PRIMARY KEY (channel, event_id)
        ){strict}""",
        "CREATE INDEX undecrypted_arrived ON undecrypted (arrived)",
        """CREATE TABLE notes (
            channel {text} NOT NULL, hash {text} NOT NULL, name {bytes} NOT NULL, data {bytes} NOT NULL,
            PRIMARY KEY (channel, hash)
        ){strict}""",
        """CREATE TABLE dead_letters (
            id {serial}, channel {text} NOT NULL, event_id {text} NOT NULL, place {text} NOT NULL,
            error {text} NOT NULL, at {int} NOT NULL
        ){strict}""",
        "CREATE INDEX dead_letters_at ON dead_letters (at)",
        """CREATE TABLE packs (
            version {text} NOT NULL, source {bytes} NOT NULL, kept_at {int} NOT NULL, PRIMARY KEY (version)
        ){strict}""",
        "CREATE TABLE tombstones (hash {text} NOT NULL, at {int} NOT NULL, PRIMARY KEY (hash)){strict}",
        "CREATE INDEX tombstones_at ON tombstones (at)",
        "INSERT INTO counters (name, value) VALUES ('commits', 0), ('open', 0)",
    ),
)

MIGRATIONS: tuple[Migration, ...] = (FIRST,)


def in_dialect(statement: str, dialect: Dialect) -> str:
    """Write a statement of a migration with one database's own types."""
    words: dict[str, str] = dict(TYPES[dialect].items())
    lite = dialect == "sqlite"
    return statement.format_map(
        words | {"strict": " STRICT" if lite else "", "compact": " STRICT, WITHOUT ROWID" if lite else ""}
    )


def version(connection: sqlite3.Connection, name: str = "The database") -> int:
    """Read the version of a database, 0 for an empty one; raises `StoreError` for another program's database."""
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    if not tables:
        return 0
    found = connection.execute("PRAGMA application_id").fetchone()[0]
    if "versions" not in tables or found != APPLICATION_ID:
        raise StoreError(f"{name} belongs to another program; name a file of its own for the bot.")
    return int(connection.execute("SELECT coalesce(max(number), 0) FROM versions").fetchone()[0])


def upgrade(
    connection: sqlite3.Connection, name: str = "The database", migrations: Sequence[Migration] = MIGRATIONS
) -> int:
    """Apply the steps that are missing and give the version reached; refuses a database newer than the program."""
    newest = migrations[-1].number
    now = version(connection, name)
    if now > newest:
        raise StoreError(
            f"{name} has version {now}, but this program knows only up to {newest}; install the newer program "
            "again, or restore a backup made before the upgrade."
        )
    for step in migrations:
        if step.number > now:
            _apply(connection, step)
    return newest


def _apply(connection: sqlite3.Connection, step: Migration) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Two processes may start at once: the second finds the step done when its turn comes.
        if version(connection) < step.number:
            if step.number == 1:
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                connection.execute(in_dialect(_VERSIONS, "sqlite"))
            for statement in step.statements:
                connection.execute(in_dialect(statement, "sqlite"))
            connection.execute("INSERT INTO versions (number, about) VALUES (?, ?)", (step.number, step.about))
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
