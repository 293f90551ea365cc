"""What the service layer asks of a store: protocols and plain data, no SQL.

One batch of events becomes one `Batch`, and `Turns.commit` writes it whole or not at all. Everything else here reads,
or moves the rows of the outbox along. It is the same for SQLite and PostgreSQL, Telegram, Matrix and the terminal.

Any method may raise `errors.StoreError` with one sentence for the operator (disk full, locked, damaged); nothing was
written then, and the same call may be tried again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.service.records import (
    Batch,
    Case,
    ConversationKey,
    Counts,
    DeadLetter,
    Note,
    OutboxRow,
    Outgoing,
    Receipt,
    Retention,
    RowKind,
    RowState,
    SaveSession,
    Sent,
    StoredSession,
    Swept,
    Timer,
    TimersCancelled,
    TimerSet,
    Undecrypted,
)

__all__ = [
    "Batch",
    "Case",
    "ConversationKey",
    "Counts",
    "DeadLetter",
    "Note",
    "Outbox",
    "OutboxRow",
    "Outgoing",
    "Packs",
    "Receipt",
    "Retention",
    "RowKind",
    "RowState",
    "SaveSession",
    "Sent",
    "Store",
    "StoredSession",
    "Swept",
    "Timer",
    "TimerSet",
    "TimersCancelled",
    "Turns",
    "Undecrypted",
    "Upkeep",
]


class Turns(Protocol):
    """Load what a batch needs and commit what it decided."""

    async def load_sessions(self, keys: Collection[ConversationKey]) -> dict[ConversationKey, StoredSession]:
        """Read the sessions of these conversations; a key without a session is missing from the answer."""
        ...

    async def handled(self, channel: str, event_ids: Collection[str]) -> set[str]:
        """Pick the event ids that were handled before."""
        ...

    async def position(self, channel: str) -> str | None:
        """Read where this channel goes on, None at the very first start."""
        ...

    async def commit(self, batch: Batch) -> tuple[OutboxRow, ...]:
        """Write the batch in one transaction and give the messages that are now queued, in order.

        Raises `errors.Conflict`, with nothing written, when a session no longer has the expected revision.
        """
        ...

    async def due_timers(self, now: datetime, limit: int = 100) -> tuple[Timer, ...]:
        """List the timers that are due, longest overdue first; those of closed conversations wait."""
        ...

    async def next_timer(self) -> datetime | None:
        """Tell when the next timer is due (it may be in the past)."""
        ...

    async def timers(self, key: ConversationKey) -> tuple[Timer, ...]:
        """List the timers of one conversation."""
        ...

    async def cases(self, key: ConversationKey) -> tuple[Case, ...]:
        """List the cases of one conversation, oldest first."""
        ...

    async def undecrypted(self, channel: str, limit: int = 1000) -> tuple[Undecrypted, ...]:
        """List the ciphertexts that wait for their key, oldest first."""
        ...

    async def notes(self, channel: str) -> dict[str, bytes]:
        """Read what this channel wanted to remember, by name."""
        ...

    async def forget(self, key: ConversationKey, now: datetime) -> bool:
        """Destroy everything about this conversation and its data key, as a batch can; False if there was nothing."""
        ...


class Outbox(Protocol):
    """Move messages along. Every marking is a commit of its own: gather many and use the `_many` forms."""

    async def due_outbox(
        self, channel: str, now: datetime, limit: int = 100, *, busy: Collection[int] = ()
    ) -> tuple[OutboxRow, ...]:
        """Give the next row of every conversation that may be written to now.

        Answers go before notices, then the oldest first; a first row that has to wait holds back the later ones of its
        conversation. Conversations with a row in `busy` (being sent by the caller) or in state `sending` are left out,
        and so are rows that expired.
        """
        ...

    async def next_outbox(self, channel: str, now: datetime, *, busy: Collection[int] = ()) -> datetime | None:
        """Tell when to look again: a first row may be sent then, or a row expires; None when nothing waits.

        Conversations in `busy` or in state `sending` do not count; a time that is past means now.
        """
        ...

    async def mark_sending(self, ids: Sequence[int]) -> None:
        """Note before sending that these rows may arrive from now on; counts an attempt."""
        ...

    async def mark_sent(self, row: int, receipt: str = "") -> None:
        """Remove a row that arrived, and keep its receipt where the row asked for that."""
        ...

    async def mark_sent_many(self, sent: Sequence[Sent]) -> None:
        """Remove rows that arrived, in one commit."""
        ...

    async def mark_later(self, row: int, not_before: datetime, *, unknown: bool = False) -> None:
        """Let a row wait; `unknown` when it may have arrived."""
        ...

    async def mark_later_many(self, rows: Mapping[int, datetime], *, unknown: bool = False) -> None:
        """Let rows wait until the time given for each, in one commit."""
        ...

    async def mark_refused(self, row: int, error: str, now: datetime) -> None:
        """Remove a row the network will never take, and leave a dead letter (ids and `error` only)."""
        ...

    async def interrupted(self, channel: str) -> int:
        """At the start: turn rows that were being sent when the last process died into `unknown`; tells how many."""
        ...

    async def expired(self, channel: str, now: datetime, limit: int = 100) -> tuple[OutboxRow, ...]:
        """List rows that waited too long.

        Conversations with a row in state `sending` are left out: it may come back and be too old itself, and then all
        of the conversation's rows are replaced together. `Batch.dropped` removes rows in the same transaction that
        queues what is said instead.
        """
        ...

    async def close_conversation(self, key: ConversationKey, why: str) -> int:
        """Drop what waits for a conversation nothing can be sent to until it is revived; tells how many rows went."""
        ...

    async def revive(self, key: ConversationKey) -> None:
        """Open a closed conversation again."""
        ...

    async def move_conversation(self, old: ConversationKey, new: ConversationKey, address: bytes) -> None:
        """Let a conversation go on under a new key and address (a migrated group, an upgraded room).

        If the new one has begun already, it stays as it is and the old one is destroyed.
        """
        ...

    async def last_receipt(self, key: ConversationKey) -> Receipt | None:
        """Find the newest remembered message of a conversation (the last question: what `EditLast` edits)."""
        ...

    async def find_receipts(self, channel: str, receipts: Collection[str]) -> dict[str, Receipt]:
        """Find whose remembered messages these ids of the network are (a reaction names only the message)."""
        ...


class Packs(Protocol):
    """Keep every content version as long as somebody stands in it."""

    async def keep_pack(self, version: str, source: bytes, now: datetime) -> None:
        """Keep a content version; the same version again changes nothing."""
        ...

    async def pack(self, version: str) -> bytes | None:
        """Read a kept content version."""
        ...

    async def versions_in_use(self) -> dict[str, int]:
        """Count the sessions per content version."""
        ...

    async def states_in_use(self) -> dict[tuple[str, str], int]:
        """Count the sessions per content version and state (`dialog/state`)."""
        ...


class Upkeep(Protocol):
    """Keep the store small, healthy and honest."""

    async def sweep(self, now: datetime, retention: Retention | None = None, limit: int = 500) -> Swept:
        """Remove at most `limit` rows of every sort whose time is over, in one short transaction; safe to repeat."""
        ...

    async def counts(self) -> Counts:
        """Count everything."""
        ...

    async def close(self) -> None:
        """Finish what was begun and let go of the database; may be called twice."""
        ...


class Store(Turns, Outbox, Packs, Upkeep, Protocol):
    """Be everything a store can do; a service asks only for the part it needs."""
