"""The shape of every file of facts, and `Facts`: all of them together.

A table is a mapping from id to record; the loader writes the id into the record. Sentences that people read are of type
`Sentence` (English, translated through the catalogues); `remarks` are for maintainers and never shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from bot.facts.fields import (
    Answer,
    Confidence,
    Day,
    Filled,
    Id,
    Ids,
    MaybeDay,
    Moment,
    Record,
    Regions,
    Sentence,
    Whole,
    YesNo,
)

Right = Literal["yes", "partly", "no", "unknown"]
Unit = Literal["days", "weeks", "months"]
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
CheckedField = Literal[
    "website", "form", "info", "email", "phone", "post", "names", "languages", "role", "how", "before", "law"
]


class Pack(Record):
    """What the facts are about (`pack.yaml`)."""

    id: Id
    company: Filled
    language: Id
    compiled_on: Day
    review_by: Day
    contact_form: Id
    licence: Filled


class Phrases(Record):
    """The words around facts (`phrases.yaml`)."""

    last_checked: Sentence
    source_line: Sentence
    source_via: Sentence
    source_about: Sentence
    source_dated: Sentence
    source_undated: Sentence
    event: Sentence
    deadline_unknown: Sentence
    not_seen: Sentence
    path_head: Sentence
    law_item: Sentence
    authority_site: Sentence
    authority_form: Sentence
    authority_info: Sentence
    authority_email: Sentence
    authority_phone: Sentence
    authority_languages: Sentence
    authority_post: Sentence
    authority_checked: Sentence
    authority_medium: Sentence
    authority_again: Sentence
    authority_none: Sentence
    fields: dict[CheckedField, Sentence]
    unconfirmed_words: tuple[Filled, ...]
    objection_words: tuple[Filled, ...]


class Hosts(Record):
    """The three lists of hosts a link may lead to (`hosts.yaml`)."""

    forms: tuple[Filled, ...]
    authorities: Literal["own"]
    sources: Literal["as_cited"]
    shorteners: tuple[Filled, ...]


class Source(Record):
    """A text the facts rest on. `date` is empty when it carries none."""

    id: Id
    url: Filled | None = None
    publisher: Filled
    via: Filled | None = None
    about: Filled | None = None
    date: Moment
    kind: Literal["primary", "secondary"]
    shows: Filled
    note: Filled | None = None


class Product(Record):
    """Something of the company's that people use."""

    id: Id
    name: Sentence
    linked: YesNo
    same_as: Id | None = None
    sources: Ids


class Situation(Record):
    """In which role a person asks."""

    id: Id
    products: Ids
    always: Ids = ()
    default: Ids


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


class Span(Record):
    """A length of time."""

    number: Whole
    unit: Unit


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
    laws: dict[Id, Law] = {}
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


class Ask(Record):
    """A field of a form and what to put there."""

    text: Sentence
    regimes: Ids = ()


class Form(Record):
    """A page of the company's."""

    id: Id
    name: Sentence
    product: Id
    addressee: Id = "main"
    url: Filled
    regions: Regions
    regions_unconfirmed: Ids = ()
    login: Answer
    covers: Literal["linked_accounts", "account", "person", "request"]
    reason: dict[Id, Answer] = {}
    code: dict[Id, Answer] = {}
    asks: dict[Id, Ask] = {}
    paths: Ids = ()
    instead: Ids
    confirmed_live: MaybeDay
    status: Literal["listed", "reported", "gone"]
    sources: Ids
    confidence: Confidence
    remarks: Filled | None = None


class MenuPath(Record):
    """The way to a form through menus."""

    id: Id
    place: Sentence
    where: Literal["web", "app"]
    regimes: Ids
    steps: tuple[Sentence, ...]
    sources: Ids
    confidence: Confidence


class Ground(Record):
    """A reason a person may give."""

    id: Id
    label: Sentence
    summary: Sentence
    kind: Literal["personal", "legal"]
    applies_to: Ids
    request: YesNo
    follow_up: Id
    own_reason: YesNo = False
    sources: Ids = ()
    confidence: Confidence


