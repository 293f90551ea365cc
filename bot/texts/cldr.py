"""Say territories, dates, numbers and lists as people do in their language: CLDR through Babel.

Every function takes our spelling of a language and falls back to a parent language, then to English; none raises for an
unknown one. Results that come up again and again are kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date as Date
from datetime import datetime, time
from functools import lru_cache
from typing import Literal

from babel.dates import format_date, format_skeleton, format_time
from babel.lists import format_list
from babel.numbers import format_decimal

from bot.engine.recognise import normalise
from bot.texts.locale_data import SPELLINGS, locale

Style = Literal["short", "medium", "long", "full"]
"""CLDR's named formats. Own patterns are not offered: their order and dots are wrong in many languages."""

# 250 territories in 40 languages.
_NAMES = 10_000

_REGIONAL_A = 0x1F1E6


def territory(id: str, language: str) -> str:
    """Give a territory's name: `territory("DE", "fr")` is "Allemagne"; the id itself if CLDR does not know it."""
    return _territory(id.upper(), language)


@lru_cache(maxsize=_NAMES)
def _territory(id: str, language: str) -> str:
    return locale(language).territories.get(id) or locale("en").territories.get(id) or id


def flag(id: str) -> str:
    """Give a territory's flag: two regional indicators for two letters, nothing for anything else."""
    if len(id) != 2 or not (id.isascii() and id.isalpha()):
        return ""
    return "".join(chr(_REGIONAL_A + ord(letter) - ord("A")) for letter in id.upper())


@lru_cache(maxsize=SPELLINGS)
def date(day: Date, language: str, style: Style = "long") -> str:
    """Write a date: `23. November 2026`, `November 23, 2026`."""
    return format_date(day, style, locale=locale(language))


@lru_cache(maxsize=SPELLINGS)
def month(day: Date, language: str) -> str:
    """Write a month with its year: `November 2026`."""
    return format_skeleton("yMMMM", day, locale=locale(language))


@lru_cache(maxsize=SPELLINGS)
def months(language: str) -> Mapping[str, int]:
    """Give the number of each month by its names, long and short, as `normalise` writes them: `{"dez": 12}`."""
    named = locale(language).months
    return {
        normalise(str(name)): number
        for context in ("stand-alone", "format")
        for width in ("abbreviated", "wide")
        for number, name in named.get(context, {}).get(width, {}).items()
    }


def clock(moment: time | datetime, language: str, style: Style = "short") -> str:
    """Write a time of day as it stands, without moving it to another time zone: `09:00`, `9:00 AM`."""
    if isinstance(moment, datetime):
        moment = moment.time()
    return format_time(moment.replace(tzinfo=None), style, locale=locale(language))


def date_time(moment: datetime, language: str, style: Style = "long") -> str:
    """Write a date and a time of day as they stand: `23. November 2026, 09:00`."""
    where = locale(language)
    pattern = where.datetime_formats.get(style) or "{1}, {0}"
    # CLDR's pattern is quoted words around {0} (time) and {1} (date).
    text = str(pattern).replace("'", "")
    return text.replace("{1}", date(moment.date(), language, style)).replace("{0}", clock(moment, language))


def number(value: int, language: str) -> str:
    """Write a whole number with the language's grouping: `1,234`, `1.234`."""
    return format_decimal(value, locale=locale(language))


def join(items: Sequence[str], language: str, style: Literal["and", "or"] = "and") -> str:
    """Join words into a list: `a, b and c`."""
    if len(items) < 2:
        return "".join(items)
    return format_list(items, "standard" if style == "and" else "or", locale=locale(language))
