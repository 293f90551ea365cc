from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from bot.texts import cldr


@pytest.mark.parametrize(
    ("id", "language", "name"),
    [
        ("DE", "en", "Germany"),
        ("de", "fr", "Allemagne"),
        ("XK", "de", "Kosovo"),
        ("CI", "de_AT", "Côte d’Ivoire"),
        ("DE", "xx_unknown", "Germany"),
        ("QQ", "de", "QQ"),
    ],
)
def test_a_territory_has_its_name_in_every_language(id: str, language: str, name: str) -> None:
    assert cldr.territory(id, language) == name


def test_a_flag_is_two_regional_indicators() -> None:
    assert cldr.flag("DE") == cldr.flag("de") == "🇩🇪"
    assert [cldr.flag(id) for id in ("", "D", "DEU", "D1", "äö")] == ["", "", "", "", ""]


def test_dates_follow_the_language() -> None:
    day = date(2026, 11, 23)
    assert cldr.date(day, "en") == "November 23, 2026"
    assert cldr.date(day, "de") == "23. November 2026"
    assert cldr.date(day, "ja") == "2026年11月23日"
    assert cldr.date(day, "de", "medium") == "23.11.2026"
    assert cldr.date(day, "de_AT") == "23. November 2026"
    assert cldr.date(day, "??") == "November 23, 2026"


def test_a_month_follows_the_language() -> None:
    assert cldr.month(date(2026, 11, 23), "en") == "November 2026"
    assert cldr.month(date(2026, 11, 23), "ja") == "2026年11月"


def test_a_time_is_written_as_it_stands() -> None:
    assert cldr.clock(time(9, 5), "de") == "09:05"
    assert cldr.clock(datetime(2026, 11, 23, 21, 5, tzinfo=UTC), "en").replace("\u202f", " ") == "9:05 PM"
    assert cldr.date_time(datetime(2026, 11, 23, 9, 0, tzinfo=UTC), "de") == "23. November 2026, 09:00"
    assert "2026" in cldr.date_time(datetime(2026, 11, 23, 9, 0, tzinfo=UTC), "fa", "medium")


def test_numbers_and_lists_follow_the_language() -> None:
    assert cldr.number(1234567, "en") == "1,234,567"
    assert cldr.number(1234567, "de") == "1.234.567"
    assert cldr.join([], "de") == ""
    assert cldr.join(["a"], "de") == "a"
    assert cldr.join(["a", "b", "{0}"], "de") == "a, b und {0}"
    assert cldr.join(["a", "b"], "de", "or") == "a oder b"
