"""When a warning is given, and when nothing more is said."""

from __future__ import annotations

from datetime import date, timedelta

from tests.simulated.counted import FIRST, Counted
from ticketctl.domain.reports.early_warning import look
from ticketctl.domain.reports.measure import EarlyWarning, Thing

VIP = Thing("label", "vip")
CALM = [5] * 28


def told(*weeks: int) -> list[date]:
    """The days on which a desk is warned that looks each morning, with five a week for 28 weeks and then these, spread
    over Monday to Friday; counted in weeks and days from the first of these."""
    every = [*CALM, *weeks]
    diary = Counted({VIP: [(count + 4 - day) // 5 if day < 5 else 0 for count in every for day in range(7)]})
    active: dict[Thing, EarlyWarning] = {}
    found: list[date] = []
    for day in range(len(CALM) * 7, len(every) * 7 + 1):
        fresh, active = look(diary, FIRST + timedelta(days=day), active)
        found += [one.fired for one in fresh]
    return found


def in_week(day: date) -> int:
    """0 is the first week after the calm ones; what is found on a Monday is about the week before."""
    return (day - FIRST).days // 7 - len(CALM)


def test_a_wave_is_told_once_as_long_as_it_lasts() -> None:
    assert len(told(20, 20, 20, 20, 20)) == 1


def test_one_week_back_in_range_is_not_enough_for_the_next_warning() -> None:
    assert len(told(20, 5, 20, 5, 5)) == 1


def test_after_two_weeks_back_in_range_the_next_wave_is_told() -> None:
    first, second = told(20, 5, 5, 5, 30)
    assert in_week(first) == 0
    assert in_week(second) in (4, 5)


def test_it_is_told_before_the_week_is_over_where_it_is_clear() -> None:
    """Forty in the days from Monday to Wednesday."""
    (first,) = told(60)
    assert first.weekday() != 0
    assert in_week(first) == 0


def test_fewer_than_three_are_never_told() -> None:
    diary = Counted({VIP: [0] * 7 * 28 + [2, 0, 0, 0, 0, 0, 0]})
    assert look(diary, FIRST + timedelta(days=7 * 29), {})[0] == []


def test_a_label_that_nobody_used_before_has_no_history() -> None:
    rest = [5] * 7 * 29
    diary = Counted({VIP: [0] * 7 * 28 + [9, 0, 0, 0, 0, 0, 0]}, rest)
    diary._began["label"] = FIRST + timedelta(days=7 * 28)
    assert look(diary, FIRST + timedelta(days=7 * 29), {})[0] == []
