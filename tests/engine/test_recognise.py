"""From what a person wrote to an answer id: never guessed between near neighbours."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.recognise import NOTHING, build, normalise, number, recognise

WORDS = build([
    {"fb": ["Facebook"], "wa": ["WhatsApp, chats with AI"], "art": ["Art and drawings"], "text": ["Texts and art"],
     "IR": ["Iran"], "IQ": ["Iraq"], "DE": ["Germany", "🇩🇪"], "GW": ["Guinea-Bissau"], "GN": ["Guinea"]},
])  # fmt: skip
ALL = ("fb", "wa", "art", "text", "IR", "IQ", "DE", "GW", "GN")


def ids(text: str, shown: tuple[str, ...] = (), negations: tuple[str, ...] = ()) -> tuple[str, ...]:
    return recognise(text, WORDS, shown, ALL, negations).ids


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("facebook", ("fb",)), ("FACEBOOK!!", ("fb",)), ("on facebook please", ("fb",)), ("facebok", ("fb",)),
        ("whatsapp", ("wa",)), ("art", ("art", "text")), ("ira", ()), ("irak", ("IQ", "IR")), ("iran", ("IR",)),
        ("germny", ("DE",)), ("🇩🇪", ("DE",)), ("guinea", ("GN",)), ("guinea bissau", ("GW",)), ("blub", ()),
        ("", ()), ("  ", ()), ("x" * 300, ()), ("facebook or germany", ("fb", "DE")),
    ],
)  # fmt: skip
def test_words_are_understood(text: Any, expected: Any) -> None:
    assert set(ids(text)) == set(expected)


def test_numbers_count_along_what_is_shown() -> None:
    assert ids("2", ("fb", "wa")) == ("wa",)
    assert ids("3", ("fb", "wa")) == ()
    assert ids("0", ("fb", "wa")) == ()


def test_what_is_not_allowed_now_is_not_understood() -> None:
    assert recognise("facebook", WORDS, (), ("wa",)).ids == ()


def test_a_negation_makes_it_unsure() -> None:
    found = recognise("not facebook", WORDS, (), ALL, ("not",))
    assert found.ids == ("fb",)
    assert not found.sure


def test_a_no_that_is_itself_a_word_of_the_answer_does_not_turn_it_round() -> None:
    words = build([{"other": ["no", "another way"], "yes": ["yes"]}])
    found = recognise("no, another way", words, (), ("other", "yes"), ("no", "not"))
    assert (found.ids, found.sure) == (("other",), True)
    assert not recognise("not another way", words, (), ("other", "yes"), ("no", "not")).sure


def test_an_age_is_never_taken_for_another_age() -> None:
    words = build([{"minor": ["I am 17", "17"], "adult": ["for me"]}])
    assert recognise("I am 70", words, (), ("minor", "adult")) == NOTHING
    assert recognise("I am just 17 now", words, (), ("minor", "adult")).ids == ("minor",)
    assert set(recognise("for me, I'm 17", words, (), ("minor", "adult")).ids) == {"minor", "adult"}


def test_nothing_is_nothing() -> None:
    assert recognise("?", WORDS, (), ALL) == NOTHING


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Österreich!", "osterreich"), ("Straße", "strasse"), ("ÇA VA", "ca va"), ("Don't", "dont"), ("a\u200bb", "ab"),
     ("Ａ１", "a1"), ("🇩🇪", "🇩🇪"), ("🇩🇪 Germany", "germany"), ("Côte d’Ivoire", "cote divoire"), ("  a  b ", "a b")],
)  # fmt: skip
def test_words_are_folded(text: Any, expected: Any) -> None:
    assert normalise(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2", 2), ("２", 2), ("٢", 2), ("#2", 2), ("2.", 2), ("(2)", 2), ("2)", 2), ("2️⃣", 2),
     ("²", None), ("1_000", None),
     ("1e3", None), ("-1", None), ("nan", None), ("9" * 10, None), ("", None), ("१२", 12)],
)  # fmt: skip
def test_U04_numbers_have_a_grammar_of_their_own(text: Any, expected: Any) -> None:
    assert number(text) == expected


@given(st.text(max_size=200))
def test_any_text_is_recognised_or_not_but_never_fails(text: Any) -> None:
    found = recognise(text, WORDS, ALL, ALL, ("not",))
    assert set(found.ids) <= set(ALL)
    normalise(text)
    number(text)
