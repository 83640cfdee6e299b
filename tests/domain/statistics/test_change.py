"""What each comparison says of small sets whose answer can be worked out by hand; tests/simulated has the rates."""

from __future__ import annotations

import pytest

from ticketctl.domain.statistics.change import (
    Change,
    Week,
    against_rest,
    claims,
    durations,
    inflow,
    one_week,
    shares,
    usual,
)


def days(*minutes: float) -> list[tuple[int, float]]:
    """Two cases a day."""
    return [(738_000 + day, value) for day, value in enumerate(minutes) for _ in range(2)]


def test_durations_shift_by_a_factor() -> None:
    """1 + minutes is ten times as much on each day: so is the shift, whatever the days' spread."""
    before = days(9, 19, 29, 39, 49, 59, 69)
    after = [(day + 7, 10 * (1 + minutes) - 1) for day, minutes in before]
    found = durations(before, after)
    assert found.estimate == pytest.approx(10)
    assert found.low is not None and found.low > 1
    assert claims({"times": found})["times"].says == "rose"


def test_a_day_is_one_case_however_many_tickets_it_has() -> None:
    """Six days against six: 500 tickets on one bad day count as one day."""
    usual_days, bad = days(10, 20, 30, 40, 50, 60), [(738_020, 5000.0)] * 500
    found = durations(usual_days, [*[(day + 7, minutes) for day, minutes in usual_days], *bad])
    assert claims({"times": found})["times"].says == "no clear change"


@pytest.mark.parametrize(("before", "after"), [(5, 20), (20, 5)])
def test_durations_of_fewer_than_six_days_say_nothing(before: int, after: int) -> None:
    found = durations(
        [(day, 5.0) for day in range(before) for _ in range(9)], [(99 + day, 9.0) for day in range(after)]
    )
    assert (found.says, found.estimate, found.p) == ("too few", None, 1)


def test_fewer_than_twelve_cases_say_nothing() -> None:
    assert durations([(day, 5.0) for day in range(11)], days(*range(20))).says == "too few"
    assert shares((5, 11), (5, 50)).says == "too few"
    assert shares((5, 12), (5, 12)).says == "no clear change"


def test_shares_by_agresti_and_caffo() -> None:
    """10 of 20 against 10 of 20: 11/22 each, error √(2 · ¼/22) = .15076, times 1.6449 = .24797."""
    found = shares((10, 20), (10, 20))
    assert (found.estimate, found.low, found.high) == (
        0,
        pytest.approx(-0.24797, abs=1e-4),
        pytest.approx(0.24797, abs=1e-4),
    )
    assert found.p == 1


def test_an_interval_of_shares_ends_at_a_hundred_points() -> None:
    found = shares((0, 12), (12, 12))
    assert found.high == 1
    assert claims({"share": found})["share"].says == "rose"


def test_inflow_is_compared_per_open_day() -> None:
    """Four weeks of three open days with 12 tickets each are as busy as weeks of five with 20."""
    found = inflow([Week(20, 0, 5)] * 12, [Week(12, 0, 3)] * 4)
    assert found.estimate == pytest.approx(1)
    assert inflow([Week(20, 0, 5)] * 12, [Week(12, 0, 3)] * 3).says == "too few"


def test_weeks_in_which_the_desk_was_shut_do_not_count() -> None:
    shut = Week(0, 0, 0)
    assert inflow([Week(20)] * 12, [Week(20)] * 3 + [shut] * 9).says == "too few"
    assert inflow([Week(20)] * 12 + [shut] * 5, [Week(20)] * 4).estimate == pytest.approx(1)


def test_growth_of_the_whole_desk_is_no_change_of_a_part() -> None:
    """10 of 50 before, 20 of 100 after."""
    before, after = [Week(10, 40)] * 12, [Week(20, 80)] * 12
    assert inflow(before, after).estimate == pytest.approx(2)
    assert against_rest(before, after).estimate == pytest.approx(1)
    stayed = against_rest(before, [Week(10, 80)] * 12)
    assert stayed.estimate == pytest.approx(0.5)
    assert claims({"cause": stayed})["cause"].says == "fell"


def test_a_part_with_fewer_than_twelve_cases_before_says_nothing() -> None:
    assert against_rest([Week(1, 40)] * 11, [Week(9, 40)] * 12).says == "too few"


def test_none_after_is_a_fall_with_an_interval() -> None:
    found = against_rest([Week(5, 40)] * 12, [Week(0, 40)] * 12)
    assert found.high is not None and found.high < 0.2
    assert claims({"cause": found})["cause"].says == "fell"


def test_weeks_that_resemble_their_neighbours_are_claimed_at_99_percent() -> None:
    """A slow wave: the same difference that is claimed of weeks in another order is not claimed of these."""
    wave = [30, 30, 29, 28, 26, 24, 22, 20, 18, 16, 14, 13]
    shuffled = [30, 16, 26, 13, 29, 20, 28, 14, 30, 18, 24, 22]
    slow = inflow([Week(one) for one in wave], [Week(one - 6) for one in wave])
    mixed = inflow([Week(one) for one in shuffled], [Week(one - 6) for one in shuffled])
    assert (slow.alike, mixed.alike) == (True, False)
    assert slow.p == pytest.approx(mixed.p)
    assert 0.01 < slow.p < 0.05
    assert claims({"inflow": mixed})["inflow"].says == "fell"
    assert claims({"inflow": slow})["inflow"].says == "no clear change"


def test_holm_looks_at_the_whole_report() -> None:
    """.01 is claimed beside one other, .02 is claimed alone; beside three others neither is."""

    def change(p: float) -> Change:
        return Change(measured="count", before=50, after=20, estimate=0.5, low=0.4, high=0.9, p=p)

    def said(*ps: float) -> list[str]:
        return [one.says for one in claims({str(place): change(p) for place, p in enumerate(ps)}).values()]

    assert said(0.02) == ["fell"]
    assert said(0.01, 0.04) == ["fell", "fell"]
    assert said(0.03, 0.04) == ["no clear change"] * 2
    assert said(0.02, 0.2, 0.3, 0.4) == ["no clear change"] * 4
    too_few = Change(measured="count", before=1, after=1, says="too few")
    assert claims({"a": change(0.04), "b": too_few})["a"].says == "fell"


def test_one_week_against_those_before() -> None:
    history = [Week(count) for count in (4, 6, 5, 5, 3, 7, 5, 5, 6, 4, 5, 5)]
    expected = usual(history, 7)
    assert expected is not None
    assert expected.mean == pytest.approx(60.5 / 12)
    assert expected.range() == (2, 8)
    assert claims({"arrivals": one_week(history, Week(20))})["arrivals"].says == "rose"
    assert claims({"arrivals": one_week(history, Week(8))})["arrivals"].says == "no clear change"
    assert one_week(history[1:], Week(20)).says == "too few"


def test_a_short_week_is_expected_to_hold_less() -> None:
    history = [Week(20, 0, 5)] * 12
    assert claims({"arrivals": one_week(history, Week(4, 0, 1))})["arrivals"].says == "no clear change"
    assert claims({"arrivals": one_week(history, Week(4, 0, 5))})["arrivals"].says == "fell"
