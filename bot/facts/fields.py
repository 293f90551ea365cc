"""The kinds of scalar a fact can hold. Every scalar arrives as text; these say what it has to look like.

A validator raises ValueError with a sentence for the author: what was expected, with an example.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

Confidence = Literal["high", "medium", "low"]
Answer = Literal["yes", "no", "sometimes", "unknown"]
Unit = Literal["days", "weeks", "months"]

LONGEST_TEXT = 300
"""A fact is read on a telephone: a sentence or two."""

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PART_OF_DAY = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_PHONE = re.compile(r"\+[1-9][0-9 ()/.-]{4,24}|[1-9][0-9]{2,4}")
_ADDRESS_IN_TEXT = re.compile(r"https?:|www\.|://", re.IGNORECASE)


class Record(BaseModel):
    """Be the parent of every record: nothing unknown, nothing changed later, nothing guessed."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, defer_build=True)


def yes_no(value: Any) -> Any:
    """Read `yes` or `no`."""
    if value in ("yes", "no"):
        return value == "yes"
    raise ValueError("expected yes or no")


def whole(value: Any) -> Any:
    """Read a whole number of at most four ASCII digits."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,4}", value):
        return int(value)
    raise ValueError("expected a whole number, for example 30")


def day(value: Any) -> Any:
    """Read a day in ISO form."""
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise ValueError("expected a day that exists, for example 2026-11-23")


def maybe_day(value: Any) -> Any:
    """Read a day, or `null` for not yet."""
    if value == "null":
        return None
    try:
        return day(value)
    except ValueError as error:
        raise ValueError(f"{error}, or null for never") from None


def moment(value: Any) -> Any:
    """Read a year, month or day; `undated` becomes the empty text."""
    if value == "undated":
        return ""
    if isinstance(value, str) and _PART_OF_DAY.fullmatch(value):
        full = value + "-01-01"[len(value) - 4 :]
        try:
            date.fromisoformat(full)
        except ValueError:
            pass
        else:
            return value
    raise ValueError("expected a year, month or day, for example 2026, 2026-07 or 2026-07-23, or undated")


def identifier(value: str) -> str:
    """Accept a short name without spaces."""
    if not _ID.fullmatch(value):
        raise ValueError("expected a short name of letters, digits and _ . -, for example fb_ai_objection")
    return value


def email(value: str) -> str:
    """Accept an address for e-mail, bare."""
    if not _EMAIL.fullmatch(value):
        raise ValueError("expected an address for e-mail alone, for example info@dataprotection.ie")
    return value


def phone(value: str) -> str:
    """Accept a telephone number that works from everywhere, or a short one of a country (118)."""
    if not _PHONE.fullmatch(value):
        raise ValueError("expected a number with + and the code of the country, for example +353 1 765 0100")
    return value


def filled(value: str) -> str:
    """Accept any text that is not empty."""
    if not value.strip():
        raise ValueError("expected a text, found nothing")
    return value


def sentence(value: str) -> str:
    """Accept a text that people read: short, without addresses, with marks that close."""
    filled(value)
    if len(value) > LONGEST_TEXT:
        raise ValueError(f"expected at most {LONGEST_TEXT} characters, found {len(value)}")
    if _ADDRESS_IN_TEXT.search(value):
        raise ValueError("expected no web address in a text; put it in a field of its own and name it")
    if value.count("`") % 2 or value.count("**") % 2:
        raise ValueError("expected every ` and every ** to be closed again")
    return value


def words(value: str) -> str:
    """Accept what people type: words separated by commas, each once."""
    found = [one.strip() for one in value.split(",")]
    if not all(found):
        raise ValueError("expected words separated by commas, for example insta, ig")
    for one in found:
        if found.count(one) > 1:
            raise ValueError(f"expected every word once, found {one} twice")
    return value


def regions(value: Any) -> Any:
    """Read a list of regimes, or one of the words `worldwide` and `unknown`."""
    if value in ("worldwide", "unknown"):
        return (value,)
    if isinstance(value, tuple):
        return value
    raise ValueError("expected a list of regimes, worldwide or unknown")


YesNo = Annotated[bool, BeforeValidator(yes_no)]
Whole = Annotated[int, BeforeValidator(whole)]
Day = Annotated[date, BeforeValidator(day)]
MaybeDay = Annotated[date | None, BeforeValidator(maybe_day)]
Moment = Annotated[str, BeforeValidator(moment)]
Id = Annotated[str, AfterValidator(identifier)]
Filled = Annotated[str, AfterValidator(filled)]
Email = Annotated[str, AfterValidator(email)]
Phone = Annotated[str, AfterValidator(phone)]
Sentence = Annotated[str, AfterValidator(sentence)]
Words = Annotated[str, AfterValidator(words)]
Regions = Annotated[tuple[str, ...], BeforeValidator(regions)]
Ids = tuple[Id, ...]


class Span(Record):
    """A length of time."""

    number: Whole
    unit: Unit
