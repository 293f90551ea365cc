"""Cross-checks: every id that one fact names exists in the others."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Literal

from bot.errors import Problem
from bot.facts.models import Facts
from bot.facts.sheet import Path
from bot.reader import nearest


def problem(
    facts: Facts, path: Path, code: str, message: str, hint: str = "", level: Literal["error", "warning"] = "error"
) -> Problem:
    """Make a problem at the place where `path` stands."""
    file, line, column = facts.place(*path)
    return Problem(file, line, column, code, message, hint, level)


def _each(facts: Facts, path: Path, names: Iterable[str], known: Collection[str], what: str) -> Iterator[Problem]:
    """Report every name in a list (or at a single key) that is not known."""
    for number, name in enumerate(names):
        if name not in known:
            # Codes of two letters are all near to one another: «AE» is no slip of «AD».
            hint = nearest(name, known) if len(name) > 2 else f"Add the {what}, or take {name} out here."
            yield problem(facts, (*path, number), "F020", f"there is no {what} {name}.", hint)


def references(facts: Facts) -> Iterator[Problem]:
    """Report every id that leads nowhere."""
    regimes = {*facts.regimes, *facts.groups}
    yield from _regimes(facts)
    yield from _forms(facts, regimes)
    for table, records in (("claims", facts.claims), ("steps", facts.steps), ("events", facts.events)):
        for record in records.values():
            yield from _each(facts, (table, record.id, "regimes"), record.regimes, regimes, "regime or group")
    for claim in facts.claims.values():
        path = ("claims", claim.id, "situations")
        yield from _each(facts, path, claim.situations, facts.situations, "situation")
    for ground in facts.grounds.values():
        path = ("grounds", ground.id, "applies_to")
        yield from _each(facts, path, ground.applies_to, regimes, "regime or group")
        here = ("grounds", ground.id, "follow_up")
        yield from _each(facts, here, (ground.follow_up,), facts.follow_ups, "list of follow-ups")
    for product in facts.products.values():
        if product.same_as is not None:
            path = ("products", product.id, "same_as")
            yield from _each(facts, path, (product.same_as,), facts.products, "product")
    for situation in facts.situations.values():
        for key in ("products", "always", "default"):
            path = ("situations", situation.id, key)
            yield from _each(facts, path, getattr(situation, key), facts.products, "product")
    for controller in facts.controllers.values():
        path = ("controllers", controller.id, "contact")
        yield from _each(facts, path, (controller.contact,), facts.forms, "form")
    yield from _each(facts, ("pack", "contact_form"), (facts.pack.contact_form,), facts.forms, "form")
    yield from _each(facts, ("pack", "others_product"), (facts.pack.others_product,), facts.products, "product")
    yield from _sources(facts)
    yield from _places(facts)


def _regimes(facts: Facts) -> Iterator[Problem]:
    for group, members in facts.groups.items():
        yield from _each(facts, ("groups", group), members, facts.regimes, "regime")
        if group in facts.regimes:
            yield problem(
                facts, ("groups", group), "F020", f"{group} is both a group and a regime.", "Rename the group."
            )
    for regime in facts.regimes.values():
        here = ("regimes", regime.id)
        for role, controller in regime.controllers.items():
            path = (*here, "controllers", role)
            yield from _each(facts, path, (controller,), facts.controllers, "controller")
        if "main" not in regime.controllers:
            yield problem(
                facts, (*here, "controllers"), "F011", "the key main is missing.", "Name the company that answers."
            )
        yield from _each(facts, (*here, "forms"), regime.forms, facts.products, "product")
        for product in facts.products:
            if not regime.forms.get(product):
                yield problem(
                    facts, (*here, "forms"), "F011", f"no form for {product}.", "Name one, or the contact page."
                )
        for product, forms in regime.forms.items():
            yield from _each(facts, (*here, "forms", product), forms, facts.forms, "form")
        yield from _each(facts, (*here, "try_form"), (regime.try_form,), facts.forms, "form")


def _forms(facts: Facts, regimes: Collection[str]) -> Iterator[Problem]:
    for form in facts.forms.values():
        here = ("forms", form.id)
        yield from _each(facts, (*here, "product"), (form.product,), (*facts.products, "all"), "product")
        if form.regions not in (("worldwide",), ("unknown",)):
            yield from _each(facts, (*here, "regions"), form.regions, regimes, "regime or group")
        for key, names in (
            ("regions_unconfirmed", form.regions_unconfirmed),
            ("reason", tuple(form.reason)),
            ("code", tuple(form.code)),
        ):
            yield from _each(facts, (*here, key), names, regimes, "regime or group")
        for name, ask in form.asks.items():
            yield from _each(facts, (*here, "asks", name, "regimes"), ask.regimes, regimes, "regime or group")
        yield from _each(facts, (*here, "paths"), form.paths, facts.paths, "path")
        yield from _each(facts, (*here, "instead"), form.instead, facts.forms, "form")
    for path in facts.paths.values():
        yield from _each(facts, ("paths", path.id, "regimes"), path.regimes, regimes, "regime or group")


def _sources(facts: Facts) -> Iterator[Problem]:
    """Report unknown sources, and records that need one and have none."""
    for path, names, needed in sourced(facts):
        yield from _each(facts, (*path, "sources"), names, facts.sources, "source")
        if needed and not names:
            yield problem(
                facts, (*path, "sources"), "F040", f"{path[-1]} has no source.", "Name one, or leave the statement out."
            )
    for authority in facts.authorities.values():
        here = ("authorities", authority.id, "checks")
        for number, check in enumerate(authority.checks):
            path = (*here, number, "source")
            yield from _each(facts, path, (check.source,), facts.directories, "directory")
        if not authority.checks:
            yield problem(facts, here, "F040", f"{authority.id} rests on no directory.", "Say where it comes from.")


def sourced(facts: Facts) -> Iterator[tuple[Path, tuple[str, ...], bool]]:
    """List every record with sources: its path, the ids, and whether it may not do without."""
    for table, records in (
        ("claims", facts.claims),
        ("steps", facts.steps),
        ("events", facts.events),
        ("products", facts.products),
        ("controllers", facts.controllers),
        ("forms", facts.forms),
        ("paths", facts.paths),
        ("regimes", facts.regimes),
    ):
        for record in records.values():
            yield (table, record.id), record.sources, True
    for ground in facts.grounds.values():
        yield ("grounds", ground.id), ground.sources, not ground.own_reason
    for regime in facts.regimes.values():
        for name, law in regime.laws.items():
            yield ("regimes", regime.id, "laws", name), law.sources, True
        for key in ("deadline", "acknowledgement"):
            deadline = getattr(regime, key)
            if deadline is not None:
                yield ("regimes", regime.id, key), deadline.sources, True


def _places(facts: Facts) -> Iterator[Problem]:
    """Report territories that are not there."""
    for territory in facts.territories.values():
        path = ("territories", territory.id, "regime")
        yield from _each(facts, path, (territory.regime,), facts.regimes, "regime")
    for language, names in facts.likely.items():
        yield from _each(facts, ("likely", language), names, facts.territories, "territory")
    for part in facts.subdivisions.values():
        path = ("subdivisions", part.id, "territory")
        yield from _each(facts, path, (part.territory,), facts.territories, "territory")
        if "en" not in part.names:
            yield problem(
                facts, ("subdivisions", part.id, "names"), "F011", "the key en is missing.", "Add the English name."
            )
    for authority in facts.authorities.values():
        here = ("authorities", authority.id)
        yield from _each(facts, (*here, "territory"), (authority.territory,), facts.territories, "territory")
        yield from _each(facts, (*here, "also_for"), authority.also_for, facts.territories, "territory")
