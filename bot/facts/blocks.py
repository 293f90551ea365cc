"""Compose blocks: each takes the facts, what was answered and a translator for words inside values; gives parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from bot.facts import choose
from bot.facts.models import Facts, Source
from bot.facts.pages import Form
from bot.facts.parts import DateValue, LinkValue, Part, PartValue
from bot.facts.rules import SUMMARY, Claim, Regime

Slots = Mapping[str, Any]
Say = Callable[[str], str]
"""English text of the facts -> the person's language"""


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


def _bullets(found: Iterable[Claim]) -> list[Part]:
    return [Part(claim.text, bullet=True) for claim in found]


def source_label(facts: Facts, source: Source, say: Say) -> str:
    """Name a source: who published it, who keeps the copy, whom it reports."""
    name = source.publisher if source.url else say(source.publisher)
    if source.via:
        return fill(say(facts.phrases.source_via), publisher=name, via=source.via)
    if source.about:
        return fill(say(facts.phrases.source_about), publisher=name, about=source.about)
    return name


def _source_line(facts: Facts, names: tuple[str, ...], say: Say) -> Part:
    return Part(facts.phrases.source_line, {"source": source_label(facts, facts.sources[names[0]], say)})


def newest(facts: Facts, regime: Regime) -> str:
    """Give the newest full day among the sources of what is shown in a regime, else the day of the check."""
    days = [facts.sources[name].date for name in sources_of(facts, regime)]
    return max((day for day in days if len(day) == 10), default=regime.checked_on.isoformat())


def last_checked(facts: Facts, regime: Regime) -> Part:
    """Say when the facts of a regime were last checked, and how new the newest source is."""
    values = {"date": DateValue(regime.checked_on.isoformat()), "newest": DateValue(newest(facts, regime))}
    return Part(facts.phrases.last_checked, values)


def policy_summary(facts: Facts, slots: Slots, say: Say) -> list[Part]:
    """Sum up a regime: since when, what is used, what not, what an objection changes, what it cannot."""
    regime = choose.regime_of(facts, slots)
    return _bullets(claims(facts, regime, *SUMMARY)) if regime else []


def policy_details(facts: Facts, slots: Slots, say: Say) -> list[Part]:
    """Tell more, each claim with its source; then when all was last checked."""
    regime = choose.regime_of(facts, slots)
    if regime is None:
        return []
    found = [
        Part(claim.text, bullet=True, after=(_source_line(facts, claim.sources, say),))
        for claim in claims(facts, regime, "detail")
    ]
    return [*found, last_checked(facts, regime)]


def story(facts: Facts, slots: Slots, say: Say) -> list[Part]:
    """Tell what happened so far in a regime, oldest first, each event with its source."""
    regime = choose.regime_of(facts, slots)
    if regime is None:
        return []
    shown = [event for event in facts.events.values() if regime.id in facts.expand(event.regimes)]
    found = [
        Part(
            facts.phrases.event,
            {"date": DateValue(event.date)},
            bullet=True,
            after=(Part(event.text), _source_line(facts, event.sources, say)),
        )
        for event in sorted(shown, key=lambda event: event.date)
    ]
    return [*found, last_checked(facts, regime)]


def sources_of(facts: Facts, regime: Regime) -> tuple[str, ...]:
    """List the ids of the sources of everything shown in a regime, newest first."""
    return _sources_of(facts, regime.id)


@lru_cache(maxsize=256)
def _sources_of(facts: Facts, regime_id: str) -> tuple[str, ...]:
    regime = facts.regimes[regime_id]
    names: dict[str, None] = dict.fromkeys(regime.sources)
    shown = [claim for claim in facts.claims.values() if regime.id in facts.expand(claim.regimes)]
    events = [event for event in facts.events.values() if regime.id in facts.expand(event.regimes)]
    cited = [one.sources for one in shown]
    cited += [one.sources for one in events]
    cited += [one.sources for one in regime.laws.values()]
    for found in cited:
        names |= dict.fromkeys(found)
    for form in {name: None for forms in regime.forms.values() for name in forms}:
        names |= dict.fromkeys(facts.forms[form].sources)
    return tuple(sorted(names, key=lambda name: facts.sources[name].date, reverse=True))


def main_sources_of(facts: Facts, regime: Regime) -> tuple[str, ...]:
    """List the ids of the sources of the rules, the summary and the laws of a regime, newest first."""
    main = {*regime.sources}
    for claim in claims(facts, regime, *SUMMARY):
        main |= {*claim.sources}
    for law in regime.laws.values():
        main |= {*law.sources}
    return tuple(name for name in sources_of(facts, regime) if name in main)


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


def sources(facts: Facts, slots: Slots, say: Say) -> list[Part]:
    """List all sources of a regime as links, newest first."""
    regime = choose.regime_of(facts, slots)
    if regime is None:
        return []
    return [*_listed(facts, sources_of(facts, regime), say), last_checked(facts, regime)]


def main_sources(facts: Facts, slots: Slots, say: Say) -> list[Part]:
    """List the sources that matter most: those of the rules, the summary and the laws."""
    regime = choose.regime_of(facts, slots)
    if regime is None:
        return []
    return [*_listed(facts, main_sources_of(facts, regime), say), last_checked(facts, regime)]