class FollowUp(Record):
    """A short further question: option id -> label; `slot` is where the answer is kept."""

    id: Id
    slot: Id
    options: dict[Id, Sentence]


class Step(Record):
    """Something to do besides."""

    id: Id
    kind: Literal["self_help", "after"]
    text: Sentence
    regimes: Ids
    sources: Ids
    confidence: Confidence


class StoryEvent(Record):
    """Something that happened."""

    id: Id
    date: Moment
    text: Sentence
    regimes: Ids
    sources: Ids
    confidence: Confidence


class Check(Record):
    """Which fields of an authority rest on which directory, and how old they are there (empty: undated)."""

    source: Id
    fields: tuple[CheckedField, ...]
    date: Moment = ""


class Directory(Record):
    """Where facts about authorities come from."""

    id: Id
    what: Filled
    version: Filled
    licence: Filled


class Authority(Record):
    """A data-protection authority. `names` by language; texts in `how`, `before`, … are translated."""

    id: Id
    territory: Id
    subdivision: Id | None = None
    also_for: Ids = ()
    level: Id
    role: Id
    takes_complaints: Literal["yes", "no", "unknown"]
    name: Filled
    names: dict[Id, Filled]
    abbreviation: Filled | None = None
    hosts: tuple[Filled, ...]
    website: Filled
    form: Filled | None = None
    info: Filled | None = None
    email: Filled | None = None
    phone: Filled | None = None
    post: tuple[Filled, ...] = ()
    visit: tuple[Filled, ...] = ()
    languages: Ids
    how: Sentence | None = None
    language_note: Sentence | None = None
    phone_note: Sentence | None = None
    note: Sentence | None = None
    company_first: YesNo = False
    before: Sentence | None = None
    wait: Span | None = None
    law: Filled
    checks: tuple[Check, ...]
    confidence: Confidence
    check_again: tuple[CheckedField, ...] = ()
    remarks: tuple[Filled, ...] = ()


class Territory(Record):
    """A country or territory: exactly one regime, and the words people type for it."""

    id: Id
    alpha3: Id
    regime: Id
    native: tuple[Filled, ...] = ()
    words: dict[Id, tuple[Filled, ...]] = {}


class Subdivision(Record):
    """A part of a territory; `names` by language, English always."""

    id: Id
    territory: Id
    names: dict[Id, Filled]
    words: tuple[Filled, ...]


class AuthoritiesHead(Record):
    """When the authorities were looked up, and when that is due again."""

    review_by: Day
    checked_on: Day


Place = tuple[str, int, int]
"""file, line, column (both from 1)"""


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a pack of facts says: tables from id to record, in the order of the files."""

    pack: Pack
    phrases: Phrases
    hosts: Hosts
    sources: Mapping[str, Source]
    products: Mapping[str, Product]
    situations: Mapping[str, Situation]
    controllers: Mapping[str, Controller]
    groups: Mapping[str, tuple[str, ...]]
    regimes: Mapping[str, Regime]
    claims: Mapping[str, Claim]
    forms: Mapping[str, Form]
    paths: Mapping[str, MenuPath]
    grounds: Mapping[str, Ground]
    follow_ups: Mapping[str, FollowUp]
    steps: Mapping[str, Step]
    events: Mapping[str, StoryEvent]
    directories: Mapping[str, Directory]
    authorities: Mapping[str, Authority]
    authorities_head: AuthoritiesHead
    territories: Mapping[str, Territory]
    not_codes: tuple[str, ...]
    likely: Mapping[str, tuple[str, ...]]
    subdivisions: Mapping[str, Subdivision]
    places: Mapping[tuple[str, ...], Place] = field(default_factory=dict, repr=False, compare=False)

    def expand(self, names: Iterable[str]) -> tuple[str, ...]:
        """Replace names of groups by their regimes; every regime once, in order. Unknown names are left out."""
        found: dict[str, None] = {}
        for name in names:
            for regime in self.groups.get(name, (name,)):
                if regime in self.regimes:
                    found[regime] = None
        return tuple(found)

    def place(self, *path: str) -> Place:
        """Say where `("claims", "used_eu", "text")`, or what contains it, stands."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.places:
                return self.places[path[:length]]
        return ("", 1, 1)
