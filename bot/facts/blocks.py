"""Compose blocks: each takes the facts, what was answered and a translator for words inside values; gives parts."""

from __future__ import annotations

from collections.abc import Iterable

from bot.facts import choose
from bot.facts.cited import Say, Slots, claims, last_checked, source_label
from bot.facts.models import Facts
from bot.facts.pages import Form
from bot.facts.parts import DateValue, Part
from bot.facts.rules import SUMMARY, Claim, Regime


def _bullets(found: Iterable[Claim]) -> list[Part]:
    return [Part(claim.text, bullet=True) for claim in found]


def _source_line(facts: Facts, names: tuple[str, ...], say: Say) -> Part:
    return Part(facts.phrases.source_line, {"source": source_label(facts, facts.sources[names[0]], say)})


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
