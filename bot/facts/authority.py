"""Say how and where to complain."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.facts import choose
from bot.facts.cited import Say, claims
from bot.facts.models import Facts
from bot.facts.parts import DateValue, LinkValue, Part
from bot.facts.places import Authority
from bot.facts.territories import authorities_for, for_language, needs_subdivision


def authority_name(authority: Authority, language: str) -> str:
    """Name an authority in the person's language, else as it calls itself, as long as that is in Latin letters.

    An English name in a letter of another language would be nobody's: neither its own nor the reader's.
    """
    found = for_language(authority.names, language)
    if found or language.split("_")[0] == "en":
        return found or authority.name
    own = next((name for name in authority.names.values() if all(ord(letter) < 0x250 for letter in name)), None)
    return own or authority.name


def authority_details(
    facts: Facts,
    slots: Mapping[str, Any],
    say: Say,
    language: str,
    language_name: Callable[[str, str], str] | None,
) -> list[Part]:
    """Say how to complain: what first, where, in which languages, and how old these details are."""
    regime = choose.regime_of(facts, slots)
    if regime is None:
        return []
    found = [Part(claim.text) for claim in claims(facts, regime, "complaint")]
    listed = authorities_for(facts, slots)
    if not listed:
        # Where the part of the territory decides, nothing is known before it is asked.
        asked = isinstance(slots.get("subdivision"), str) or not needs_subdivision(facts, str(slots.get("territory")))
        return [*found, Part(facts.phrases.authority_none)] if asked else found
    for authority in listed:
        found += _one(facts, authority, say, language, language_name)
    checked = facts.authorities_head.checked_on.isoformat()
    return [*found, Part(facts.phrases.authority_checked, {"date": DateValue(checked)})]


def _one(
    facts: Facts, one: Authority, say: Say, language: str, language_name: Callable[[str, str], str] | None
) -> list[Part]:
    phrases = facts.phrases
    name = authority_name(one, language)
    title = f"{name} ({one.abbreviation})" if one.abbreviation else name
    found = [Part(phrases.path_head, {"place": title})]
    found += [Part(text) for text in (one.before, one.how, one.note) if text]
    for phrase, url in (
        (phrases.authority_form, one.form),
        (phrases.authority_info, one.info),
        (phrases.authority_site, one.website),
    ):
        if url:
            host = url.split("/")[2]
            found.append(Part(phrase, {"link": LinkValue(host, url)}, bullet=True))
    if one.email:
        found.append(Part(phrases.authority_email, {"email": one.email}, bullet=True))
    if one.phone:
        more = (Part(one.phone_note),) if one.phone_note else ()
        found.append(Part(phrases.authority_phone, {"phone": one.phone}, bullet=True, after=more))
    if language_name is not None:
        names = ", ".join(language_name(code, language) for code in one.languages)
        found.append(Part(phrases.authority_languages, {"languages": names}, bullet=True))
    if one.language_note:
        found.append(Part(one.language_note, bullet=True))
    if one.post:
        found += [Part(phrases.authority_post), Part("", code="\n".join((name, *one.post)))]
    if one.check_again:
        again = ", ".join(say(phrases.fields[key]) for key in one.check_again)
        found.append(Part(phrases.authority_again, {"fields": again}))
    if one.confidence == "medium":
        found.append(Part(phrases.authority_medium))
    return found
