"""Records of the company's pages: forms, what they ask, and the way to them through menus."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bot.facts.fields import Answer, Confidence, Filled, Id, Ids, MaybeDay, Record, Regions, Sentence


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
    reason: dict[Id, Answer] = Field(default_factory=dict)
    code: dict[Id, Answer] = Field(default_factory=dict)
    asks: dict[Id, Ask] = Field(default_factory=dict)
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
