"""Business time against a slow reference that asks minute by minute whether the desk is open."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.growth import calls
from ticketctl.domain.deadlines.business_hours import add, advance, between, next_opening
from ticketctl.domain.settings.settings import Duration, Hours

OFFICE = ((480, 1020),)  # 08:00–17:00
STOCKHOLM = Hours(
    timezone="Europe/Stockholm", week=dict.fromkeys(range(5), OFFICE), closed=frozenset({date(2026, 12, 24)})
)
NIGHT = Hours(timezone="Europe/Stockholm", week=dict.fromkeys(range(7), ((0, 150), (165, 420))))


def at(text: str, zone: str = "Europe/Stockholm") -> datetime:
    """ "2026-11-20 16:00" in local time → aware UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def is_open(instant: datetime, hours: Hours) -> bool:
    local = instant.astimezone(ZoneInfo(hours.timezone))
    if local.date() in hours.closed:
        return False
    minute = local.hour * 60 + local.minute
    return any(start <= minute < end for start, end in hours.week.get(local.weekday(), ()))


def slow_between(start: datetime, end: datetime, hours: Hours) -> int:
    minutes = int((end - start) / timedelta(minutes=1))
    return sum(is_open(start + timedelta(minutes=index), hours) for index in range(minutes))


@st.composite
def opening_hours(draw: st.DrawFn) -> Hours:
    edges = st.lists(st.integers(0, 96), min_size=2, max_size=6, unique=True).map(sorted)
    week = {}
    for day in draw(st.sets(st.integers(0, 6), min_size=1)):
        quarters = draw(edges)
        week[day] = tuple((15 * a, 15 * b) for a, b in zip(quarters[::2], quarters[1::2], strict=False))
    zone = draw(
        st.sampled_from(
            [
                "Europe/Stockholm",
                "America/New_York",
                "Asia/Kolkata",
                "Australia/Lord_Howe",
                "America/Santiago",
                "Africa/Cairo",
                "UTC",
            ]
        )
    )
    closed = draw(st.frozensets(st.sampled_from([date(2026, 3, 29), date(2026, 3, 30), date(2026, 10, 26)])))
    return Hours(timezone=zone, week=week, closed=closed)


NEAR_CHANGES = st.sampled_from(
    [datetime(2026, *day) for day in [(3, 7), (3, 28), (4, 4), (4, 23), (7, 1), (9, 5), (10, 24), (10, 31)]]
)


@settings(max_examples=100, deadline=None)
@given(opening_hours(), NEAR_CHANGES, st.integers(0, 2880), st.integers(0, 4320))
def test_between_is_the_number_of_open_minutes(hours: Hours, day: datetime, offset: int, length: int) -> None:
    start = day.replace(tzinfo=UTC) + timedelta(minutes=offset)
    end = start + timedelta(minutes=length)
    assert between(start, end, hours) == timedelta(minutes=slow_between(start, end, hours))


@settings(max_examples=200, deadline=None)
@given(opening_hours(), NEAR_CHANGES, st.integers(0, 2880), st.integers(1, 6000))
def test_a_promise_of_minutes_ends_at_the_first_instant_by_which_they_have_passed(
    hours: Hours, day: datetime, offset: int, minutes: int
) -> None:
    start = day.replace(tzinfo=UTC) + timedelta(minutes=offset)
    due = add(start, Duration(minutes=minutes), hours)
    assert between(start, due, hours) == timedelta(minutes=minutes)
    just_before = due - timedelta(microseconds=1)
    assert between(start, just_before, hours) < timedelta(minutes=minutes)


@settings(max_examples=200, deadline=None)
@given(opening_hours(), st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)), st.integers(1, 40))
def test_a_promise_of_days_ends_on_that_opening_day(hours: Hours, naive: datetime, days: int) -> None:
    start = naive.replace(tzinfo=UTC)
    due = add(start, Duration(days=days), hours)
    zone = ZoneInfo(hours.timezone)
    first = next_opening(start, hours).astimezone(zone).date()
    last = (due - timedelta(microseconds=1)).astimezone(zone).date()
    between_days = (first + timedelta(days=index + 1) for index in range((last - first).days))
    opened = sum(1 for day in between_days if day not in hours.closed and hours.week.get(day.weekday()))
    assert opened in (days - 1, days)  # days - 1 where it ends exactly at an opening at midnight
    assert due > start


@settings(max_examples=200, deadline=None)
@given(
    opening_hours(),
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)),
    st.integers(0, 10**9),
    st.integers(0, 10**9),
)
def test_time_adds_up(hours: Hours, naive: datetime, first: int, second: int) -> None:
    start = naive.replace(tzinfo=UTC)
    middle = start + timedelta(seconds=first)
    end = middle + timedelta(seconds=second)
    assert between(start, middle, hours) + between(middle, end, hours) == between(start, end, hours)


