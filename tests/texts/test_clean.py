from __future__ import annotations

import pytest
from hypothesis import given

from bot.texts.clean import FSI, GRAPHEME_LENGTH, PDI, clean, forbidden, isolate, trim
from tests.texts.strategies import typed


@given(typed)
def test_u01_a_cleaned_text_can_be_encoded_and_cleaning_it_again_changes_nothing(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode("utf-8")
    assert clean(cleaned) == cleaned
    assert not any(char in "\x00\x1b\r\x7f\x85\u202a\u202e\u2028" for char in cleaned)


@pytest.mark.parametrize(
    "text",
    ["", "plain", "two\nlines", "a\tb", "Grüße", "می‌خواهم", "👨‍👩‍👧", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", f"{FSI}א{PDI}", "a" + "\u0301" * 4096],
)
def test_what_people_may_write_comes_back_as_it_is(text: str) -> None:
    assert clean(text) is text or clean(text) == text


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("\u202egnp.exe", "gnp.exe"),
        ("a\x00b\x1b[31mc", "ab[31mc"),
        ("one\r\ntwo\rthree\u2028four\u2029five", "one\ntwo\nthree\nfour\nfive"),
        ("\ud83d!", "\ufffd!"),
        ("\ufffe", "\ufffd"),
        ("a\u2067b", "ab"),
        ("a\u2069b", "ab"),
        (f"{FSI}a\nb{PDI}", "a\nb"),
        (f"{FSI}{FSI}a{PDI}", f"{FSI}a{PDI}"),
    ],
)
def test_u07_what_tricks_eyes_or_encoders_goes(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


def test_t11_in_right_to_left_text_every_value_is_isolated_line_by_line() -> None:
    assert isolate("Facebook", rtl=True) == f"{FSI}Facebook{PDI}"
    assert isolate("+49 30 1234", rtl=True) == f"{FSI}+49 30 1234{PDI}"
    assert isolate("a\n\nb", rtl=True) == f"{FSI}a{PDI}\n\n{FSI}b{PDI}"
    assert isolate("", rtl=True) == ""


def test_u07_in_left_to_right_text_only_right_to_left_words_are_isolated() -> None:
    assert isolate("Ann", rtl=False) == "Ann"
    assert isolate("Änne", rtl=False) == "Änne"
    assert isolate("דנה", rtl=False) == f"{FSI}דנה{PDI}"
    assert isolate("سارا", rtl=False) == f"{FSI}سارا{PDI}"


@pytest.mark.parametrize(
    ("text", "most", "trimmed"),
    [
        ("", 5, ""),
        ("short", 5, "short"),
        ("longer than that", 8, "longer…"),
        ("🇩🇪" * 500, 3, "🇩🇪🇩🇪…"),
        ("👨‍👩‍👧" * 3, 3, "👨‍👩‍👧" * 3),
        ("a" + "\u0301" * 4096 + "b", 2, "a" + "\u0301" * (GRAPHEME_LENGTH - 1) + "b"),
    ],
)
def test_u01_u07_a_long_text_is_trimmed_by_what_a_reader_sees(text: str, most: int, trimmed: str) -> None:
    assert trim(text, most) == trimmed


@pytest.mark.parametrize(
    ("text", "offset", "name"),
    [
        ("ab\u202ec", 2, "U+202E"),
        ("soft\u00adhyphen", 4, "U+00AD"),
        ("zero\u200bwidth", 4, "U+200B"),
        ("\ue000", 0, "U+E000"),
        ("\U000f0001", 0, "U+F0001"),
        ("a\x07", 1, "U+0007"),
        ("\ufeffa", 0, "U+FEFF"),
        ("ab\u2067c", 2, "U+2067"),
        ("a\u2069", 1, "U+2069"),
        ("\ud800", 0, "U+D800"),
    ],
)
def test_t04_a_forbidden_character_is_found_and_named(text: str, offset: int, name: str) -> None:
    assert forbidden(text) == (offset, name)


@pytest.mark.parametrize(
    "text", ["plain", "two\nlines\tand tab", "می‌خواهم", "\u200fعربي", f"{FSI}ok{PDI}", "👨‍👩‍👧 ä ß"]
)
def test_t04_joiners_direction_marks_and_whole_isolates_are_allowed(text: str) -> None:
    assert forbidden(text) is None
