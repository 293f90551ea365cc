"""Choose forms: which are needed, which comes next, what to try instead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.facts.crosscheck import opens
from bot.facts.fields import Answer
from bot.facts.models import Facts
from bot.facts.pages import Form
from bot.facts.rules import Controller, Regime


def several(value: Any) -> tuple[str, ...]:
    """Read a slot that holds several ids; anything else is none."""
    return value if isinstance(value, tuple) else ()


def agreed(value: Any) -> bool:
    """Read a slot that may hold yes as a word or as a truth."""
    return value is True or value == "yes"


def regime_of(facts: Facts, slots: Mapping[str, Any]) -> Regime | None:
    """Find the regime of the territory in the slots."""
    territory = facts.territories.get(str(slots.get("territory")))
    return facts.regimes[territory.regime] if territory else None


def products_offered(facts: Facts, slots: Mapping[str, Any]) -> tuple[str, ...]:
    """List the products to ask about in the person's situation."""
    situation = facts.situations.get(str(slots.get("situation")))
    return situation.products if situation else tuple(facts.products)


def products_chosen(facts: Facts, slots: Mapping[str, Any]) -> tuple[str, ...]:
    """List the products forms are needed for, in the order of the facts: picked ones, or the situation's own."""
    situation = facts.situations.get(str(slots.get("situation")))
    picked = set(several(slots.get("accounts")))
    if situation:
        picked &= set(situation.products)
        picked = (picked or set(situation.default)) | set(situation.always)
    return tuple(product for product in facts.products if product in picked)


def forms_needed(facts: Facts, slots: Mapping[str, Any]) -> tuple[str, ...]:
    """List the forms to send, in order, each once.

    Linked accounts that the person says are in one place need one form together; a product that is run with the account
    of another shares its form anyway.
    """
    regime = regime_of(facts, slots)
    if regime is None:
        return ()
    together = agreed(slots.get("same_centre"))
    needed: dict[str, None] = {}
    covered = False
    for product in products_chosen(facts, slots):
        for name in regime.forms.get(product, ()):
            linked = facts.products[product].linked and facts.forms[name].covers == "linked_accounts"
            if linked and together and covered:
                continue
            covered = covered or linked
            needed[name] = None
    return tuple(needed)


def forms_open(facts: Facts, slots: Mapping[str, Any]) -> tuple[str, ...]:
    """List the needed forms that are neither done nor put off."""
    settled = {*several(slots.get("forms_done")), *several(slots.get("forms_later"))}
    return tuple(name for name in forms_needed(facts, slots) if name not in settled)


def next_form(facts: Facts, slots: Mapping[str, Any]) -> str | None:
    """Give the first form that is still to do."""
    return next(iter(forms_open(facts, slots)), None)


def current_form(facts: Facts, slots: Mapping[str, Any]) -> Form | None:
    """Find the form that is being talked about: the one in slot `form`, else the next."""
    name = slots.get("form")
    if not isinstance(name, str) or name not in facts.forms:
        name = next_form(facts, slots)
    return facts.forms[name] if name else None


def alternatives(facts: Facts, slots: Mapping[str, Any]) -> tuple[str, ...]:
    """List what may be tried instead of the current form, best first: it may open here and has not failed yet."""
    form, regime = current_form(facts, slots), regime_of(facts, slots)
    if form is None or regime is None:
        return ()
    failed = several(slots.get("forms_failed"))
    return tuple(
        name for name in form.instead if name not in failed and opens(facts, facts.forms[name], regime.id) != "no"
    )


def by_regime(facts: Facts, table: Mapping[str, Answer], regime: str) -> Answer:
    """Look up a regime in a table whose keys are regimes or groups; the regime itself wins. `unknown` if missing."""
    if regime in table:
        return table[regime]
    for name, answer in table.items():
        if regime in facts.groups.get(name, ()):
            return answer
    return "unknown"


def controller(facts: Facts, slots: Mapping[str, Any]) -> Controller | None:
    """Find the company that answers: for the form in slot `form` where it has one of its own, else the main one."""
    regime = regime_of(facts, slots)
    if regime is None:
        return None
    form = facts.forms.get(str(slots.get("form")))
    addressee = form.addressee if form else "main"
    return facts.controllers[regime.controllers.get(addressee, regime.controllers["main"])]


def grounds_offered(facts: Facts, slots: Mapping[str, Any]) -> tuple[str, ...]:
    """List the reasons that fit: those of the regime where there is a right, else the personal ones for a request."""
    regime = regime_of(facts, slots)
    if regime is None:
        return ()
    if regime.right == "yes":
        return tuple(one.id for one in facts.grounds.values() if regime.id in facts.expand(one.applies_to))
    return tuple(one.id for one in facts.grounds.values() if one.request)


def follow_ups_open(facts: Facts, slots: Mapping[str, Any]) -> tuple[str, ...]:
    """List the follow-up lists that the chosen reasons ask for, each once, in the order of the reasons."""
    chosen = (facts.grounds[name] for name in several(slots.get("grounds")) if name in facts.grounds)
    return tuple(dict.fromkeys(ground.follow_up for ground in chosen))
