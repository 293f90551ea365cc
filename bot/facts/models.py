"""The shape of every file of facts, and `Facts`: all of them together.

A table is a mapping from id to record; the loader writes the id into the record. Sentences that people read are of type
`Sentence` (English, translated through the catalogues); `remarks` are for maintainers and never shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from bot.facts.fields import Confidence, Day, Filled, Id, Ids, Moment, Record, Sentence, Words, YesNo
from bot.facts.pages import Form, MenuPath
from bot.facts.places import AuthoritiesHead, Authority, CheckedField, Directory, Subdivision, Territory
from bot.facts.rules import Claim, Controller, Regime
from bot.facts.sheet import Sheet

__all__ = [
    "Claim",
    "Controller",
    "Facts",
    "FollowUp",
    "Form",
    "Ground",
    "MenuPath",
    "Option",
    "Pack",
    "Phrases",
    "Place",
    "Product",
    "Regime",
    "Situation",
    "Source",
    "Step",
    "StoryEvent",
]


class Pack(Record):
    """What the facts are about (`pack.yaml`)."""

    id: Id
    company: Filled
    language: Id
    compiled_on: Day
    review_by: Day
    contact_form: Id
    others_product: Id
    licence: Filled


class Phrases(Record):
    """The words around facts (`phrases.yaml`)."""

    last_checked: Sentence
    source_line: Sentence
    source_via: Sentence
    source_about: Sentence
    source_dated: Sentence
    source_undated: Sentence
    sources_details: Sentence
    sources_story: Sentence
    sources_forms: Sentence
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
    """Something of the company's that people use; `also` is what they type for it."""

    id: Id
    name: Sentence
    also: Words | None = None
    linked: YesNo
    same_as: Id | None = None
    sources: Ids


class Situation(Record):
    """In which role a person asks."""

    id: Id
    products: Ids
    always: Ids = ()
    default: Ids


class Ground(Record):
    """A reason a person may give; `also` is what they type for it."""

    id: Id
    label: Sentence
    also: Words | None = None
    summary: Sentence
    kind: Literal["personal", "legal"]
    applies_to: Ids
    request: YesNo
    follow_up: Id
    own_reason: YesNo = False
    sources: Ids = ()
    confidence: Confidence


class Option(Record):
    """An answer to a further question; `also` is what people type for it."""

    label: Sentence
    also: Words | None = None


class FollowUp(Record):
    """A short further question: option id -> option; `slot` is where the answer is kept."""

    id: Id
    slot: Id
    options: dict[Id, Option]


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


Place = tuple[str, int, int]
"""file, line, column (both from 1)"""


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """Everything a pack of facts says: tables from id to record, in the order of the files.

    Two packs are never equal, so that what is worked out from one can be kept under it.
    """

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
    sheets: tuple[Sheet, ...] = field(default=(), repr=False)

    def expand(self, names: Iterable[str]) -> tuple[str, ...]:
        """Replace names of groups by their regimes; every regime once, in order. Unknown names are left out."""
        return _expand(self, tuple(names))

    def place(self, *path: str | int) -> Place:
        """Say where `("claims", "used_eu", "text")`, or what contains it, stands."""
        for length in range(len(path), 0, -1):
            for sheet in self.sheets:
                spot = sheet.find(path[:length])
                if spot is not None:
                    return (spot.file, spot.line, spot.col)
        return ("", 1, 1)


@lru_cache(maxsize=4096)
def _expand(facts: Facts, names: tuple[str, ...]) -> tuple[str, ...]:
    """Work out what `Facts.expand` gives; kept, because conditions ask for it in every turn."""
    found: dict[str, None] = {}
    for name in names:
        for regime in facts.groups.get(name, (name,)):
            if regime in facts.regimes:
                found[regime] = None
    return tuple(found)
