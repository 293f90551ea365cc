from __future__ import annotations

import gettext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.texts.plurals import header, plurals


@pytest.mark.parametrize(
    ("language", "categories"),
    [
        ("en", ("one", "other")),
        ("de", ("one", "other")),
        ("fr", ("one", "other")),
        ("fa", ("one", "other")),
        ("pt_BR", ("one", "other")),
        ("ja", ("other",)),
        ("ru", ("one", "few", "many")),
        ("pl", ("one", "few", "many")),
        ("cs", ("one", "few", "other")),
        ("lv", ("zero", "one", "other")),
        ("he", ("one", "two", "other")),
        ("ar", ("zero", "one", "two", "few", "many", "other")),
        ("zz", ("one", "other")),
    ],
)
def test_t07_forms_are_cldrs_categories_of_whole_numbers_in_cldrs_order(
    language: str, categories: tuple[str, ...]
) -> None:
    assert plurals(language).categories == categories


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("de", {0: 1, 1: 0, 2: 1, 1_000_000: 1}),
        ("fr", {0: 0, 1: 0, 2: 1, 1_000_000: 1}),
        ("ru", {1: 0, 21: 0, 11: 2, 3: 1, 5: 2, 111: 2}),
        ("ar", {0: 0, 1: 1, 2: 2, 3: 3, 11: 4, 100: 5}),
        ("ja", {0: 0, 1: 0}),
    ],
)
def test_a_number_takes_its_form(language: str, forms: dict[int, int]) -> None:
    assert {number: plurals(language).form(number) for number in forms} == forms


@given(
    st.sampled_from(["de", "fr", "ru", "pl", "cs", "lv", "ar", "ja", "sl", "ga", "cy", "br", "kw", "lt"]),
    st.integers(0, 999),
)
def test_the_written_header_means_the_same_to_gettext(language: str, number: int) -> None:
    fields = dict(part.strip().split("=", 1) for part in header(language).strip(";").split(";"))
    assert int(fields["nplurals"]) == len(plurals(language).categories)
    assert gettext.c2py(fields["plural"])(number) == plurals(language).form(number)
    assert plurals(language).agrees(header(language))


def test_the_well_known_expression_is_written_where_it_is_right() -> None:
    assert header("de") == "nplurals=2; plural=(n != 1);"
    assert header("lv").startswith("nplurals=3")


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "nonsense",
        "nplurals=1000000; plural=0",
        "nplurals=3; plural=n/0;",
        "nplurals=3; plural=n**n;",
        "nplurals=3; plural=__import__('os');",
        "nplurals=3; plural=" + "(" * 3000,
        "nplurals=3;",
        "nplurals=2; plural=(n != 1);",
        "nplurals=3; plural=(n==1 ? 0 : 1);",
        "nplurals=3; plural=7;",
    ],
)
def test_t07_a_wrong_or_hostile_header_does_not_agree(wrong: str) -> None:
    assert not plurals("pl").agrees(wrong)
