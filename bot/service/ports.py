"""What the service layer asks of a store: plain data and protocols, no SQL.

One batch of events becomes one `Batch`, and `Turns.commit` writes it whole or not at all. Everything else here reads,
or moves the rows of the outbox along. The data is the same for SQLite and PostgreSQL, Telegram, Matrix and the terminal.

Every time is aware. Every key of a conversation is made by its channel and opaque to everyone else. Whatever can say
something about a person (session, address, payload, case, note) is handed over in the clear and kept sealed.

Any method may raise `errors.StoreError` with one sentence for the operator (disk full, locked, damaged); nothing was
written then, and the same call may be tried again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol

ConversationKey = str
"""Names one conversation: `telegram:<bot>:<chat>:<thread>:<person>`, `matrix:…`, `console:local`."""

RowKind = Literal["answer", "notice"]
"""An answer belongs to what the person just did; a notice (reminder, announcement) comes by itself and may wait."""

RowState = Literal["waiting", "sending", "unknown"]
"""`sending`: the request may be on its way; `unknown`: it may have arrived. Sent and refused rows are gone."""


# ---------------------------------------------------------------- what one batch decides


@dataclass(frozen=True, slots=True)
class StoredSession:
    """Hold where one conversation stands.

    `rev` counts the writes of this session, 1 after the first. `pack` is the content version it is pinned to and
    `state` the top frame (`dialog/state`): both are kept readable for `states_in_use`. `address` is whatever the channel
    needs to write to this conversation (JSON of a chat id, a room id …), so that a timer can speak without a fresh event.
    """

    key: ConversationKey
    rev: int
    data: bytes
    pack: str
    state: str
    channel: str
    address: bytes
    touched: datetime


@dataclass(frozen=True, slots=True)
class SaveSession:
    """Write a session if it still has the revision `expected` (0: there is none yet); it then has `expected + 1`."""

    key: ConversationKey
    expected: int
    data: bytes
    pack: str
    state: str
    channel: str
    address: bytes


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Queue one message. `(channel, event_id, position)` is unique: queueing it again does nothing.

    `expires`: after that the row is not sent any more but listed by `expired`. A `remember` that is not empty keeps the
    network's message id with this note (`place#turn` of a question), so that it can be edited or reacted to later.
    """

    key: ConversationKey
    channel: str
    address: bytes
    payload: bytes
    event_id: str
    position: int
    expires: datetime
    kind: RowKind = "answer"
    not_before: datetime | None = None
    remember: str = ""


@dataclass(frozen=True, slots=True)
class TimerSet:
    """Wake `key` at `due`; replaces its timer of the same name."""

    key: ConversationKey
    name: str
    place: str
    due: datetime


@dataclass(frozen=True, slots=True)
class TimersCancelled:
    """Forget the timers of these names, or all of the conversation's when `names` is None."""

    key: ConversationKey
    names: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Timer:
    """Name a timer that is set. `event_id` is the same at every look and says nothing about the person."""

    key: ConversationKey
    name: str
    place: str
    due: datetime
    event_id: str


@dataclass(frozen=True, slots=True)
class Case:
    """Hold one case of a conversation; written again under the same `case`, a name without anything personal, it is
    replaced."""

    key: ConversationKey
    case: str
    data: bytes
    opened: datetime
    closed: datetime | None = None


@dataclass(frozen=True, slots=True)
class Undecrypted:
    """Hold a ciphertext whose key has not come yet; `data` is the event as the network gave it."""

    channel: str
    event_id: str
    room: str
    data: bytes
    arrived: datetime


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """Note that an event could not be handled: ids and the kind of error, never a word of what was said."""

    channel: str
    event_id: str
    where: str
    error: str


@dataclass(frozen=True, slots=True)
class Note:
    """Keep something small for a channel (a pending invitation), never what a person wrote; `data` None removes it."""

    channel: str
    name: str
    data: bytes | None


