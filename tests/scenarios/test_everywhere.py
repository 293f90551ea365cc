"""Every territory, every situation, every language: the right branch, true first words, nothing broken."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot.texts.telegram import to_telegram
from bot.texts.tree import Message
from tests.kit.shipped import Person, library, loaded

SITUATIONS = ("own", "minor", "child", "no_account", "page", "creator")
LANGUAGES = ("en", "de")
_BROKEN = re.compile(r"\{[a-z_]+\}|\{\{|\*\*|\]\(")


def whole(message: Message) -> None:
    """A message is filled in, fits every network and offers no two equal answers."""
    text = "\n".join(to_telegram(message.body)) if message.body else ""
    assert not _BROKEN.search(text), text
    labels = [choice.label for choice in message.choices]
    assert len(labels) == len(set(labels)), labels
    assert all(label.strip() for label in labels)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_territory_has_a_summary_that_is_short_and_starts_truly(language: Any) -> None:
    first: dict[str, set[str]] = {}
    for territory in library().registry.lists["territories"].every:
        person = Person(language, territory=territory).taps("own")
        for message in person.messages:
            whole(message)
        summary = next(message for message in person.messages if message.body and message.kind != "notice")
        right = person.library.registry.values["right"].get(_scope(person))
        first.setdefault(str(right), set()).add(person.text.split(".")[0])
        assert len(to_telegram(summary.body)[0]) <= 900, person.text
    assert set(first) == {"yes", "no", "partly", "unknown"}


def _scope(person: Person) -> Any:
    from bot.engine.providers import Scope

    return Scope(person.session.slots, person.now, person.session.language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("situation", SITUATIONS)
def test_every_situation_is_answered_in_every_regime(language: Any, situation: Any) -> None:
    one_of_each: dict[str, str] = {}
    for place in loaded().facts.territories.values():
        one_of_each.setdefault(place.regime, place.id)
    for regime, territory in one_of_each.items():
        person = Person(language, territory=territory).taps(situation)
        assert person.messages, (regime, situation)
        for message in person.messages:
            whole(message)


def test_nobody_is_told_they_have_no_right_where_we_merely_know_of_none() -> None:
    for territory in loaded().facts.territories.values():
        right = loaded().facts.regimes[territory.regime].right
        if right == "unknown":
            text = Person("en", territory=territory.id).taps("own").text.lower()
            assert "you have no right" not in text
            assert "we know of no" in text or "could not confirm" in text or "i know of no" in text, text


@pytest.mark.parametrize("territory", ["US", "AU", "IN"])
def test_where_there_is_no_right_nothing_is_dressed_up_as_one(territory: Any) -> None:
    person = Person("en", territory=territory).taps("own")
    assert "6359191084165019" not in " ".join(person.links)
    assert "no" in person.text.lower().split()


def test_four_questions_to_the_right_link() -> None:
    person = Person("en").says("Germany").taps("own").says("facebook")
    person.taps("link")
    assert any("facebook.com/help/contact/6359191084165019" in link for link in person.links)


def test_the_full_way_takes_at_most_nine_questions() -> None:
    person = Person("en").says("Germany").taps("own").says("facebook").taps("full")
    questions = 4
    drafted = False
    while not any("facebook.com/help/contact" in link for link in person.links):
        questions += 1
        drafted = drafted or any(message.kind == "draft" for message in person.messages)
        choices = person.choices
        if "sensitive" in choices and "expectation" in choices:
            person.says("1, 2")
        elif "take" in choices or "ok" in choices or "good" in choices:
            person.taps(next(one for one in ("take", "ok", "good") if one in choices))
        else:
            person.says("1")
        assert questions <= 9, person.text
    assert drafted