def more_sources(facts: Facts, slots: Slots, say: Say) -> list[Part]:
    """List the other sources: those of the details, the story, the forms."""
    regime = choose.regime_of(facts, slots)
    if regime is None:
        return []
    main = main_sources_of(facts, regime)
    return _listed(facts, (name for name in sources_of(facts, regime) if name not in main), say)


def law(facts: Facts, slots: Slots, say: Say) -> list[Part]:
    """List the provisions that may be cited in a regime."""
    regime = choose.regime_of(facts, slots)
    return [
        Part(facts.phrases.law_item, {"cite": say(one.cite), "use": say(one.use)}, bullet=True)
        for one in (regime.laws.values() if regime else ())
    ]


def situation_notes(facts: Facts, slots: Slots, say: Say) -> list[Part]:
    """Say what is special in the person's situation."""
    regime = choose.regime_of(facts, slots)
    return (
        [Part(one.text) for one in claims(facts, regime, "situation", situation=str(slots.get("situation")))]
        if regime
        else []
    )


def earlier_objection(facts: Facts, slots: Slots, say: Say) -> list[Part]:
    """Say what became of earlier objections."""
    regime = choose.regime_of(facts, slots)
    return [Part(one.text) for one in claims(facts, regime, "earlier")] if regime else []


def accounts_note(facts: Facts, slots: Slots, say: Say) -> list[Part]:
    """Say why so many forms are needed."""
    regime = choose.regime_of(facts, slots)
    if regime is None:
        return []
    chosen = [facts.products[name] for name in choose.products_chosen(facts, slots)]
    kinds = {product.id: facts.forms[name].covers for product in chosen for name in regime.forms[product.id]}
    linked = [product for product in chosen if product.linked and kinds[product.id] == "linked_accounts"]
    topics = []
    if len(linked) > 1:
        topics.append("accounts_same" if choose.agreed(slots.get("same_centre")) else "accounts_apart")
    if any(not product.linked and kinds[product.id] != "person" for product in chosen):
        topics.append("accounts_own")
    topics.append("accounts_hub")
    return [Part(one.text) for one in claims(facts, regime, *topics)]


def form_asks(facts: Facts, slots: Slots, say: Say) -> list[Part]:
    """Say what the current form asks and what to put there; or that nobody has seen it."""
    form, regime = choose.current_form(facts, slots), choose.regime_of(facts, slots)
    if form is None or regime is None:
        return []
    asks = [one for one in form.asks.values() if not one.regimes or regime.id in facts.expand(one.regimes)]
    return [Part(one.text, bullet=True) for one in asks] or [Part(facts.phrases.not_seen)]


def _path(facts: Facts, names: Iterable[str], regime: Regime, where: str) -> list[Part]:
    found: list[Part] = []
    for name in names:
        path = facts.paths[name]
        if path.where == where and regime.id in facts.expand(path.regimes):
            found.append(Part(facts.phrases.path_head, {"place": path.place}))
            found += [Part(step, bullet=True) for step in path.steps]
    return found


def form_path(facts: Facts, slots: Slots, say: Say, where: str) -> list[Part]:
    """Describe the way through the menus to the current form: `web` or `app`."""
    form, regime = choose.current_form(facts, slots), choose.regime_of(facts, slots)
    return _translated_place(_path(facts, form.paths, regime, where), say) if form and regime else []


def try_path(facts: Facts, slots: Slots, say: Say) -> list[Part]:
    """Describe the way through the menus by which to look for a form once."""
    regime = choose.regime_of(facts, slots)
    return _translated_place(_path(facts, facts.paths, regime, "web"), say) if regime else []


def _translated_place(parts: list[Part], say: Say) -> list[Part]:
    return [
        Part(part.msgid, {"place": say(str(part.values["place"]))}) if "place" in part.values else part
        for part in parts
    ]


def steps(facts: Facts, slots: Slots, say: Say, kind: str) -> list[Part]:
    """List what else helps (`self_help`) or what to do after sending (`after`)."""
    regime = choose.regime_of(facts, slots)
    return [
        Part(step.text, bullet=True)
        for step in facts.steps.values()
        if regime and step.kind == kind and regime.id in facts.expand(step.regimes)
    ]


def third_party_notes(facts: Facts, slots: Slots, say: Say) -> list[Part]:
    """Say what the form for data from others is, and what it is not."""
    regime = choose.regime_of(facts, slots)
    return _bullets(claims(facts, regime, "third_party")) if regime else []


def controller_address(facts: Facts, slots: Slots, say: Say) -> list[Part]:
    """Give the postal address of the company to copy."""
    company = choose.controller(facts, slots)
    if company is None or not company.post:
        return []
    note = [Part(company.note)] if company.note else []
    return [*note, Part("", code="\n".join(company.post))]


def form_paths(facts: Facts, form: Form, regime: Regime) -> bool:
    """Say whether menu steps to a form are known in a regime."""
    return any(regime.id in facts.expand(facts.paths[name].regimes) for name in form.paths)
