"""Cross-checks over all facts: links, dates, coverage, wording, contradictions; each problem with its place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date, timedelta

from bot.errors import Problem
from bot.facts.answers import words_apart
from bot.facts.hosts import refuse
from bot.facts.models import Facts
from bot.facts.pages import Form
from bot.facts.references import problem, references, sourced
from bot.facts.rules import SUMMARY
from bot.facts.sheet import Path
from bot.facts.territories import ALL_CODES, authorities

LONGEST_SUMMARY = 480
"""Characters in English: a summary may have 600 in every language, and German runs about a fifth longer."""


def crosscheck(facts: Facts) -> list[Problem]:
    """Find everything that does not fit together; age is another matter (`overdue`)."""
    found = [*codes(facts)] or [*references(facts)]
    if found:
        return found
    for check in (links, dates, coverage, wording, summaries, contradictions, forms_fit, words_apart):
        found.extend(check(facts))
    return found


def overdue(facts: Facts, today: date) -> list[Problem]:
    """Find facts whose review date has passed: somebody has to look again before they are relied on."""
    found = []
    for path, review_by in (
        (("pack", "review_by"), facts.pack.review_by),
        (("review_by",), facts.authorities_head.review_by),
    ):
        if today > review_by:
            message = f"a review was due on {review_by.isoformat()}."
            found.append(
                problem(facts, path, "F041", message, "Read the sources again, then set new dates.", "warning")
            )
    return [*found, *_not_yet(facts, today)]


def _not_yet(facts: Facts, today: date) -> Iterator[Problem]:
    """Find days on which nobody can have looked yet: a slip in the year. Where the sun rises first it is tomorrow."""
    looked: list[tuple[Path, date | None]] = [
        (("pack", "compiled_on"), facts.pack.compiled_on),
        (("checked_on",), facts.authorities_head.checked_on),
        *((("forms", form.id, "confirmed_live"), form.confirmed_live) for form in facts.forms.values()),
    ]
    for path, day in looked:
        if day is not None and day > today + timedelta(days=1):
            yield problem(facts, path, "F042", f"{day.isoformat()} has not come yet.", "Correct the date.")


def codes(facts: Facts) -> Iterator[Problem]:
    """Every territory has a code of ISO 3166-1; who names it is judged when that is right."""
    wrong = set(facts.territories) - ALL_CODES
    for code in sorted(wrong):
        hint = f"Write {code.upper()}." if code.upper() in ALL_CODES else "Remove it."
        yield problem(facts, ("territories", code), "F021", f"{code} is no territory of ISO 3166-1.", hint)
    if wrong:
        yield from _missing(facts, {code.upper() for code in wrong})


def _missing(facts: Facts, meant: Collection[str] = ()) -> Iterator[Problem]:
    """Find the territories that are not there, at the one they would stand before."""
    for code in sorted(ALL_CODES - set(facts.territories) - set(meant)):
        behind = min((one for one in facts.territories if one > code), default=None)
        path = ("territories", behind) if behind else ("territories",)
        yield problem(facts, path, "F021", f"the territory {code} is missing.", "Add it with its regime.")


def links(facts: Facts) -> Iterator[Problem]:
    """Every link leads where it seems to lead, and to a host on its list."""
    hint = "Write the company's own address, or add the host to hosts.yaml after a second person has looked."
    for form in facts.forms.values():
        reason = refuse(form.url, facts.hosts.forms, facts.hosts.shorteners)
        if reason:
            yield problem(facts, ("forms", form.id, "url"), "F030", f"{form.id}: {reason}.", hint)
    for authority in facts.authorities.values():
        for key in ("website", "form", "info"):
            url = getattr(authority, key)
            reason = refuse(url, authority.hosts, facts.hosts.shorteners) if url else None
            if reason:
                path = ("authorities", authority.id, key)
                yield problem(facts, path, "F030", f"{authority.id}: {reason}.", "See the hosts of this record.")
    for source in facts.sources.values():
        reason = refuse(source.url, None, facts.hosts.shorteners) if source.url else None
        if reason:
            path = ("sources", source.id, "url")
            yield problem(facts, path, "F030", f"{source.id}: {reason}.", "Cite the page itself.")


def dates(facts: Facts) -> Iterator[Problem]:
    """A claim carries the date of its newest source; laws rest on a primary source; the story so far is past."""
    compiled = facts.pack.compiled_on.isoformat()
    for event in facts.events.values():
        if event.date > compiled[: len(event.date)]:
            message = f"{event.id} is later than the day these facts were compiled on ({compiled})."
            yield problem(facts, ("events", event.id, "date"), "F042", message, "Correct one of the two dates.")
    for source in facts.sources.values():
        if source.date > compiled[: len(source.date)]:
            message = f"{source.id} is later than the day these facts were compiled on ({compiled})."
            yield problem(facts, ("sources", source.id, "date"), "F042", message, "Correct one of the two dates.")
    for claim in facts.claims.values():
        newest = max(facts.sources[name].date for name in claim.sources)
        if claim.date != newest:
            path = ("claims", claim.id, "date")
            message = f"{claim.id}: the newest source is of {newest or 'no date'}."
            yield problem(facts, path, "F042", message, f"Write date: {newest or 'undated'}.")
    for regime in facts.regimes.values():
        for name, law in regime.laws.items():
            if not any(facts.sources[source].kind == "primary" for source in law.sources):
                here = ("regimes", regime.id, "laws", name)
                yield problem(
                    facts, here, "F040", f"{name} has no primary source.", "Cite the law itself, or leave it out."
                )


def coverage(facts: Facts) -> Iterator[Problem]:
    """Every territory there is has its regime, every regime a territory, every asked part exactly one authority."""
    yield from _missing(facts)
    used = {territory.regime for territory in facts.territories.values()}
    for regime in facts.regimes:
        if regime not in used:
            yield problem(
                facts, ("regimes", regime), "F021", f"no territory has the regime {regime}.", "Use or remove it."
            )
    codes = Counter(territory.alpha3 for territory in facts.territories.values())
    for territory in facts.territories.values():
        if codes[territory.alpha3] > 1:
            path = ("territories", territory.id, "alpha3")
            yield problem(
                facts, path, "F042", f"{territory.alpha3} stands for several territories.", "Correct the code."
            )
    for part in facts.subdivisions.values():
        count = len(authorities(facts, part.territory, part.id))
        if count != 1:
            here = ("subdivisions", part.id)
            yield problem(facts, here, "F042", f"{part.id} has {count} authorities to offer.", "There has to be one.")


def wording(facts: Facts) -> Iterator[Problem]:
    """What is not confirmed says so; objecting is not spoken of where there is no objection."""
    unsure = [word.casefold() for word in facts.phrases.unconfirmed_words]
    speaks = re.compile(r"\b(?:" + "|".join(map(re.escape, facts.phrases.objection_words)) + r")\b", re.IGNORECASE)
    none = {one.id for one in facts.regimes.values() if one.right == "no"}
    none |= {one.id for one in facts.regimes.values() if one.right == "unknown" and one.forms_open == "no"}
    for claim in facts.claims.values():
        path = ("claims", claim.id, "text")
        if claim.confidence == "low" and not any(word in claim.text.casefold() for word in unsure):
            hint = f"Word it with: {', '.join(facts.phrases.unconfirmed_words)}."
            yield problem(facts, path, "F043", f"{claim.id} is of low confidence and does not say so.", hint)
        if speaks.search(claim.text):
            for regime in facts.expand(claim.regimes):
                if regime in none:
                    message = f"{claim.id} speaks of objecting where there is no objection ({regime})."
                    yield problem(facts, path, "F043", message, "Write another sentence for that regime.")
    for event in facts.events.values():
        if event.confidence == "low" and not any(word in event.text.casefold() for word in unsure):
            path = ("events", event.id, "text")
            yield problem(
                facts, path, "F043", f"{event.id} is of low confidence and does not say so.", "Say it in the text."
            )


def summaries(facts: Facts) -> Iterator[Problem]:
    """Every regime has exactly one claim for each part of its summary, and the whole is short."""
    for regime in facts.regimes:
        length = 0
        for topic in SUMMARY:
            claims = [
                one for one in facts.claims.values() if one.topic == topic and regime in facts.expand(one.regimes)
            ]
            length += sum(len(one.text) + 3 for one in claims)
            if len(claims) > 1:
                message = f"{regime}: {claims[0].id} and {claims[1].id} both say {topic}."
                yield problem(facts, ("claims", claims[1].id), "F042", message, "Keep one of them for this regime.")
            if not claims:
                yield problem(
                    facts, ("regimes", regime), "F021", f"{regime} has no claim {topic}.", "Add one to claims.yaml."
                )
        if length > LONGEST_SUMMARY:
            message = f"the summary for {regime} has {length} characters."
            hint = f"Shorten its claims to {LONGEST_SUMMARY} together."
            yield problem(facts, ("regimes", regime), "F044", message, hint)


def contradictions(facts: Facts) -> Iterator[Problem]:
    """Two facts do not say opposite things."""
    for regime in facts.regimes.values():
        here = ("regimes", regime.id)
        if (regime.right == "yes") == (regime.letter == "request"):
            message = f"{regime.id}: the right is «{regime.right}», but the letter is «{regime.letter}»."
            hint = "Write objection or suspension where the right is yes, else request."
            yield problem(facts, (*here, "letter"), "F042", message, hint)
        if regime.right == "no" and (regime.laws or regime.deadline):
            yield problem(
                facts, (*here, "right"), "F042", f"{regime.id} has no right, but a law or time limit.", "Choose."
            )
        if regime.right == "no" and regime.forms_open != "no":
            yield problem(
                facts, (*here, "forms_open"), "F042", f"{regime.id} has no right, but an open form.", "Choose."
            )
        if regime.deadline and regime.deadline.number < 1:
            yield problem(facts, (*here, "deadline", "number"), "F012", "a time limit of nothing.", "Write 1 or more.")
    for claim in facts.claims.values():
        if (claim.topic == "situation") != bool(claim.situations):
            message = f"{claim.id}: situations belong to the topic situation, and it needs them."
            yield problem(facts, ("claims", claim.id), "F042", message, "Change the topic or the situations.")
    seen: dict[str, str] = {}
    for form in facts.forms.values():
        if form.url in seen:
            message = f"{form.id} has the same address as {seen[form.url]}."
            yield problem(facts, ("forms", form.id, "url"), "F042", message, "Keep one of them.")
        seen.setdefault(form.url, form.id)
    for ground in facts.grounds.values():
        if ground.request and ground.kind != "personal":
            message = f"{ground.id} is a legal reason and cannot stand in a request without law."
            yield problem(facts, ("grounds", ground.id, "request"), "F042", message, "Write request: no.")
    slots = Counter(one.slot for one in facts.follow_ups.values())
    for follow_up in facts.follow_ups.values():
        if slots[follow_up.slot] > 1:
            path = ("follow_ups", follow_up.id, "slot")
            yield problem(facts, path, "F042", f"two lists keep their answer in {follow_up.slot}.", "Rename one.")
    for authority in facts.authorities.values():
        if authority.company_first and authority.before is None:
            path = ("authorities", authority.id, "company_first")
            yield problem(facts, path, "F042", f"{authority.id}: before says what to ask the company.", "Add before.")


def opens(facts: Facts, form: Form, regime: str) -> str:
    """Say whether a form opens in a regime: yes, unknown or no."""
    if form.status == "gone":
        return "no"
    if regime in facts.expand(form.regions_unconfirmed) or form.regions == ("unknown",):
        return "unknown"
    return "yes" if form.regions == ("worldwide",) or regime in facts.expand(form.regions) else "no"


def forms_fit(facts: Facts) -> Iterator[Problem]:
    """A regime offers only forms that may open there; nothing that is gone is offered."""
    for regime in facts.regimes.values():
        offered: list[tuple[Path, str]] = [
            (("forms", product), name) for product, names in regime.forms.items() for name in names
        ]
        offered.append((("try_form",), regime.try_form))
        for key, name in offered:
            form = facts.forms[name]
            path = ("regimes", regime.id, *key)
            if opens(facts, form, regime.id) == "no":
                message = f"{name} does not open in {regime.id}."
                yield problem(facts, path, "F042", message, "Offer another form, or correct the regions of the form.")
            elif regime.forms_open == "no" and form.covers in ("linked_accounts", "account"):
                message = f"{name} is for own posts, but no such form opens in {regime.id}."
                yield problem(facts, path, "F042", message, "Offer the contact page instead.")
    for form in facts.forms.values():
        for number, name in enumerate(form.instead):
            if name == form.id or facts.forms[name].status == "gone":
                path = ("forms", form.id, "instead", number)
                yield problem(facts, path, "F042", f"{name} is no way out for {form.id}.", "Name another form.")


def unused_sources(facts: Facts) -> list[Problem]:
    """Find sources nothing rests on: worth a look, no error."""
    used = {name for _, names, _ in sourced(facts) for name in names}
    return [
        problem(
            facts, ("sources", name), "F050", f"nothing rests on the source {name}.", "Use or remove it.", "warning"
        )
        for name in facts.sources
        if name not in used
    ]
