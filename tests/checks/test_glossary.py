"""The glossary: words of the law in every language, in the style of our files."""

from __future__ import annotations

import pytest

from bot.checks.glossary import read_glossary

FILE = """terms:
  - id: right_to_object
    about: The right of the law, not a mere wish.
    en: right to object, objection*
    de: Widerspruchsrecht, Widerspr*
    ja: 異議
    avoid:
      de: Einspruch*
"""


def codes(text: str) -> list[tuple[int, str]]:
    return [(problem.line, problem.code) for problem in read_glossary("glossary.yaml", text)[1]]


def test_a_term_has_words_by_language_and_words_to_avoid() -> None:
    glossary, problems = read_glossary("glossary.yaml", FILE)
    assert problems == []
    (term,) = glossary.terms
    assert (term.id, term.about, term.at.line) == ("right_to_object", "The right of the law, not a mere wish.", 2)
    assert term.shown["de"] == "Widerspruchsrecht, Widerspr*"
    assert set(term.words) == {"en", "de", "ja"}


def test_a_word_to_use_and_to_avoid_is_told_at_the_one_and_not_in_every_text() -> None:
    assert codes(FILE.replace("de: Einspruch*", "de: Widerspruchsrecht")) == [(8, "G003")]


def test_words_in_brackets_are_told_once_with_what_to_write() -> None:
    assert codes(FILE.replace("de: Widerspruchsrecht, Widerspr*", "de: [Widerspruchsrecht]")) == [(5, "G003")]


@pytest.mark.parametrize("slip", ["dee", "xx"])
def test_a_slip_in_a_language_is_told_and_takes_no_term_out_of_the_checks_unseen(slip: str) -> None:
    assert codes(FILE.replace("    de: Wider", f"    {slip}: Wider")) == [(5, "G002")]


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("en", "You have the right to  object.", True),
        ("en", "Your Objections count", True),
        ("en", "The right to objectivity", False),
        ("en", "reobjection", False),
        ("de", "Dein Widersprechen", True),
        ("de", "Ein Gegenwiderspruch", False),
        ("ja", "あなたは異議を", True),
    ],
)
def test_words_are_found_as_whole_words_with_any_ending_where_a_star_says_so(
    language: str, text: str, found: bool
) -> None:
    (term,) = read_glossary("glossary.yaml", FILE)[0].terms
    assert (term.words[language].search(text) is not None) is found


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("words\n", 1, "G001"),
        ("terms: none\n", 1, "G001"),
        ("terms:\n  - word\n", 2, "G001"),
        (FILE + "more: x\n", 9, "G002"),
        (FILE.replace("    ja:", "    Japanese:"), 6, "G002"),
        (FILE.replace("id: right", "id: Right"), 2, "G003"),
        (FILE.replace("    en: right to object, objection*\n", ""), 2, "G003"),
        (FILE.replace("ja: 異議", "ja: ' , * '"), 6, "G003"),
        (FILE + FILE.split("\n", 1)[1], 9, "G004"),
        ("a: {\n", 1, "Y027"),
    ],
)
def test_each_mistake_is_named_at_its_line(text: str, line: int, code: str) -> None:
    assert (line, code) in codes(text)


def test_what_can_be_used_is_used_in_spite_of_a_mistake() -> None:
    glossary, problems = read_glossary("glossary.yaml", FILE + "  - id: Bad\n    en: bad\n  - id: good\n    en: good\n")
    assert [term.id for term in glossary.terms] == ["right_to_object", "good"]
    assert len(problems) == 1
