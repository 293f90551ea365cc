from __future__ import annotations

from pathlib import Path

import pytest

from bot.checks.glossary import Term, read_glossary
from bot.texts.languages import normalise

PATH = Path(__file__).resolve().parents[2] / "locales" / "glossary.yaml"
GLOSSARY, PROBLEMS = read_glossary("glossary.yaml", PATH.read_text("utf-8"))
TERMS = {term.id: term for term in GLOSSARY.terms}


def test_the_glossary_can_be_read() -> None:
    assert PROBLEMS == []
    assert len(TERMS) >= 20


@pytest.mark.parametrize("term", GLOSSARY.terms, ids=lambda term: term.id)
def test_every_term_is_explained_and_has_its_german_word(term: Term) -> None:
    assert term.about
    assert {"en", "de"} <= term.words.keys()
    assert {*term.words, *term.avoid} == {normalise(language) for language in (*term.words, *term.avoid)}


@pytest.mark.parametrize("term", GLOSSARY.terms, ids=lambda term: term.id)
def test_the_form_that_stands_first_is_one_the_check_accepts_and_does_not_forbid(term: Term) -> None:
    for language, words in term.shown.items():
        first = words.split(",")[0]
        assert "*" not in first
        assert term.words[language].search(f"– {first}."), (language, first)
        assert language not in term.avoid or not term.avoid[language].search(first)


@pytest.mark.parametrize(
    ("term", "language", "text"),
    [
        ("objection", "de", "Damit widersprichst du; der Text des Widerspruchs steht unten."),
        ("legitimate_interests", "de", "Meta beruft sich auf sein berechtigtes Interesse."),
        ("legitimate_interests", "de", "wegen der berechtigten Interessen"),
        ("personal_data", "de", "die Verarbeitung personenbezogener Daten"),
        ("personal_data", "pl", "przetwarzanie moich danych osobowych"),
        ("personal_data", "fi", "henkilötietojeni käsittely"),
        ("personal_data", "ar", "بياناتي الشخصية"),
        ("supervisory_authority", "pl", "skarga do organu nadzorczego"),
        ("complaint", "pl", "Możesz wnieść skargę."),
        ("controller", "nl", "de verwerkingsverantwoordelijke"),
        ("personal_data", "ja", "私の個人情報を"),
    ],
)
def test_a_word_is_found_when_its_ending_changes(term: str, language: str, text: str) -> None:
    assert TERMS[term].words[language].search(text)


@pytest.mark.parametrize(
    ("term", "text"),
    [("controller", "To {controller}"), ("ai", "She said it again"), ("objection", "an objectionable post")],
)
def test_what_only_looks_like_a_term_is_none(term: str, text: str) -> None:
    assert not TERMS[term].words["en"].search(text)


@pytest.mark.parametrize(
    ("term", "language", "text"),
    [("right_to_object", "de", "Einspruchsrecht"), ("controller", "it", "il responsabile del trattamento")],
)
def test_the_word_of_another_role_is_to_avoid(term: str, language: str, text: str) -> None:
    assert TERMS[term].avoid[language].search(text)
