"""Links that may be shown (D01), and days that are reckoned (D04)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.facts.deadlines import due, later, usable
from bot.facts.fields import Span, Unit
from bot.facts.hosts import belongs, refuse
from bot.facts.rules import Deadline
from tests.facts.kit import changed, shipped

HOSTS = ("facebook.com", "instagram.com", "whatsapp.com", "meta.com")


@pytest.mark.parametrize(
    "url",
    [
        "https://faceb00k.com/help",
        "https://facebook.com.evil.tld/help",
        "https://facebook.com@evil.tld/help",
        "https://facebook.com:x@evil.tld/help",
        "https://evilfacebook.com/help",
        "https://facebook.com.",
        "https://facebook.com:8443/help",
        "https://facebook.com:bad/help",
        "https://FACEBOOK.com/help",
        "https://fаcebook.com/help",
        "https://xn--fcebook-2fg.facebook.com/help",
        "https://xn--facebook.com/help",
        "http://www.facebook.com/help",
        "//www.facebook.com/help",
        "javascript:alert(1)//www.facebook.com",
        "https:///www.facebook.com",
        "https://[::1]/help",
        "https://[facebook.com/help",
        "https://bit.ly/x",
        "https://www.facebook.com/x y",
        "https://www.facebook.com\\@evil.tld",
        "https://www.facebook.com/\nx",
        "https://l.facebook.com/l.php?u=https://evil.tld",
        "https://www.facebook.com/flx/warn/?next=//evil.tld",
        "https://www.facebook.com/x?u=www.evil.tld",
        "https://-facebook.com",
        "",
    ],
)
def test_D01_a_look_alike_is_refused(url: str) -> None:
    assert refuse(url, HOSTS, ("bit.ly",))


@pytest.mark.parametrize(
    "url",
    ["https://www.facebook.com/help/contact/1", "https://facebook.com", "https://auth.meta.com/form/?form_id=1"],
)
def test_the_companys_own_pages_are_allowed(url: str) -> None:
    assert refuse(url, HOSTS, ("bit.ly",)) is None


def test_a_source_may_stand_anywhere_but_behind_a_shortener() -> None:
    assert refuse("https://example.org/a?b=c", None, ("bit.ly",)) is None
    assert "shortener" in str(refuse("https://bit.ly/a", None, ("bit.ly",)))


@given(st.from_regex(r"[a-z]{1,8}", fullmatch=True))
def test_only_a_whole_name_below_the_host_belongs_to_it(label: str) -> None:
    assert belongs(f"{label}.meta.com", HOSTS)
    assert not belongs(f"{label}meta.com", HOSTS)
    assert not belongs(f"meta.com.{label}", HOSTS)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (
            "forms.yaml",
            "https://www.facebook.com/help/contact/6359191084165019",
            "https://www.faceb00k.com/help/contact/6359191084165019",
        ),
        ("forms.yaml", "https://help.meta.com/support/privacy/", "http://help.meta.com/support/privacy/"),
        (
            "authorities.yaml",
            "https://forms.dataprotection.ie/contact",
            "https://forms.dataprotection.ie.evil.tld/contact",
        ),
        ("sources.yaml", "https://noyb.eu/en/", "https://bit.ly/"),
    ],
)
def test_D01_a_changed_link_is_found_by_the_check(file: str, old: str, new: str) -> None:
    assert [one.code for one in changed(file, old, new)] == ["F030"]


@pytest.mark.parametrize(
    ("start", "number", "unit", "end"),
    [
        ("2026-01-31", 1, "months", "2026-02-28"),
        ("2028-01-31", 1, "months", "2028-02-29"),
        ("2026-03-31", 1, "months", "2026-04-30"),
        ("2026-11-23", 1, "months", "2026-12-23"),
        ("2026-12-31", 2, "months", "2027-02-28"),
        ("2026-10-24", 1, "months", "2026-11-24"),
        ("2026-02-28", 12, "months", "2027-02-28"),
        ("2028-02-29", 12, "months", "2029-02-28"),
        ("2026-11-23", 30, "days", "2026-12-23"),
        ("2027-12-31", 2, "weeks", "2028-01-14"),
        ("2028-02-28", 2, "days", "2028-03-01"),
    ],
)
def test_D04_days_weeks_and_months_are_counted_by_one_rule(start: str, number: int, unit: Unit, end: str) -> None:
    assert later(date.fromisoformat(start), number, unit) == date.fromisoformat(end)


@pytest.mark.parametrize("unit", ["days", "weeks", "months"])
def test_D04_beyond_the_last_day_there_is_no_answer(unit: Unit) -> None:
    assert later(date.max, 1, unit) is None


@given(st.dates(max_value=date(9000, 1, 1)), st.integers(1, 36))
def test_D04_a_month_later_is_the_same_day_or_the_months_last(start: date, number: int) -> None:
    end = later(start, number, "months")
    assert end is not None
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == number
    assert end.day == start.day or (end.day < start.day and later(end, 1, "days") == date(*divmod_month(end)))


def divmod_month(day: date) -> tuple[int, int, int]:
    return (day.year + day.month // 12, day.month % 12 + 1, 1)


def deadline(confidence: str = "high", extension: Span | None = None) -> Deadline:
    return Deadline.model_validate(
        {
            "number": "1",
            "unit": "months",
            "from_event": "received",
            "words": "one month",
            "sources": ("x",),
            "confidence": confidence,
        }
    ).model_copy(update={"extension": extension})


def span(number: str, unit: str) -> Span:
    return Span.model_validate({"number": number, "unit": unit})


def test_D04_an_extension_is_counted_on_top() -> None:
    assert due(deadline(extension=span("2", "months")), "2026-11-30", extended=True) == date(2027, 2, 28)
    assert due(deadline(extension=span("10", "days")), "2027-01-31", extended=True) == date(2027, 3, 10)
    assert due(deadline(extension=span("10", "days")), "9999-12-30", extended=True) is None
    assert due(deadline(), "2026-11-30", extended=True) is None


def test_no_day_is_reckoned_from_an_unconfirmed_time_limit() -> None:
    assert due(deadline("low"), "2026-11-23") is None
    assert not usable(None)
    assert due(None, "2026-11-23") is None
    assert due(deadline(), None) is None
    assert due(deadline(), "tomorrow") is None
    assert due(deadline(), "2026-11-23") == date(2026, 12, 23)


def test_no_time_limit_of_the_shipped_facts_rests_on_background_knowledge() -> None:
    assert {one.id for one in shipped().regimes.values() if one.deadline} == {"gdpr_eea", "uk"}
