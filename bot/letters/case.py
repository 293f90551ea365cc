"""Gather what a letter may say: answers from the slots, everything about the law and the company from the facts.

Slots read here: `territory`, `accounts`, `grounds`, `own_words`, `person_name`, `letter_language`, `sent_on`; the
conditions in the letters read further ones by name (`situation`, `tone`, `outside_case` …).
Values read from the registry: `controller`, `company`, `authority`, `deadline`; list `grounds`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.engine.conditions import Lookup
from bot.engine.effects import Value
from bot.engine.providers import Registry, Scope
from bot.letters.compose import Case, Chosen, Fill, Msg
from bot.letters.models import Letters
from bot.texts.clean import clean
from bot.texts.languages import SOURCE
from bot.texts.locale_data import locale

READS = frozenset(
    {
        "territory",
        "situation",
        "accounts",
        "grounds",
        "own_words",
        "person_name",
        "letter_language",
        "length",
        "sent_on",
    }
)
"""Slots that letters read by name; their conditions and follow-up answers read further ones."""


@dataclass(frozen=True, slots=True)
class CompanyFacts:
    """What letters need from the facts beside the registry's values."""

    laws: Callable[[Scope], Mapping[str, str]]
    """role -> provision as it is cited (`objection` -> `GDPR Art. 21(1)`): sourced ones of the person's regime only."""
    address: Callable[[Scope], Sequence[str]]
    """Lines of the address a letter goes to; empty where none is known."""
    share_link: Callable[[Scope], str | None]
    """Address of the page that a friend in the same place should open."""
    asks: Mapping[str, str]
    """ground -> slot of its follow-up question"""
    roles: frozenset[str] = frozenset()
    """Every role there is, for the checks."""


def one_paragraph(text: str) -> str:
    """Keep a person's words as they are, without line breaks and without characters that trick eyes."""
    return " ".join(clean(text).split())


def letter_language(scope: Scope) -> str:
    """Tell in which language the letter is written: the person's, or English if they chose so."""
    return SOURCE if scope.slots.get("letter_language") == "english" else scope.language


def read_case(scope: Scope, registry: Registry, letters: Letters, facts: CompanyFacts) -> Case:
    """Gather the case. A ground that is no longer offered (the country was changed) is left out."""
    language = letter_language(scope)
    scope = replace(scope, language=language)
    today = scope.now.date()
    offered = set(registry.lists["grounds"].ids(scope)) if "grounds" in registry.lists else set()
    grounds = tuple(ground for ground in _ids(scope.slots.get("grounds")) if ground in offered)
    own_words = one_paragraph(_text(scope.slots.get("own_words")))
    territory = _text(scope.slots.get("territory"))

    # The letter goes out today, whatever was sent before, so its own time limit begins today.
    dated = replace(scope, slots={**scope.slots, "sent_on": today.isoformat()})
    values: dict[str, Fill | None] = {
        "name": one_paragraph(_text(scope.slots.get("person_name"))) or Msg(_no_name(letters)),
        "own_words": own_words or None,
        "date": today,
        "sent_on": _date(scope.slots.get("sent_on")),
        "answer_by": _date(_value(registry, "deadline", dated)),
        "accounts": Chosen("accounts", _ids(scope.slots.get("accounts"))),
        "country": locale(language).territories.get(territory),
        "company": _text(_value(registry, "company", scope)) or None,
        "controller": _text(_value(registry, "controller", scope)) or None,
        "authority": _text(_value(registry, "authority", scope)) or None,
        "address": "\n".join(facts.address(scope)) or None,
        "share_link": facts.share_link(scope),
        **{f"law_{role}": Msg(cite) for role, cite in facts.laws(scope).items()},
    }
    return Case(
        language=language,
        lookup=_lookup(scope, registry, {"grounds": grounds or None, "own_words": own_words or None}),
        values={name: value for name, value in values.items() if value is not None},
        grounds=grounds,
        asks=facts.asks,
        territory=territory,
    )


def _lookup(scope: Scope, registry: Registry, own: Mapping[str, Value | None]) -> Lookup:
    def lookup(name: str) -> Value | None:
        if name in own:
            return own[name]
        if name in scope.slots:
            return scope.slots[name]
        return _value(registry, name, scope)

    return lookup


def _value(registry: Registry, name: str, scope: Scope) -> Value | None:
    provider = registry.values.get(name)
    return provider.get(scope) if provider else None


def _text(value: Value | None) -> str:
    return value if isinstance(value, str) else ""


def _ids(value: Value | None) -> tuple[str, ...]:
    if isinstance(value, tuple):
        return value
    return (value,) if isinstance(value, str) and value else ()


def _date(value: Value | None) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _no_name(letters: Letters) -> str:
    return next((text for version in letters.parts["no_name"].values() for _, text in version.texts()), "[…]")