@dataclass(frozen=True, slots=True)
class Batch:
    """Hold everything one batch of events decided; `Turns.commit` writes it in one transaction, in the order below.

    A key in `forgotten` loses everything first; sessions and messages of the same batch for that key belong to its new
    life (`SaveSession.expected` is 0 then). If nothing but messages follows, they live under a fresh data key that is
    destroyed with the last of them.
    """

    now: datetime
    channel: str = ""
    forgotten: tuple[ConversationKey, ...] = ()
    revived: tuple[ConversationKey, ...] = ()
    """Conversations that spoke: closed ones are open again, and what is queued below reaches them."""
    closed: Mapping[ConversationKey, str] = field(default_factory=dict)
    """Conversations nothing can be said to any more, and why (`left`, `blocked`); what waits for them is dropped."""
    fired: tuple[Timer, ...] = ()
    """Timers this batch has handled; one that was set anew meanwhile stays."""
    dropped: tuple[int, ...] = ()
    """Outbox rows (by id) that will not be sent: expired ones, replaced by what is queued below."""
    sessions: tuple[SaveSession, ...] = ()
    timers: tuple[TimerSet | TimersCancelled, ...] = ()
    cases: tuple[Case, ...] = ()
    outbox: tuple[Outgoing, ...] = ()
    """Messages, in the order in which they are to be sent. Those to a closed conversation are not kept."""
    handled: tuple[str, ...] = ()
    """Event ids of `channel`."""
    position: str | None = None
    """Where `channel` goes on reading (Telegram offset, Matrix `since`)."""
    undecrypted: tuple[Undecrypted, ...] = ()
    decrypted: tuple[str, ...] = ()
    """Event ids of `channel` whose ciphertext need not wait any longer."""
    notes: tuple[Note, ...] = ()
    dead_letters: tuple[DeadLetter, ...] = ()


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


# ---------------------------------------------------------------- what waits to be sent


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """Hold one message that waits. Ids grow and are never given twice.

    `transaction` is unique over all time, also after a restored backup: the transaction id for networks that know one.
    `attempts` counts how often sending began.
    """

    id: int
    transaction: str
    key: ConversationKey
    channel: str
    address: bytes
    payload: bytes
    kind: RowKind
    event_id: str
    position: int
    created: datetime
    expires: datetime
    not_before: datetime
    attempts: int
    state: RowState
    remember: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """Tell which message of the network carried a remembered row; `remember` is what `Outgoing` said."""

    key: ConversationKey
    receipt: str
    remember: str


@dataclass(frozen=True, slots=True)
class Sent:
    """Tell that the network took row `id` as its message `receipt` (an id as text; empty if it has none)."""

    id: int
    receipt: str = ""


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

    async def next_outbox(self, channel: str) -> datetime | None:
        """Tell when the earliest first row may be sent, None when nothing waits."""
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
        """List rows that waited too long (none that is being sent).

        `Batch.dropped` removes them in the same transaction that queues what is said instead.
        """
        ...

    async def close_conversation(self, key: ConversationKey, why: str) -> int:
        """Drop what waits for a conversation that cannot be written to until it is revived; tells how many rows went."""
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


# ---------------------------------------------------------------- content versions and upkeep


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


@dataclass(frozen=True, slots=True)
class Retention:
    """Say how long things are kept; `docs/privacy.md` shows the same table."""

    handled: timedelta = timedelta(hours=48)  # twice Telegram's own memory of updates
    idle_session: timedelta = timedelta(days=7)
    closed_case: timedelta = timedelta(days=30)
    any_case: timedelta = timedelta(days=456)  # 15 months
    dead_letter: timedelta = timedelta(days=14)
    undecrypted: timedelta = timedelta(hours=1)
    unsent: timedelta = timedelta(hours=48)  # past every expiry: nobody will send it any more


@dataclass(frozen=True, slots=True)
class Swept:
    """Tell what one step of a sweep removed; `more` asks for another step."""

    people: int = 0
    cases: int = 0
    handled: int = 0
    dead_letters: int = 0
    undecrypted: int = 0
    outbox: int = 0
    packs: int = 0
    more: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """Tell the health page and `stats` how much there is; nothing here is about one person."""

    people: int
    sessions: int
    closed_conversations: int
    open_cases: int
    closed_cases: int
    timers: int
    next_timer: datetime | None
    waiting: Mapping[str, int]
    """Unsent rows per channel."""
    oldest_waiting: datetime | None
    unknown: int
    handled: int
    undecrypted: int
    dead_letters: int
    forgotten: int
    bytes: int
    """Size of the database."""


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
