"""The plain data that goes into a store and comes out of it.

Every time is aware. Every key of a conversation is made by its channel and opaque to everyone else. Whatever can say
something about a person (session, address, payload, case, note) is handed over in the clear and kept sealed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

ConversationKey = str
"""Names one conversation: `telegram:<bot>:<chat>:<thread>:<person>`, `matrix:…`, `console:local`."""

RowKind = Literal["answer", "notice"]
"""An answer belongs to what the person just did; a notice (reminder, announcement) comes by itself and may wait."""

RowState = Literal["waiting", "sending", "unknown"]
"""`sending`: the request may be on its way; `unknown`: it may have arrived. Sent and refused rows are gone."""


@dataclass(frozen=True, slots=True)
class StoredSession:
    """Hold where one conversation stands.

    `rev` counts the writes of this session, 1 after the first. `pack` is the content version it is pinned to and
    `state` the top frame (`dialog/state`): both are kept readable for `states_in_use`. `address` is whatever the
    channel needs to write to this conversation (JSON of a chat id, a room id …), so that a timer can speak without a
    fresh event.
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


@dataclass(frozen=True, slots=True)
class Retention:
    """Say how long things are kept; `docs/privacy.md` shows the same table."""

    handled: timedelta = timedelta(hours=48)  # twice Telegram's own memory of updates
    idle_session: timedelta = timedelta(days=7)
    closed_case: timedelta = timedelta(days=30)
    any_case: timedelta = timedelta(days=456)  # 15 months
    dead_letter: timedelta = timedelta(days=14)
    tombstone: timedelta = timedelta(days=456)  # until any backup it guards against is swept by the rule above anyway
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
