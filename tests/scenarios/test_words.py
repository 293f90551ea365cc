"""What people really type is understood, at the questions where a wrong guess would hurt."""

from __future__ import annotations

from datetime import date

import pytest

from bot.engine.events import Unreadable
from bot.engine.model import Slot
from bot.engine.validate import read
from bot.texts import cldr
from tests.kit.shipped import NOW, Person, library

FINLAND = {"territory": "FI"}


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("it's for me", "accounts/ask"), ("I am 15", "under_18/ask"), ("I'm still a child", "under_18/ask"),
        ("15 years old", "under_18/ask"), ("my granddaughter", "parent/ask"), ("my 8 year old daughter", "parent/ask"),
        ("I don't have an account", "no_account/ask"), ("pictures of me", "no_account/ask"), ("our choir", "page/ask"),
        ("I paint", "creator/ask"), ("I am 70", "situation/ask"), ("for me, I'm 14", "situation/ask"),
    ],
)  # fmt: skip
def test_for_whom_is_understood_in_plain_words(text: str, state: str) -> None:
    assert Person(**FINLAND).says(text).session.state == state


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("mein Enkel", "parent/ask"), ("ich bin 15", "under_18/ask"), ("ich male", "creator/ask"),
        ("ich bin 70", "situation/ask"), ("ich habe kein Facebook", "no_account/ask"), ("unser Chor", "page/ask"),
    ],
)  # fmt: skip
def test_for_whom_is_understood_in_plain_german_words(text: str, state: str) -> None:
    assert Person("de", **FINLAND).says(text).session.state == state


@pytest.mark.parametrize("text", ["shorter", "too long", "make it shorter", "softer", "in English"])
def test_a_change_that_is_so_already_is_answered_as_such_and_changes_nothing(text: str) -> None:
    person = Person(**FINLAND).taps("own", "facebook", "done", "full", "no_reason")
    before = person.session.slots
    person.says(text)
    assert "That is so already" in person.text
    assert (person.session.state, person.session.slots) == ("draft/show", before)


def test_whoever_is_under_18_is_welcomed_once() -> None:
    person = Person(**FINLAND).taps("minor")
    assert "Good that you look after this" in person.text
    person.taps("protect")
    assert "Good that you look after this" not in person.text
    assert person.session.state == "under_18/ask"


@pytest.mark.parametrize("situation", ["no_account", "child"])
def test_nobody_is_told_that_it_is_about_what_they_share_where_it_is_about_what_others_share(situation: str) -> None:
    person = Person(**FINLAND).taps(situation, "others_post")
    assert "yes, you can say no" in person.text
    assert "what you share" not in person.text


@pytest.mark.parametrize("territory", ["US", "MX", "NG", "CA", "IN", "AU"])
def test_nobody_without_an_account_is_sent_to_a_page_that_wants_one(territory: str) -> None:
    person = Person(territory=territory).taps("no_account", "unsure")
    assert "try" not in person.choices
    person.taps("protect")
    assert "Set your profile" not in person.text
    assert "take them down" in person.text


def test_a_message_that_could_not_be_decrypted_is_asked_for_again() -> None:
    person = Person("en").does(Unreadable("encrypted"))
    assert person.text.startswith("I could not read that message. Please send it again.")
    assert Person("en").does(Unreadable("photo")).text.startswith("I can only read text.")


@pytest.mark.parametrize("language", library().catalogues.languages)
def test_a_date_is_understood_as_the_bot_itself_writes_one(language: str) -> None:
    asked = library().words(language, library().current().phrases["date_wanted"])
    months = library().months(language)
    slot = Slot("day", "date")
    assert read(slot, asked[-17:], NOW.date(), months) == "2026-12-24"
    for style in ("medium", "long", "full"):
        for month in range(1, 13):
            day = date(2026, month, 21)
            assert read(slot, cldr.date(day, language, style), NOW.date(), months) == day.isoformat()


@pytest.mark.parametrize("text", ["hm", "eh", "mm", "no", "ne", "um", "so"])
def test_a_sound_is_no_country(text: str) -> None:
    assert Person().says(text).session.state == "country/ask"


def test_a_code_is_a_country() -> None:
    assert Person().says("fi").session.slots["territory"] == "FI"
