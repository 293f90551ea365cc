from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.channels.console.clock import ConsoleClock, Span, read_span


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("31 days", Span(31, "day")), ("1 day", Span(1, "day")), ("2 Weeks", Span(2, "week")),
        ("90 minutes", Span(90, "minute")), ("5 hours", Span(5, "hour")), ("1 months", Span(1, "month")),
        ("-1 days", None), ("1.5 days", None), ("days", None), ("31", None), ("", None), ("٣ days", None),
        ("1 year", None), ("31 days later", None), ("9999999 days", None),
    ],
)  # fmt: skip
def test_a_span_is_a_whole_number_and_a_unit(text: str, span: Span | None) -> None:
    assert read_span(text) == span


@pytest.mark.parametrize(
    ("start", "months", "then"),
    [
        ("2026-01-31T09:00+00:00", 1, "2026-02-28T09:00+00:00"),
        ("2028-01-31T09:00+00:00", 1, "2028-02-29T09:00+00:00"),
        ("2026-12-31T09:00+01:00", 2, "2027-02-28T09:00+01:00"),
        ("2026-11-23T09:00+01:00", 12, "2027-11-23T09:00+01:00"),
        ("2026-11-23T09:00+01:00", 0, "2026-11-23T09:00+01:00"),
    ],
)
def test_a_month_is_a_month_of_the_calendar(start: str, months: int, then: str) -> None:
    clock = ConsoleClock(datetime.fromisoformat(start))
    clock.advance(months, "months")
    assert clock.now() == datetime.fromisoformat(then)


def test_a_clock_that_was_set_stands_still_until_it_is_moved() -> None:
    start = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    clock = ConsoleClock(start)
    assert clock.now() == clock.now() == start
    clock.advance(90, "minutes")
    assert clock.now() == start + timedelta(minutes=90)


def test_a_clock_that_was_not_set_goes_on_by_itself() -> None:
    clock = ConsoleClock()
    before = datetime.now(UTC)
    assert before <= clock.now() <= datetime.now(UTC)
    clock.advance(2, "weeks")
    assert before + timedelta(weeks=2) <= clock.now() <= datetime.now(UTC) + timedelta(weeks=2)


def test_a_start_without_a_zone_is_utc() -> None:
    assert ConsoleClock(datetime.fromisoformat("2026-11-23T00:00")).now() == datetime(2026, 11, 23, tzinfo=UTC)


def test_the_clock_never_goes_back() -> None:
    clock = ConsoleClock(datetime(2026, 11, 23, tzinfo=UTC))
    clock.advance(3, "days")
    clock.move_to(datetime(2026, 11, 24, tzinfo=UTC))
    assert clock.now() == datetime(2026, 11, 26, tzinfo=UTC)


@pytest.mark.parametrize("unit", ["days", "months", "weeks"])
def test_beyond_the_calendar_it_does_not_move(unit: str) -> None:
    clock = ConsoleClock(datetime(8900, 11, 23, tzinfo=UTC))
    with pytest.raises(ValueError, match="calendar ends"):
        clock.advance(999999, unit)
    with pytest.raises(ValueError, match="calendar ends"):
        clock.advance(101 * 12, "months")
    assert clock.now() == datetime(8900, 11, 23, tzinfo=UTC)


def test_an_unknown_unit_is_refused() -> None:
    with pytest.raises(ValueError, match="whole number of minutes"):
        ConsoleClock().advance(1, "years")
