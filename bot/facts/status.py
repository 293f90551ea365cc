"""How old the facts are, what they rest on and how sure they are: one row for each regime, form and authority."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from bot.facts.fields import Confidence
from bot.facts.models import Facts


@dataclass(frozen=True, slots=True)
class Row:
    """One record of the facts. Days are counted from the day it was last looked at."""

    kind: Literal["regime", "form", "authority"]
    id: str
    checked_on: date
    age: int
    review_by: date
    overdue: bool
    confidence: Confidence
    sources: int
    newest_source: str
    """Year, month or day of the newest source; empty where none carries a date."""
    confirmed_live: date | None = None
    """When a person opened the page; only forms can be confirmed so."""


def status(facts: Facts, today: date) -> tuple[Row, ...]:
    """List every regime, form and authority, in the order of the files."""
    return tuple(_rows(facts, today))


def _rows(facts: Facts, today: date) -> Iterator[Row]:
    review_by = facts.pack.review_by

    def dates(names: Iterable[str]) -> str:
        return _newest(facts.sources[name].date for name in names)

    for regime in facts.regimes.values():
        names = {*regime.sources, *(name for law in regime.laws.values() for name in law.sources)}
        yield _row(
            "regime", regime.id, regime.checked_on, review_by, today, regime.confidence, len(names), dates(names)
        )
    for form in facts.forms.values():
        seen = form.confirmed_live
        checked = max(seen, facts.pack.compiled_on) if seen else facts.pack.compiled_on
        found = dates(form.sources)
        yield _row(
            "form", form.id, checked, review_by, today, form.confidence, len(form.sources), found, confirmed_live=seen
        )
    head = facts.authorities_head
    for authority in facts.authorities.values():
        found = _newest(check.date for check in authority.checks)
        count = len({check.source for check in authority.checks})
        yield _row(
            "authority", authority.id, head.checked_on, head.review_by, today, authority.confidence, count, found
        )


def _row(
    kind: Literal["regime", "form", "authority"],
    name: str,
    checked_on: date,
    review_by: date,
    today: date,
    confidence: Confidence,
    sources: int,
    newest: str,
    *,
    confirmed_live: date | None = None,
) -> Row:
    age = (today - checked_on).days
    return Row(kind, name, checked_on, age, review_by, today > review_by, confidence, sources, newest, confirmed_live)


def _newest(dates: Iterable[str]) -> str:
    return max(dates, default="")
