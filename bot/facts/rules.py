"""Records of what holds: companies that answer, regimes with their laws and time limits, and claims."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bot.facts.fields import Confidence, Day, Filled, Id, Ids, Moment, Record, Sentence, Span, Unit, Whole

Right = Literal["yes", "partly", "no", "unknown"]
Topic = Literal[
    "since",
    "used",
    "not_used",
    "changes",
    "cannot",
    "detail",
    "earlier",
    "situation",
    "accounts_same",
    "accounts_apart",
    "accounts_own",
    "accounts_hub",
    "third_party",
    "complaint",
]
SUMMARY: tuple[Topic, ...] = ("since", "used", "not_used", "changes", "cannot")


class Controller(Record):
    """A company that answers for data; `post` are the lines of its address."""

    id: Id
    name: Filled
    contact: Id
    post: tuple[Filled, ...] = ()
    note: Sentence | None = None
    sources: Ids
    confidence: Confidence
    remarks: Filled | None = None


class Law(Record):
    """A provision a letter may cite; only with a source."""

    cite: Sentence
    use: Sentence
    role: Id
    sources: Ids
    confidence: Confidence


class Deadline(Record):
    """By when an answer is due, counted from an event."""

    number: Whole
    unit: Unit
    from_event: Literal["sent", "received"]
    extension: Span | None = None
    words: Sentence
    sources: Ids
    confidence: Confidence


class Regime(Record):
    """The rules for a group of territories. `controllers` has `main`, and others that a form's `addressee` names."""

    id: Id
    name: Sentence
    right: Right
    forms_open: Literal["yes", "unknown", "no"]
    letter: Literal["objection", "suspension", "request"]
    controllers: dict[Id, Id]
    forms: dict[Id, Ids]
    try_form: Id
    laws: dict[Id, Law] = Field(default_factory=dict)
    deadline: Deadline | None = None
    acknowledgement: Deadline | None = None
    sources: Ids
    confidence: Confidence
    checked_on: Day
    remarks: Filled | None = None


class Claim(Record):
    """One sentence, written for the regimes it is shown in. `date` is that of its newest source."""

    id: Id
    topic: Topic
    text: Sentence
    regimes: Ids
    situations: Ids = ()
    sources: Ids
    confidence: Confidence
    date: Moment
