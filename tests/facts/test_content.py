"""What the shipped facts may and may not say, whatever a later author changes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.facts import providers
from bot.facts.texts import texts
from tests.facts.kit import FOLDER, shipped

BACKGROUND = (
    "united_states",
    "canada",
    "australia",
    "india",
    "nigeria",
    "turkey",
    "japan",
    "rest",
    "europe_unconfirmed",
)
"""Regimes whose law is known from background knowledge only: none is cited there."""


def test_nothing_in_the_code_knows_the_company() -> None:
    for path in Path(providers.__file__).parent.glob("*.py"):
        text = path.read_text(encoding="utf-8").casefold()
        assert not re.search(r"\bmeta\b|facebook|instagram|whatsapp|threads|gdpr", text), path.name


@pytest.mark.parametrize("regime", BACKGROUND)
def test_no_law_and_no_time_limit_comes_from_background_knowledge(regime: str) -> None:
    record = shipped().regimes[regime]
    assert (record.laws, record.deadline, record.acknowledgement) == ({}, None, None)


def test_no_claim_or_event_names_an_article() -> None:
    facts = shipped()
    for text in [*(one.text for one in facts.claims.values()), *(one.text for one in facts.events.values())]:
        assert not re.search(r"\b(Art\.|Article \d|section \d|§)", text)


def test_the_right_is_honest_for_each_kind_of_place() -> None:
    rights = {one.id: one.right for one in shipped().regimes.values()}
    assert {name for name, right in rights.items() if right == "no"} == {"united_states", "australia", "india"}
    assert {name for name, right in rights.items() if right == "unknown"} == {"rest", "europe_unconfirmed"}
    assert {name for name, right in rights.items() if right == "partly"} == set(shipped().groups["partly"])


def test_nobody_is_told_that_no_right_exists_where_none_is_merely_known() -> None:
    facts = shipped()
    for claim in facts.claims.values():
        for regime in facts.expand(claim.regimes):
            if facts.regimes[regime].right == "unknown":
                assert "no right" not in claim.text.casefold()


def test_no_form_claims_to_have_been_opened_live() -> None:
    assert all(form.confirmed_live is None for form in shipped().forms.values())


def test_commands_for_the_companys_own_chat_are_shown_as_code() -> None:
    for place, text, _ in texts(shipped()):
        assert re.search(r"`/[a-z-]+`", text) or not re.search(r"(?<![\w`])/[a-z]", text), place


def test_profession_stays_the_persons_own_reason() -> None:
    profession = shipped().grounds["profession"]
    assert (profession.own_reason, profession.sources, profession.request) == (True, (), False)


def test_no_address_stands_in_a_text() -> None:
    for place, text, _ in texts(shipped()):
        assert not re.search(r"://|www\.", text), place


def test_every_text_has_a_place_of_its_own() -> None:
    places = [place for place, _, _ in texts(shipped())]
    assert len(places) == len(set(places))
    assert "meta_ai/facts/claims/since_eu/text" in places
    assert "meta_ai/facts/forms/fb_ai_objection/asks/email" in places
    assert "meta_ai/facts/sources/seed_article_2024/publisher" in places
    assert not any("dpo_contact" in place for place in places)


def test_every_placeholder_of_a_phrase_is_known_to_the_code() -> None:
    known = {"date", "newest", "source", "publisher", "via", "about", "place", "cite", "use", "link", "email", "phone"}
    known |= {"languages", "fields"}
    found = {name for place, text, _ in texts(shipped()) for name in re.findall(r"\{(\w+)\}", text)}
    assert found == known
    assert all("/phrases/" in place for place, text, _ in texts(shipped()) if "{" in text)


def test_the_readme_names_every_file() -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    for path in FOLDER.glob("*.yaml"):
        assert f"`{path.name}`" in readme
