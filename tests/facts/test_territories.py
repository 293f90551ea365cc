"""Territories: every one has exactly one regime, everyday names are understood, near neighbours are told apart."""

from __future__ import annotations

import unicodedata

import pytest
from babel import Locale
from babel.core import get_global

from bot.facts import territories
from tests.facts.kit import name, registry, scope, shipped

NO_TERRITORIES = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ", "CQ", "EA", "IC", "AC", "CP", "DG", "TA"}
"""What CLDR lists besides: unions, pseudo codes and codes that are only reserved."""


def who(word: str, language: str) -> set[str]:
    """Find every territory that a typed word names exactly."""

    def folded(text: str) -> str:
        kept = unicodedata.normalize("NFKD", text.casefold())
        return "".join(char for char in kept if not unicodedata.combining(char))

    listed = registry().lists["territories"]
    return {one for one in listed.every if folded(word) in {folded(each) for each in listed.words(one, language)}}


def test_the_249_codes_of_iso_and_kosovo_are_there() -> None:
    names = [str(code) for code in Locale("en").territories]
    cldr = {code for code in names if len(code) == 2 and code.isalpha()} - NO_TERRITORIES
    assert len(territories.ISO_CODES) == len(set(territories.ISO_CODES)) == 249
    assert set(shipped().territories) == cldr == territories.ALL_CODES


def test_every_territory_resolves_to_exactly_one_regime() -> None:
    facts = shipped()
    for code in territories.ALL_CODES:
        found = registry().values["regime"].get(scope(territory=code))
        assert found == facts.territories[code].regime
        assert sum(found == one for one in facts.regimes) == 1


def test_three_letter_codes_are_those_of_the_standard() -> None:
    aliases = get_global("territory_aliases")
    for code, territory in shipped().territories.items():
        if code != "XK":
            assert aliases[territory.alpha3] == [code]


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_official_name_and_flag_names_its_territory(language: str) -> None:
    for code in territories.ALL_CODES:
        assert code in who(name(code, language), language)
        assert who(territories.flag(code), language) == {code}


ENGLISH = {
    "Holland": "NL",
    "England": "GB",
    "Scotland": "GB",
    "Wales": "GB",
    "Northern Ireland": "GB",
    "UK": "GB",
    "Great Britain": "GB",
    "GB": "GB",
    "USA": "US",
    "US": "US",
    "America": "US",
    "United States of America": "US",
    "Bosnia": "BA",
    "Bosnia and Herzegovina": "BA",
    "Czech Republic": "CZ",
    "Ivory Coast": "CI",
    "Burma": "MM",
    "Canary Islands": "ES",
    "Madeira": "PT",
    "Azores": "PT",
    "Bavaria": "DE",
    "Bayern": "DE",
    "Zürich": "CH",
    "Zurich": "CH",
    "Ireland": "IE",
    "Swaziland": "SZ",
    "Macedonia": "MK",
    "East Timor": "TL",
    "Cape Verde": "CV",
    "Turkey": "TR",
    "Palestine": "PS",
    "Vatican": "VA",
    "Hong Kong": "HK",
    "Macau": "MO",
    "DEU": "DE",
    "Deutschland": "DE",
    "España": "ES",
    "日本": "JP",
    "🏴󠁧󠁢󠁳󠁣󠁴󠁿": "GB",
}
GERMAN = {
    "Holland": "NL",
    "England": "GB",
    "Schottland": "GB",
    "Nordirland": "GB",
    "Großbritannien": "GB",
    "Grossbritannien": "GB",
    "UK": "GB",
    "USA": "US",
    "Amerika": "US",
    "Weißrussland": "BY",
    "Weissrussland": "BY",
    "Tschechei": "CZ",
    "Tschechische Republik": "CZ",
    "Elfenbeinküste": "CI",
    "Birma": "MM",
    "Burma": "MM",
    "Südtirol": "IT",
    "Kanaren": "ES",
    "Mallorca": "ES",
    "Grönland": "GL",
    "Bosnien": "BA",
    "Madeira": "PT",
    "Azoren": "PT",
    "Bayern": "DE",
    "Zürich": "CH",
    "Moldawien": "MD",
    "Mazedonien": "MK",
    "BRD": "DE",
    "Österreich": "AT",
    "Irland": "IE",
    "Niederlande": "NL",
    "Georgien": "GE",
    "Germany": "DE",
}
SEVERAL = {
    "Georgia": {"GE", "US"},
    "Korea": {"KR", "KP"},
    "Congo": {"CG", "CD"},
    "Kongo": {"CG", "CD"},
    "Guinea": {"GN", "GQ", "GW"},
    "Saint Martin": {"MF", "SX"},
    "St. Martin": {"MF", "SX"},
    "Tyrol": {"AT", "IT"},
    "Tirol": {"AT", "IT"},
    "Virgin Islands": {"VG", "VI"},
    "Channel Islands": {"GG", "JE"},
}


