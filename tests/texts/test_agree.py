from __future__ import annotations

import pytest

from bot.texts.agree import refusals, remarks
from bot.texts.markup import compile_markup


def codes(source: str, translation: str) -> list[tuple[str, int]]:
    forms = [compile_markup(source)]
    other = compile_markup(translation)
    return [(found.code, found.offset) for found in (*refusals(forms, other), *remarks(forms, other))]


@pytest.mark.parametrize(
    ("source", "translation"),
    [
        ("Hello {name}!", "Hallo {name}!"),
        ("{a} and {b}", "{b} und {a}"),
        ("[open](form) **x** `y`", "**x** `y` [öffnen](form)"),
        ("Type /help or write to @operator", "Schreib /help oder an @operator"),
        ("{{x}} is a < b", "{{x}} ist a < b"),
        ("Yes", "Selbstverständlich"),
        ("{n} of {n}", "{n} von {n}"),
        ("Text\n\n{draft}", "{draft}\n\nText"),
    ],
)
def test_a_faithful_translation_has_no_difference(source: str, translation: str) -> None:
    assert codes(source, translation) == []


@pytest.mark.parametrize(
    ("source", "translation", "expected"),
    [
        ("Hello {name}!", "Hallo!", [("T202", 0)]),
        ("Hello!", "Hallo {name}!", [("T203", 6)]),
        ("Hello {name}!", "Hallo {Name}!".lower().replace("name", "nahme"), [("T203", 6), ("T202", 0)]),
        ("Hello {name}!", "Hallo {name} {name}!", [("T207", 13)]),
    ],
)
def test_t02_a_fill_in_that_is_missing_extra_translated_or_repeated_is_named(
    source: str, translation: str, expected: list[tuple[str, int]]
) -> None:
    assert sorted(codes(source, translation)) == sorted(expected)


def test_a_sign_that_turns_writing_is_named_where_nothing_is_to_be_turned() -> None:
    assert codes("Yes, begin again", "Ja, neu an\u200ffangen") == [("T205", 10)]
    assert codes("Yes, begin again", "\u200eJa, neu anfangen") == [("T205", 0)]
    assert codes("Open WhatsApp!", "פתחו את WhatsApp\u200f!") == []


def test_t02_a_fill_in_that_was_a_paragraph_and_is_none_any_more_is_named() -> None:
    assert codes("Text\n\n{draft}", "Text: {draft}") == [("T206", 6)]


@pytest.mark.parametrize(
    ("source", "translation", "expected"),
    [
        ("Open [it](form)", "Öffne [es](other)", [("T204", 9)]),
        ("Open [it](form)", "Öffne es", [("T204", 0)]),
        ("Bold", "<b>Fett</b>", [("T209", 0)]),
        ("A & B", "A &amp; B", [("T209", 2)]),
        ("Log in with **yours**.", "Mit *deinem* anmelden.", [("T209", 4)]),
        ("Log in with **yours**.", "Mit __deinem__ anmelden.", [("T209", 4)]),
        ("Type /help", "Tippe /hilfe", [("T208", 0)]),
        ("Ask @operator", "Frag @anderen", [("T208", 0)]),
        ("Say `/reset-ai`", "Sag `/neu`", [("T208", 0)]),
        ("Call +49 30 123 456", "Ruf +49 30 999 999 an", [("T208", 0)]),
    ],
)
def test_t03_changed_links_markup_commands_names_and_numbers_are_named(
    source: str, translation: str, expected: list[tuple[str, int]]
) -> None:
    assert codes(source, translation) == expected


@pytest.mark.parametrize(
    ("source", "translation"),
    [
        ("A sentence of some length.", "Satz. " * 20),
        ("A sentence of some length. " * 5, "Kurz."),
        ("One", "Eins "),
        ("One\n", "Eins"),
    ],
)
def test_t06_other_lengths_and_other_spaces_are_named(source: str, translation: str) -> None:
    assert {code for code, _ in codes(source, translation)} == {"T210"}


def test_a_plural_form_may_leave_out_its_number_and_nothing_else() -> None:
    source = [compile_markup("One day, {name}."), compile_markup("{n} days, {name}.")]
    assert list(refusals(source, compile_markup("Ein Tag, {name}."), "n")) == []
    assert [found.code for found in refusals(source, compile_markup("Tage, {name}."))] == ["T202"]
    assert [found.code for found in refusals(source, compile_markup("Ein Tag."), "n")] == ["T202"]
    assert [found.code for found in refusals(source, compile_markup("{x} Tage, {name}."), "n")] == ["T203"]


def test_a_fill_in_whose_braces_were_lost_is_named_even_where_it_may_be_left_out() -> None:
    forms = [compile_markup("{forms_left} form."), compile_markup("{forms_left} forms.")]
    (found,) = refusals(forms, compile_markup("(forms_left) Formular."), "forms_left")
    assert (found.code, found.offset) == ("T202", 1)
    assert list(refusals(forms, compile_markup("Ein Formular."), "forms_left")) == []
