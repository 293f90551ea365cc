"""The shipped letters with the shipped facts: what must hold whatever a person chooses."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.engine.effects import Value
from bot.engine.providers import Registry, Scope
from bot.facts.load import load_facts
from bot.facts.models import Facts
from bot.facts.providers import register as register_facts
from bot.letters.case import read_case
from bot.letters.compose import Letter, compose, length
from bot.letters.from_facts import company_facts
from bot.letters.load import Source, check, load
from bot.letters.models import texts
from bot.texts.locale_data import locale
from tests.letters.kit import longer, same, scope

PACK = Path(__file__).parents[2] / "dialogs" / "meta_ai"

SITUATIONS = ("own", "minor", "child", "no_account", "page", "creator")
PRODUCTS = ("facebook", "instagram", "threads", "whatsapp", "meta_account", "third_party")
CASES = {
    "outside_case": ("others_post", "ai_answer", "own_site", "unsure"),
    "child_case": ("own_account", "i_post", "others_post", "several"),
}
WITH_LAW = {"DE": "GDPR Art. 21(1)", "GB": "UK GDPR Art. 21(1)", "CH": "FADP", "BR": "LGPD", "KR": "PIPA"}
WITHOUT_LAW = ("AD", "AU", "CA", "GI", "IN", "JP", "KE", "MX", "NG", "TR", "US", "XK")


@cache
def facts() -> Facts:
    return load_facts(PACK / "facts")


@cache
def source() -> Source:
    return load(PACK / "letters")


@cache
def registry() -> Registry:
    filled = Registry()
    register_facts(filled, facts(), same, lambda one, language: str(locale(language).territories.get(one, one)))
    return filled


def letter(language: str = "en", /, **slots: Value) -> Letter:
    return written(scope(language, **slots))


def written(scope: Scope, kind: str = "objection") -> Letter:
    letters = source().letters
    case = read_case(scope, registry(), letters, company_facts(facts(), registry()))
    return compose(letters, kind, case, longer)


def words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text))


def arguments(ground: str) -> dict[str, str]:
    """List the follow-up answers of a ground with the sentence each one brings."""
    slot = company_facts(facts(), registry()).asks[ground]
    return {one: sizes.full or "" for one, sizes in source().letters.follow_ups[slot].items()}


@st.composite
def choices(draw: st.DrawFn) -> dict[str, Value]:
    """Answer everything that a letter may ask for, in any combination."""
    territory = draw(st.sampled_from((*WITH_LAW, *WITHOUT_LAW, "ZA")))
    offered = registry().lists["grounds"].ids(scope(territory=territory))
    slots: dict[str, Value] = {
        "territory": territory,
        "situation": draw(st.sampled_from(SITUATIONS)),
        "accounts": tuple(draw(st.lists(st.sampled_from(PRODUCTS), unique=True))),
        "grounds": tuple(draw(st.lists(st.sampled_from(offered), unique=True, max_size=3))),
        "tone": draw(st.sampled_from(("polite", "firm"))),
    }
    for name, ids in CASES.items():
        slots[name] = draw(st.sampled_from(ids))
    for follow_up in facts().follow_ups.values():
        slots[follow_up.slot] = tuple(draw(st.lists(st.sampled_from(tuple(follow_up.options)), unique=True)))
    own_words = draw(
        st.one_of(st.just(""), st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"]), max_size=500))
    )
    if own_words.strip():
        slots["own_words"] = own_words
    name = draw(st.sampled_from(("", "Ann", "<b>{x}</b>", "**me**", "N" * 80)))
    if name:
        slots["person_name"] = name
    return slots


LONGEST: dict[str, Value] = {
    "territory": "GB", "situation": "child", "accounts": PRODUCTS, "tone": "firm", "child_case": "several",
    "grounds": ("sensitive", "expectation", "third_persons"), "sensitive_kind": ("health",), "audience": ("followers",),
    "people": ("family",), "own_words": "w" * 500, "person_name": "N" * 80,
}  # fmt: skip


@settings(max_examples=60)
@given(choices())
@example(LONGEST)
@example({**LONGEST, "territory": "CH"})
@example({**LONGEST, "territory": "BR", "situation": "page"})
@example({**LONGEST, "territory": "US", "situation": "no_account"})
@example({**LONGEST, "territory": "AD", "situation": "creator"})
def test_every_combination_fits_keeps_peoples_words_and_names_no_law_without_a_source(slots: dict[str, Value]) -> None:
    english, wordy = letter("en", **slots), letter("de", **slots)
    own = str(slots.get("own_words", ""))
    name = str(slots.get("person_name", "[your name]"))
    for made in (english, wordy):
        assert made.fits or length(own) > 500  # characters beyond the basic plane count twice
        assert len(made.short) <= made.length
        assert made.fits is (made.length <= 900)
    for text in (english.short, english.long):
        ours = text.replace(" ".join(own.split()), "") if own.strip() else text
        assert " ".join(own.split()) in text
        assert name in text
        rest = ours.replace(name, "")
        assert "{" not in rest
        assert "}" not in rest
        assert not re.search(r"https?:", rest)
        if slots["territory"] in WITHOUT_LAW:
            assert not re.search(r"\b(Art|Article|section|sections|§|s)\b\.? ?\d", rest)
            assert not re.search(r"GDPR|FADP|LGPD|PIPA|POPIA|APPI|Act\b", rest)
    assert ("[your name]" in english.long) is ("person_name" not in slots)
    assert letter("en", **slots) == english
    if slots["grounds"] and slots["situation"] != "child":
        assert_says_only_what_was_chosen(english, slots)


def assert_says_only_what_was_chosen(made: Letter, slots: dict[str, Value]) -> None:
    asks = company_facts(facts(), registry()).asks
    chosen = slots["grounds"]
    assert isinstance(chosen, tuple)
    for slot, answers in source().letters.follow_ups.items():
        asked = any(asks[ground] == slot for ground in chosen)
        given_ids = slots.get(slot, ())
        assert isinstance(given_ids, tuple)
        for one, sizes in answers.items():
            for _, text in sizes.texts():
                if not (asked and one in given_ids):
                    assert text not in made.short
                    assert text not in made.long
    for ground, versions in source().letters.reasons.items():
        if ground not in chosen:
            for version in versions.values():
                for _, text in version.texts():
                    assert text not in made.long


BASE: dict[str, Value] = {"territory": "DE", "situation": "own", "accounts": ("facebook",), "grounds": ("sensitive",)}


@pytest.mark.parametrize(
    "change",
    [
        {"tone": "firm"},
        {"grounds": ("creator",)},
        {"grounds": ()},
        {"sensitive_kind": "health"},
        {"own_words": "My brother asked the same in spring, in vain."},
        *({"situation": situation} for situation in SITUATIONS[1:]),
        {"situation": "no_account", "outside_case": "ai_answer"},
        {"situation": "child", "child_case": "others_post"},
        {"territory": "CH"},
        {"territory": "US"},
        {"territory": "KR"},
    ],
    ids=str,
)
def test_another_choice_changes_the_argument_in_both_lengths(change: dict[str, Value]) -> None:
    before, after = letter(**BASE), letter(**{**BASE, **change})
    assert len(words(before.short) ^ words(after.short)) > 2
    assert len(words(before.long) ^ words(after.long)) > 2


@pytest.mark.parametrize("territory", ["DE", "BR", "KR", "US"])
@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("tone", ["polite", "firm"])
def test_no_two_grounds_and_no_two_follow_ups_say_the_same(territory: str, situation: str, tone: str) -> None:
    made: dict[str, str] = {}
    for ground in registry().lists["grounds"].ids(scope(territory=territory)):
        slot = company_facts(facts(), registry()).asks[ground]
        for answer in ("", *arguments(ground)):
            slots: dict[str, Value] = {
                "territory": territory,
                "situation": situation,
                "tone": tone,
                "grounds": (ground,),
            }
            made[f"{ground}/{answer}"] = letter(**slots, **({slot: answer} if answer else {})).short
    for one, text in made.items():
        for other, compared in made.items():
            if one < other:
                assert len(words(text) ^ words(compared)) > 1, (one, other)


def test_even_the_shortest_arguments_differ_by_more_than_a_word() -> None:
    briefs = {
        "/".join(path): sizes.brief
        for path, sizes in source().letters.sizes()
        if path[0] in ("reasons", "follow_ups") and sizes.brief
    }
    for one, text in briefs.items():
        for other, compared in briefs.items():
            if (one < other and one.split("/")[:2] != other.split("/")[:2]) or (
                one < other and one.startswith("follow_ups")
            ):
                assert len(words(text) ^ words(compared)) > 1, (one, other)


@pytest.mark.parametrize(("territory", "law"), WITH_LAW.items())
def test_where_the_facts_carry_the_law_the_letter_names_it(territory: str, law: str) -> None:
    made = letter(territory=territory, situation="own", grounds=("expectation",))
    assert law in made.short
    assert law in made.long


def test_a_time_limit_is_named_only_where_the_facts_have_one() -> None:
    germany = letter(territory="DE", situation="own")
    assert "by 23 December 2026 (GDPR Art. 12(3))" in germany.long
    assert "December" not in letter(territory="BR", situation="own").long
    assert "December" not in letter(territory="US", situation="own").long


def test_the_address_and_the_country_stand_in_the_long_letter() -> None:
    made = letter(territory="DE", situation="own")
    assert "\nGermany\n" in made.long
    assert "\n".join(facts().controllers["meta_ireland"].post) in made.long
    assert "\n23 November 2026\n" in made.long


def test_a_firm_letter_says_what_follows_without_a_threat_or_an_insult() -> None:
    firm = letter(territory="DE", situation="own", tone="firm", grounds=("expectation",))
    assert "authority" in firm.long
    assert "compelling legitimate grounds" in firm.long
    for made in (firm, letter(territory="US", situation="own", tone="firm")):
        assert not re.search(r"sue|court|lawyer|police|damages|shame|liar|steal", made.short.replace("issue", ""))


def test_a_firm_letter_names_the_authority_where_one_is_known() -> None:
    france = letter(territory="FR", situation="own", tone="firm")
    name = str(registry().values["authority"].get(scope(territory="FR")))
    assert f"complaint (GDPR Art. 77) and add this letter to it. The authority for it is – {name}." in france.long
    assert name not in letter(territory="FR", situation="own", tone="polite").long


@pytest.mark.parametrize("tone", ["polite", "firm"])
@pytest.mark.parametrize("situation", SITUATIONS)
def test_a_request_claims_no_right(situation: str, tone: str) -> None:
    for territory in ("US", "IN", "AU", "CA", "JP", "KE"):
        for ground in registry().lists["grounds"].ids(scope(territory=territory)):
            slot = company_facts(facts(), registry()).asks[ground]
            slots: dict[str, Value] = {slot: tuple(arguments(ground))}
            made = letter(territory=territory, situation=situation, tone=tone, grounds=(ground,), **slots)
            for text in (made.short, made.long):
                assert "object" not in text.lower()
                assert not re.search(r"\b(my|a) (rights?|legal)\b", text)


def test_the_text_to_forward_has_one_link_and_speaks_of_a_right_only_where_there_is_one() -> None:
    with_right, without = (written(scope(territory=one, situation="own"), "share").short for one in ("DE", "US"))
    assert facts().forms["fb_ai_objection"].url in with_right
    assert "a right" in with_right
    assert facts().forms["privacy_hub"].url in without
    assert "right" not in without


def test_the_letters_fit_the_facts_and_the_dialogs() -> None:
    slots: dict[str, tuple[str, ...]] = {
        "situation": SITUATIONS, "accounts": PRODUCTS, "tone": ("polite", "firm"), "own_words": (),
        "grounds": registry().lists["grounds"].every, **CASES,
        **{follow_up.slot: tuple(follow_up.options) for follow_up in facts().follow_ups.values()},
    }  # fmt: skip
    roles = company_facts(facts(), registry()).roles
    assert [str(problem) for problem in check(source(), registry(), slots, roles)] == []


def test_no_text_of_the_letters_has_a_number_or_an_address_of_its_own() -> None:
    for place, text, _ in texts(source().letters, "meta_ai"):
        if "unlawful_basis_br" not in place and "who/minor" not in place:
            assert not re.search(r"\d|www|@", text), place