@pytest.mark.parametrize(("word", "code"), ENGLISH.items())
def test_everyday_names_are_understood_in_english(word: str, code: str) -> None:
    assert who(word, "en") == {code}


@pytest.mark.parametrize(("word", "code"), GERMAN.items())
def test_everyday_names_are_understood_in_german(word: str, code: str) -> None:
    assert who(word, "de") == {code}


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize(("word", "codes"), SEVERAL.items())
def test_a_name_that_means_several_stands_under_each(word: str, codes: set[str], language: str) -> None:
    found = who(word, language)
    assert found == codes or (language == "en" and word == "Kongo" and not found)


@pytest.mark.parametrize(
    ("one", "other"),
    [("IR", "IQ"), ("NE", "NG"), ("GM", "ZM"), ("AT", "AU"), ("SK", "SI"), ("DM", "DO"), ("IE", "IS")],
)
@pytest.mark.parametrize("language", ["en", "de"])
def test_near_neighbours_are_both_known_and_never_the_same(one: str, other: str, language: str) -> None:
    assert who(name(one, language), language) == {one}
    assert who(name(other, language), language) == {other}


@pytest.mark.parametrize("word", ["no", "is", "it", "at", "in", "me", "so", "and", "can", "AI", "aus", "es"])
def test_a_code_that_is_an_everyday_word_is_no_territory(word: str) -> None:
    assert who(word, "en") == who(word, "de") == set()


def test_no_word_means_two_territories_by_accident() -> None:
    facts = shipped()
    meant: dict[str, set[str]] = {}
    for code in facts.territories:
        for language in ("en", "de"):
            for word in registry().lists["territories"].words(code, language):
                meant.setdefault(word.casefold(), set()).add(code)
    several = {word for word, codes in meant.items() if len(codes) > 1}
    assert several == {
        *(word.casefold() for word in SEVERAL),
        *("the congo", "st martin", "sankt martin", "jungferninseln", "kanalinseln", "lapland", "lappland", "papua"),
        *("punjab", "netherlands antilles", "dutch antilles", "niederländische antillen", "wallis"),
    }


def test_the_likely_ones_come_first() -> None:
    shown = registry().lists["territories"].shown
    assert shown is not None
    assert list(shown(scope("de")))[:3] == ["DE", "AT", "CH"]
    assert list(shown(scope("de-AT"))) == list(shown(scope("de_AT"))) == list(shown(scope("de")))
    assert next(iter(shown(scope("pt_BR")))) == "BR"
    assert list(shown(scope("tlh"))) == list(shipped().likely["any"])
    assert all(2 <= len(codes) <= 6 for codes in shipped().likely.values())


def test_a_button_shows_flag_and_name() -> None:
    assert registry().lists["territories"].label("XK", "de") == "🇽🇰 Kosovo"


def test_parts_are_asked_only_where_a_complaint_depends_on_them() -> None:
    parts = registry().lists["subdivisions"]
    assert len(parts.ids(scope(territory="DE"))) == 16
    assert parts.ids(scope(territory="US")) == ()
    assert parts.ids(scope()) == ()
    assert (parts.label("DE-BY", "de"), parts.label("DE-BY", "fr")) == ("Bayern", "Bavaria")
    assert {"Bayern", "Bavaria", "München"} <= set(parts.words("DE-BY", "de"))
    assert [code for code in territories.ALL_CODES if territories.needs_subdivision(shipped(), code)] == ["DE"]


@pytest.mark.parametrize(
    ("territory", "part", "expected"),
    [
        ("DE", None, []),
        ("DE", "DE-BY", ["DE-BY-BAYLDA"]),
        ("DE", "DE-HH", ["DE-HH-HMBBFDI"]),
        ("AT", None, ["AT-DSB"]),
        ("ES", None, ["ES-AEPD"]),
        ("GF", None, ["FR-CNIL"]),
        ("AX", None, ["FI-TSV"]),
        ("US", None, ["US-FTC", "US-STATE-AG"]),
        ("NZ", None, ["NZ-OPC"]),
        ("CA", None, ["CA-OPC"]),
        ("SM", None, []),
        ("VA", None, []),
        ("BL", None, []),
        ("IN", None, []),
        ("KE", None, []),
    ],
)
def test_only_authorities_that_take_complaints_and_are_well_known_are_offered(
    territory: str, part: str | None, expected: list[str]
) -> None:
    assert [one.id for one in territories.authorities(shipped(), territory, part)] == expected


def test_every_land_has_one_authority() -> None:
    for part in shipped().subdivisions:
        assert len(territories.authorities(shipped(), "DE", part)) == 1
