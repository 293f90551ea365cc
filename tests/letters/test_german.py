"""The shipped letters with the shipped German catalogue: nothing stays English, and the short form stays short."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from itertools import product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.engine.effects import Value
from bot.engine.providers import Scope
from bot.letters.compose import length
from bot.letters.models import texts
from bot.texts.plain import to_plain
from tests.kit.shipped import loaded

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TERRITORIES = ("AT", "BR", "CH", "DE", "GB", "GI", "IN", "JP", "KE", "KR", "RS", "TR", "US", "ZA")
SITUATIONS = ("own", "minor", "child", "no_account", "page", "creator")
PRODUCTS = ("facebook", "instagram", "threads", "whatsapp", "meta_account", "third_party")
CASES = {
    "outside_case": ("others_post", "ai_answer", "own_site", "unsure"),
    "child_case": ("own_account", "i_post", "others_post", "several"),
}
ENGLISH = re.compile(r"\b(the|and|you|your|I|my|with|not|this|that|of|to|is|are|it)\b")
OWN = "Ω"
"""Stands for every character of a person's own words, so that these can be told from ours."""


def offered(territory: str) -> tuple[str, ...]:
    return tuple(loaded().registry.lists["grounds"].ids(Scope({"territory": territory}, NOW, "de")))


def block(name: str, slots: dict[str, Value]) -> str:
    return to_plain(loaded().registry.blocks[name].get(Scope(slots, NOW, "de")))


def value(name: str, slots: dict[str, Value]) -> object:
    return loaded().registry.values[name].get(Scope(slots, NOW, "de"))


def ours(text: str, slots: dict[str, Value]) -> str:
    """Take away what is a name: addresses, controllers, authorities and the person's own words."""
    names = {line for one in loaded().facts.controllers.values() for line in (*one.post, one.name)}
    text = "\n".join(line for line in text.split("\n") if line not in names)
    return text.replace(str(value("authority", slots)), "").replace(OWN, "")


@st.composite
def choices(draw: st.DrawFn) -> dict[str, Value]:
    """Answer everything that a letter may ask for, with up to three grounds and 400 characters of own words."""
    territory = draw(st.sampled_from(TERRITORIES))
    slots: dict[str, Value] = {
        "territory": territory,
        "situation": draw(st.sampled_from(SITUATIONS)),
        "accounts": tuple(draw(st.lists(st.sampled_from(PRODUCTS), unique=True))),
        "grounds": tuple(draw(st.lists(st.sampled_from(offered(territory)), unique=True, max_size=3))),
        "tone": draw(st.sampled_from(("polite", "firm"))),
        **{name: draw(st.sampled_from(ids)) for name, ids in CASES.items()},
    }
    for follow_up in loaded().facts.follow_ups.values():
        slots[follow_up.slot] = tuple(draw(st.lists(st.sampled_from(tuple(follow_up.options)), unique=True)))
    if words := draw(st.integers(0, 400)):
        slots["own_words"] = OWN * words
    return slots


FULL: dict[str, Value] = {
    "territory": "DE", "situation": "child", "accounts": PRODUCTS, "tone": "firm", "child_case": "several",
    "grounds": ("sensitive", "third_persons", "profession"), "sensitive_kind": ("union",), "people": ("family",),
    "profession": ("medical",), "own_words": OWN * 400,
}  # fmt: skip


@settings(max_examples=60)
@given(choices())
@example(FULL)
@example({**FULL, "territory": "GB"})
@example({**FULL, "territory": "BR", "situation": "page"})
@example({**FULL, "territory": "US", "situation": "no_account"})
def test_a_german_letter_fits_the_form_box_and_has_no_english_in_it(slots: dict[str, Value]) -> None:
    short, long = block("draft_short", slots), block("draft_long", slots)
    assert length(short) <= 900
    for text in (short, long):
        assert str(slots.get("own_words", "")) in text
        assert not ENGLISH.search(ours(text, slots)), ENGLISH.search(ours(text, slots))
        assert "{" not in text


def slot_of(ground: str) -> str:
    facts = loaded().facts
    return facts.follow_ups[facts.grounds[ground].follow_up or ""].slot


def answers(ground: str) -> tuple[str | None, ...]:
    return None, *loaded().letters.follow_ups[slot_of(ground)]


def briefest(ground: str, answer: str | None) -> tuple[int, str, str, str | None]:
    """Count the German characters that an argument never goes below."""
    letters = loaded().letters
    slot = slot_of(ground)
    follow_up = letters.follow_ups[slot][answer].brief if answer else None
    briefs = [follow_up] if follow_up else [one.text("brief") for one in letters.reasons[ground].values()]
    return max(len(loaded().catalogues.label("de", brief or "")) for brief in briefs), ground, slot, answer