@pytest.mark.parametrize(
    ("start", "duration", "due"),
    [
        ("2026-11-20 16:00", Duration(minutes=240), "2026-11-23 11:00"),  # Friday: 1 h left, 3 h on Monday
        ("2026-11-20 16:00", Duration(minutes=60), "2026-11-20 17:00"),  # ends at closing, not at the next opening
        ("2026-11-21 12:00", Duration(minutes=60), "2026-11-23 09:00"),  # Saturday
        ("2026-11-20 19:00", Duration(days=1), "2026-11-24 08:00"),  # after closing: counts from Monday 08:00
        ("2026-11-19 10:30", Duration(days=1), "2026-11-20 10:30"),
        ("2026-11-20 10:30", Duration(days=3), "2026-11-25 10:30"),  # over a weekend
        ("2026-12-23 15:00", Duration(days=1), "2026-12-25 15:00"),  # the 24th is closed
        ("2026-12-23 15:00", Duration(minutes=180), "2026-12-25 09:00"),
        ("2026-03-27 16:00", Duration(minutes=120), "2026-03-30 09:00"),  # clocks go forward on the 29th
        ("2026-10-23 16:00", Duration(minutes=120), "2026-10-26 09:00"),  # clocks go back on the 25th
        ("2026-11-20 16:00", Duration(minutes=240, calendar=True), "2026-11-20 20:00"),
        ("2026-10-24 12:00", Duration(days=1, calendar=True), "2026-10-25 12:00"),  # 25 hours later
        ("2026-01-31 12:00", Duration(months=1), "2026-02-28 12:00"),
        ("2026-11-20 12:00", Duration(months=24), "2028-11-20 12:00"),
    ],
)
def test_promises_of_an_office(start: str, duration: Duration, due: str) -> None:
    assert add(at(start), duration, STOCKHOLM) == at(due)


def test_the_hour_that_is_skipped_is_not_open_and_the_one_that_is_repeated_is_open_twice() -> None:
    # Open 00:00–02:30 and 02:45–07:00. On 29 March 02:00–03:00 does not exist: 2 h + 4 h.
    assert between(at("2026-03-29 00:00"), at("2026-03-30 00:00"), NIGHT) == timedelta(hours=6)
    # On 25 October 02:00–03:00 comes twice, and the desk is shut for a quarter in each: 2.5 h + 4.25 h + 45 min.
    assert between(at("2026-10-25 00:00"), at("2026-10-26 00:00"), NIGHT) == timedelta(hours=7.5)


def test_a_day_that_is_shorter_than_the_one_before() -> None:
    hours = Hours(timezone="Europe/Stockholm", week={0: OFFICE, 3: ((420, 1020),), 4: ((540, 900),)})
    assert add(at("2026-11-19 16:00"), Duration(days=1), hours) == at("2026-11-20 15:00")  # shut at 16: the closing
    assert add(at("2026-11-19 07:30"), Duration(days=1), hours) == at("2026-11-20 09:00")  # not open yet: the opening


def test_a_day_that_ends_at_midnight() -> None:
    late = Hours(timezone="Europe/Stockholm", week={0: ((0, 1440),), 1: ((600, 1080), (1200, 1440))})
    assert add(at("2026-11-23 19:00"), Duration(days=1), late) == at("2026-11-24 18:00")
    evening = Hours(timezone="Europe/Stockholm", week={0: ((0, 1440),), 1: ((600, 1440),), 2: ((600, 700),)})
    assert add(at("2026-11-23 23:30"), Duration(days=1), evening) == at("2026-11-24 23:30")
    assert between(at("2026-11-24 23:00"), at("2026-11-25 10:30"), evening) == timedelta(hours=1.5)


def test_a_desk_without_hours_counts_calendar_time() -> None:
    never_shut = Hours(timezone="Europe/Stockholm")
    assert between(at("2026-11-20 16:00"), at("2026-11-23 16:00"), never_shut) == timedelta(days=3)
    assert add(at("2026-11-21 16:00"), Duration(minutes=90), never_shut) == at("2026-11-21 17:30")
    assert add(at("2026-11-21 16:00"), Duration(days=2), never_shut) == at("2026-11-23 16:00")
    assert next_opening(at("2026-11-21 16:00"), never_shut) == at("2026-11-21 16:00")


def test_open_round_the_clock_is_calendar_time() -> None:
    always = Hours(timezone="Europe/Stockholm", week=dict.fromkeys(range(7), ((0, 1440),)))
    start, end = at("2026-03-01 00:00"), at("2026-11-01 00:00")
    assert between(start, end, always) == end - start


def test_backwards_is_nothing() -> None:
    assert between(at("2026-11-20 16:00"), at("2026-11-20 15:00"), STOCKHOLM) == timedelta()
    assert advance(at("2026-11-20 16:00"), timedelta(), STOCKHOLM) == at("2026-11-20 16:00")


def test_fast_enough_for_years_of_tickets() -> None:
    start = at("2024-01-01 12:00")

    def spans() -> None:
        for index in range(1_000):
            between(start + timedelta(hours=index), start + timedelta(hours=index, days=index % 90), STOCKHOLM)

    spans()
    assert calls(spans) < 50 * 1_000  # day for day they would be 900 for each
