"""Give letters what they need from a pack's facts beside the registry's values (`controller`, `deadline` …)."""

from __future__ import annotations

from collections.abc import Mapping

from bot.engine.providers import Registry, Scope
from bot.facts.models import Facts, Regime
from bot.letters.case import CompanyFacts


def company_facts(facts: Facts, registry: Registry) -> CompanyFacts:
    """Make the view: no provision of low confidence is cited, an address is that of the current form's addressee."""

    def regime(scope: Scope) -> Regime | None:
        territory = facts.territories.get(str(scope.slots.get("territory", "")))
        return facts.regimes[territory.regime] if territory else None

    def laws(scope: Scope) -> Mapping[str, str]:
        rules = regime(scope)
        cited = rules.laws.values() if rules else ()
        return {law.role: law.cite for law in cited if law.confidence != "low"}

    def address(scope: Scope) -> tuple[str, ...]:
        rules = regime(scope)
        if rules is None:
            return ()
        current = registry.values.get("current_form")
        form = facts.forms.get(str(current.get(scope))) if current else None
        controller = rules.controllers.get(form.addressee if form else "main") or rules.controllers["main"]
        return facts.controllers[controller].post

    def share_link(scope: Scope) -> str | None:
        rules = regime(scope)
        form = facts.forms.get(rules.try_form if rules and rules.right == "yes" else facts.pack.contact_form)
        return form.url if form else None

    return CompanyFacts(
        laws=laws,
        address=address,
        share_link=share_link,
        asks={
            ground.id: facts.follow_ups[ground.follow_up].slot
            for ground in facts.grounds.values()
            if ground.follow_up in facts.follow_ups
        },
        roles=frozenset(law.role for rules in facts.regimes.values() for law in rules.laws.values()),
    )