@pytest.mark.parametrize("territory", TERRITORIES)
def test_the_longest_german_arguments_fit_beside_four_hundred_characters_and_a_long_name(territory: str) -> None:
    """Take the three grounds that say most at their briefest, alone or with one follow-up, in every situation."""
    said = [briefest(ground, answer) for ground in offered(territory) for answer in answers(ground)]
    said.sort(key=lambda one: -one[0])
    longest: dict[str, tuple[str, str | None]] = {}
    for _, ground, slot, answer in said:
        if ground not in longest and slot not in {one for one, _ in longest.values()} and len(longest) < 3:
            longest[ground] = slot, answer
    for situation, tone in product(SITUATIONS, ("polite", "firm")):
        slots: dict[str, Value] = {
            "territory": territory, "situation": situation, "tone": tone, "accounts": PRODUCTS, "child_case": "several",
            "grounds": tuple(longest), "own_words": OWN * 400, "person_name": "N" * 80,
            **{slot: answer for slot, answer in longest.values() if answer},
        }  # fmt: skip
        assert length(block("draft_short", slots)) <= 900, (situation, tone)


def test_every_text_of_the_letters_and_every_citation_is_said_in_german() -> None:
    said = {text: place for place, text, _ in texts(loaded().letters, "meta_ai")}
    said |= {law.cite: "laws" for regime in loaded().facts.regimes.values() for law in regime.laws.values()}
    for text, place in said.items():
        if re.search(r"[A-Za-z]", re.sub(r"\{\w+\}", "", text)) and not place.startswith("meta_ai/letters/names/"):
            assert loaded().catalogues.label("de", text) != text, place


def test_german_letters_cite_laws_as_german_readers_do() -> None:
    for territory, law in (("DE", "Art. 21 Abs. 1 DSGVO"), ("GB", "Art. 21 Abs. 1 UK-DSGVO"), ("CH", "lit. b DSG")):
        for name in ("draft_short", "draft_long"):
            assert law in block(name, {"territory": territory, "situation": "own"})
    assert "bis zum 23. Dezember 2026 (Art. 12 Abs. 3 DSGVO)" in block(
        "draft_long", {"territory": "DE", "situation": "own"}
    )


@pytest.mark.parametrize("tone", ["polite", "firm"])
def test_german_letters_say_sie_to_the_company_and_du_only_in_what_is_to_be_filled_in(tone: str) -> None:
    familiar = re.compile(r"\b([Dd]u|[Dd]ich|[Dd]ir|[Dd]ein\w*)\b")
    for territory, situation in product(TERRITORIES, SITUATIONS):
        for grounds in (offered(territory)[:3], offered(territory)[-3:]):
            slots: dict[str, Value] = {
                "territory": territory, "situation": situation, "tone": tone, "grounds": grounds,
            }  # fmt: skip
            letter = re.sub(r"\[[^]]*\]", "", block("draft_long", slots))
            assert not familiar.search(letter), familiar.search(letter)
            assert re.search(r"\bSie\b", letter)


@pytest.mark.parametrize("situation", SITUATIONS)
def test_a_german_request_claims_no_right(situation: str) -> None:
    for territory, tone in product(("US", "IN", "KE", "JP"), ("polite", "firm")):
        for ground in offered(territory):
            slots: dict[str, Value] = {
                "territory": territory, "situation": situation, "tone": tone, "grounds": (ground,),
            }  # fmt: skip
            for name in ("draft_short", "draft_long"):
                text = block(name, slots)
                assert not re.search(r"[Ww]iderspr|Art\.|§|DSGVO|\b(mein|ein) Recht\b", text), (territory, ground)


def test_the_shortest_german_arguments_differ_by_more_than_a_word() -> None:
    said = {
        "/".join(path): set(re.findall(r"\w+", loaded().catalogues.label("de", sizes.brief)))
        for path, sizes in loaded().letters.sizes()
        if path[0] in ("reasons", "follow_ups") and sizes.brief
    }
    for (one, words), (other, compared) in product(said.items(), repeat=2):
        if one < other and (one.startswith("follow_ups") or one.split("/")[1] != other.split("/")[1]):
            assert len(words ^ compared) > 1, (one, other)


def test_the_text_to_forward_says_du_and_carries_the_link() -> None:
    with_right, without = (block("share_text", {"territory": one, "situation": "own"}) for one in ("DE", "US"))
    assert "Melde dich" in with_right
    assert "Recht" in with_right
    assert "Recht" not in without
    for text in (with_right, without):
        assert text.count("https://") == 1
        assert not ENGLISH.search(re.sub(r"https\S+", "", text))
