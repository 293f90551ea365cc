"""Records of where: territories, their parts, and the authorities that take complaints."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bot.facts.fields import Confidence, Day, Email, Filled, Id, Ids, Moment, Phone, Record, Sentence, Span, YesNo

CheckedField = Literal[
    "website", "form", "info", "email", "phone", "post", "names", "languages", "role", "how", "before", "law"
]


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
    email: Email | None = None
    phone: Phone | None = None
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
    words: dict[Id, tuple[Filled, ...]] = Field(default_factory=dict)


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
