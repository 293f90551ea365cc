"""What the facts of a regime rest on: which sources, how they are named, and how new they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from bot.facts import choose
from bot.facts.models import Facts, Source
from bot.facts.parts import DateValue, LinkValue, Part, PartValue
from bot.facts.rules import SUMMARY, Claim, Regime

Slots = Mapping[str, Any]
Say = Callable[[str], str]
"""English text of the facts -> the person's language"""

MAIN = 10
"""How many sources are named at once; the others are for those who ask."""


def fill(text: str, **values: str) -> str:
    """Put values in the place of `{name}`; nothing else is touched."""
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return text


def claims(facts: Facts, regime: Regime, *topics: str, situation: str | None = None) -> tuple[Claim, ...]:
    """List the claims of these topics that are shown in a regime, topic by topic, in the order of the file."""
    return _claims(facts, regime.id, topics, situation)


@lru_cache(maxsize=4096)
def _claims(facts: Facts, regime: str, topics: tuple[str, ...], situation: str | None) -> tuple[Claim, ...]:
    return tuple(
        claim
        for topic in topics
        for claim in facts.claims.values()
        if claim.topic == topic
        and regime in facts.expand(claim.regimes)
        and (situation is None or situation in claim.situations)
    )


def source_label(facts: Facts, source: Source, say: Say) -> str:
    """Name a source: who published it, who keeps the copy, whom it reports."""
    name = source.publisher if source.url else say(source.publisher)
    if source.via:
        return fill(say(facts.phrases.source_via), publisher=name, via=source.via)
    if source.about:
        return fill(say(facts.phrases.source_about), publisher=name, about=source.about)
    return name


def newest(facts: Facts, regime: Regime) -> str:
    """Give the newest full day among the sources of what is shown in a regime, else the day of the check."""
    days = [facts.sources[name].date for name in sources_of(facts, regime)]
    return max((day for day in days if len(day) == 10), default=regime.checked_on.isoformat())


def last_checked(facts: Facts, regime: Regime) -> Part:
    """Say when the facts of a regime were last checked, and how new the newest source is."""
    values = {"date": DateValue(regime.checked_on.isoformat()), "newest": DateValue(newest(facts, regime))}
    return Part(facts.phrases.last_checked, values)


@lru_cache(maxsize=256)
def _groups(facts: Facts, regime_id: str) -> Mapping[str, tuple[str, ...]]:
    """Sort the ids of all sources of a regime by what they speak of, each once: main, details, story, forms.

    The main ones are those of the rules, the summary and the laws, the company's and the law's own texts first.
    """
    regime = facts.regimes[regime_id]
    rules = [regime.sources, *(law.sources for law in regime.laws.values())]
    rules += [claim.sources for claim in claims(facts, regime, *SUMMARY)]
    details = [claim.sources for claim in facts.claims.values() if regime_id in facts.expand(claim.regimes)]
    story = [event.sources for event in facts.events.values() if regime_id in facts.expand(event.regimes)]
    forms = [facts.forms[form].sources for names in regime.forms.values() for form in names]

    def newest_first(cited: Iterable[tuple[str, ...]]) -> list[str]:
        names = dict.fromkeys(name for found in cited for name in found)
        return sorted(names, key=lambda name: facts.sources[name].date, reverse=True)

    primary_first = sorted(newest_first(rules), key=lambda name: facts.sources[name].kind != "primary")
    groups = {"main": tuple(primary_first[:MAIN])}
    told = {*groups["main"]}
    for name, cited in (("details", [*rules, *details]), ("story", story), ("forms", forms)):
        groups[name] = tuple(one for one in newest_first(cited) if one not in told)
        told |= {*groups[name]}
    return groups


def sources_of(facts: Facts, regime: Regime) -> tuple[str, ...]:
    """List the ids of the sources of everything shown in a regime: the main ones first."""
    return tuple(name for names in _groups(facts, regime.id).values() for name in names)


def _listed(facts: Facts, names: Iterable[str], say: Say) -> list[Part]:
    found = []
    for name in names:
        source = facts.sources[name]
        label = source_label(facts, source, say)
        values: dict[str, PartValue] = {"source": LinkValue(label, source.url) if source.url else label}
        if source.date:
            values["date"] = DateValue(source.date)
        phrase = facts.phrases.source_dated if source.date else facts.phrases.source_undated
        found.append(Part(phrase, values, bullet=True))
    return found


def main_sources(facts: Facts, slots: Slots, say: Say) -> list[Part]:
    """List the sources that matter most, at most ten, and when all was last checked."""
    regime = choose.regime_of(facts, slots)
    if regime is None:
        return []
    return [*_listed(facts, _groups(facts, regime.id)["main"], say), last_checked(facts, regime)]


def _group(facts: Facts, slots: Slots, say: Say, name: str, head: str) -> list[Part]:
    regime = choose.regime_of(facts, slots)
    names = _groups(facts, regime.id)[name] if regime else ()
    return [Part(head), *_listed(facts, names, say)] if names else []


def detail_sources(facts: Facts, slots: Slots, say: Say) -> list[Part]:
    """List the other sources of the rules and the details."""
    return _group(facts, slots, say, "details", facts.phrases.sources_details)


def story_sources(facts: Facts, slots: Slots, say: Say) -> list[Part]:
    """List the other sources of what happened so far."""
    return _group(facts, slots, say, "story", facts.phrases.sources_story)


def form_sources(facts: Facts, slots: Slots, say: Say) -> list[Part]:
    """List the other sources of what is known about the forms."""
    return _group(facts, slots, say, "forms", facts.phrases.sources_forms)
