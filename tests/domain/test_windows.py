from datetime import date
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from tests.domain.histories import at
from ticketctl.domain.reports.periods import (
    day,
    days,
    last_day,
    last_month,
    last_quarter,
    last_week,
    last_year,
    month,
    quarter,
    steps,
    week,
    year,
)
from ticketctl.errors import Usage

ZONE = ZoneInfo("Europe/Stockholm")


def test_a_week_is_monday_to_sunday_in_the_desks_zone() -> None:
    window = week("2026-W47", ZONE)
    assert (window.start, window.end) == (at("2026-11-16 00:00"), at("2026-11-23 00:00"))
    assert window.start.isoformat() == "2026-11-15T23:00:00+00:00"
    assert week("2026w47", ZONE) == window


def test_the_week_of_a_clock_change_is_an_hour_longer_or_shorter() -> None:
    spring, autumn = week("2026-W13", ZONE), week("2026-W43", ZONE)
    assert (spring.end - spring.start).total_seconds() == (7 * 24 - 1) * 3600
    assert (autumn.end - autumn.start).total_seconds() == (7 * 24 + 1) * 3600


def test_the_last_full_week_and_month() -> None:
    assert last_week(at("2026-11-23 00:00"), ZONE).name == "2026-W47"
    assert last_week(at("2026-11-22 23:59"), ZONE).name == "2026-W46"
    assert last_week(at("2027-01-04 07:00"), ZONE).name == "2026-W53"
    assert last_month(at("2027-01-04 07:00"), ZONE).name == "2026-12"
    assert month("2026-02", ZONE).last == date(2026, 2, 28)


def test_days_quarters_and_years() -> None:
    assert day("2026-11-20", ZONE).end == at("2026-11-21 00:00")
    assert last_day(at("2026-03-01 00:00"), ZONE).name == "2026-02-28"
    assert (quarter("2026-Q4", ZONE).first, quarter("2026q4", ZONE).last) == (date(2026, 10, 1), date(2026, 12, 31))
    assert last_quarter(at("2027-01-01 00:00"), ZONE) == quarter("2026-Q4", ZONE)
    assert last_quarter(at("2026-12-31 23:59"), ZONE).last == date(2026, 9, 30)
    assert (year("2024", ZONE).first, year("2024", ZONE).last) == (date(2024, 1, 1), date(2024, 12, 31))
    assert last_year(at("2027-01-01 00:00"), ZONE).name == "2026"
    for period, wrong in ((day, "2026-02-29"), (quarter, "2026-Q5"), (year, "26"), (year, "9999")):
        with pytest.raises(Usage, match="write it as 2026"):
            period(wrong, ZONE)


@pytest.mark.parametrize("name", ["2026-W54", "2025-W53", "47", "2026-47", "next"])
def test_a_week_that_does_not_exist(name: str) -> None:
    with pytest.raises(Usage, match="2026-W47"):
        week(name, ZONE)


@pytest.mark.parametrize("name", ["2026-13", "november", ""])
def test_a_month_that_does_not_exist(name: str) -> None:
    with pytest.raises(Usage, match="2026-11"):
        month(name, ZONE)


def test_days_in_the_wrong_order() -> None:
    with pytest.raises(Usage, match="comes before"):
        days(date(2026, 11, 2), date(2026, 11, 1), ZONE)


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [
        (date(2026, 11, 16), date(2026, 11, 22), 7),
        (date(2026, 10, 1), date(2026, 10, 31), 31),
        (date(2026, 9, 1), date(2026, 11, 22), 12),  # 1–6 September, then eleven whole weeks
        (date(2025, 1, 15), date(2026, 11, 22), 23),
    ],
)
def test_steps_cover_the_window_without_gaps(first: date, last: date, count: int) -> None:
    window = days(first, last, ZONE)
    parts = list(steps(window, ZONE))
    assert len(parts) == count
    assert parts[0].start == window.start and parts[-1].end == window.end
    assert all(one.end == two.start for one, two in pairwise(parts))
