"""The rates that docs/changes.md promises, on drawn worlds in which nothing has changed, or something has."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from math import comb, pi, sin
from random import Random

import pytest

from tests.simulated import worlds
from tests.simulated.counted import FIRST, Counted, spread
from ticketctl.domain.reports.early_warning import EarlyWarning, look
from ticketctl.domain.reports.measure import Thing
from ticketctl.domain.statistics.change import (
    Change,
    Week,
    against_rest,
    claims,
    durations,
    inflow,
    shares,
    week_a_year_later,
)

pytestmark = pytest.mark.long
NOISE = 0.01  # two standard errors of 2,000 … 4,000 draws near 5 … 10 %


def excludes(change: Change) -> bool:
    assert change.says != "too few"
    assert change.low is not None and change.high is not None
    return change.low > change.none or change.high < change.none


@pytest.mark.parametrize("effect", [0, 0.8])
@pytest.mark.parametrize(("n", "days"), [(20, 14), (20, 28), (40, 28), (60, 28), (60, 84)])
def test_durations_exclude_no_change_in_ten_percent(n: int, days: int, effect: float) -> None:
    random, wrong, drawn = Random(n + days), 0, 2000
    for _ in range(drawn):
        before, after = (worlds.durations(random, n, day_effect=effect, days=days) for _ in range(2))
        wrong += excludes(durations(before, after))
    assert wrong / drawn <= 0.10 + NOISE


@pytest.mark.parametrize("n", [12, 20, 30, 60])
def test_shares_exclude_no_change_in_ten_and_a_half_percent(n: int) -> None:
    """By enumeration."""
    wrong = {(x, y) for x in range(n + 1) for y in range(n + 1) if excludes(shares((x, n), (y, n)))}
    for twentieth in range(1, 20):
        p = twentieth / 20
        chance = [comb(n, x) * p**x * (1 - p) ** (n - x) for x in range(n + 1)]
        assert sum(chance[x] * chance[y] for x, y in wrong) <= 0.105


@pytest.mark.parametrize("ratio", [1, 2])
@pytest.mark.parametrize(("mean", "weeks"), [(5, 12), (20, 12), (50, 12), (20, 4)])
def test_inflow_claims_falsely_in_five_percent(mean: float, weeks: int, ratio: float) -> None:
    random, wrong, drawn = Random(int(mean) * weeks), 0, 4000
    for _ in range(drawn):
        before, after = (worlds.weeks(random, [mean] * weeks, ratio=ratio) for _ in range(2))
        wrong += excludes(inflow(before, after))
    assert wrong / drawn <= 0.05 + NOISE


@pytest.mark.parametrize("ratio", [1, 2])
@pytest.mark.parametrize("mean", [3, 5, 10, 20, 50])
def test_a_week_is_unlike_a_year_ago_in_five_percent(mean: float, ratio: float) -> None:
    """By five weeks of then, and how much the twelve before vary, while the desk has halved or doubled meanwhile."""
    random, wrong, drawn = Random(int(mean)), 0, 4000
    for at in range(drawn):
        then = [Week(worlds.counts(random, mean, ratio), 0, 5) for _ in range(5)]
        lately = [Week(worlds.counts(random, mean * (0.5, 1, 2)[at % 3], ratio), 0, 5) for _ in range(12)]
        wrong += week_a_year_later(then, lately, Week(worlds.counts(random, mean, ratio), 0, 5)).p < 0.05
    assert wrong / drawn <= 0.05 + 2 * NOISE


@pytest.mark.parametrize("growth", [1, 1.4])
@pytest.mark.parametrize("ratio", [1, 2])
@pytest.mark.parametrize(("mean", "rest"), [(5, 20), (10, 40), (5, 60)])
def test_a_part_claims_falsely_in_five_percent_when_the_desk_grows(
    mean: float, rest: float, ratio: float, growth: float
) -> None:
    random, wrong, drawn = Random(int(mean + rest)), 0, 4000
    for _ in range(drawn):
        before = worlds.weeks(random, [mean] * 12, rest=lambda _: rest, ratio=ratio)
        after = worlds.weeks(random, [mean * growth] * 12, rest=lambda _: rest * growth, ratio=ratio)
        wrong += excludes(against_rest(before, after))
    assert wrong / drawn <= 0.05 + NOISE


@pytest.mark.parametrize(("mean", "told"), [(5, 0.5), (10, 0.8), (20, 0.95)])
def test_a_halving_is_told(mean: float, told: float) -> None:
    """Weeks that vary twice as much as by chance."""
    random, found, drawn = Random(3), 0, 2000
    for _ in range(drawn):
        before = worlds.weeks(random, [mean] * 12, rest=lambda _: 60, ratio=2)
        after = worlds.weeks(random, [mean / 2] * 12, rest=lambda _: 60, ratio=2)
        found += claims({"": against_rest(before, after)})[""].says == "fell"
    assert found / drawn >= told


def test_a_report_of_twenty_comparisons_claims_something_in_five_percent() -> None:
    random, wrong, drawn = Random(4), 0, 1500
    for _ in range(drawn):
        report = {}
        for at in range(20):
            before, after = (worlds.weeks(random, [10] * 12, rest=lambda _: 60, ratio=2) for _ in range(2))
            report[str(at)] = against_rest(before, after)
        wrong += any(one.says in ("fell", "rose") for one in claims(report).values())
    assert wrong / drawn <= 0.06


# --- early warning ---

MEANS = (2, 3, 4, 5, 6, 8, 10, 12, 15, 20)  # a week, of ten things
HISTORY, YEAR = 28, 52  # weeks


def warned(diary: Counted, first: int, weeks: int) -> list[EarlyWarning]:
    """What a desk is told that looks each morning of those weeks."""
    active: dict[Thing, EarlyWarning] = {}
    told: list[EarlyWarning] = []
    for day in range(first * 7, (first + weeks) * 7 + 1):
        found, active = look(diary, FIRST + timedelta(days=day), active)
        told += found
    return told


@pytest.mark.parametrize(
    ("world", "ratio", "most"),
    [
        (lambda _: 1.0, 1, 1.5),
        (lambda _: 1.0, 2, 5),
        (lambda week: 1 + 0.4 * sin(2 * pi * week / YEAR), 1, 8),
        (lambda week: 2 ** (max(week, 0) / YEAR), 1, 8),
    ],
    ids=["poisson", "twice the variance", "yearly wave", "doubles in a year"],
)
def test_false_alarms_a_year(world: Callable[[int], float], ratio: float, most: float) -> None:
    random, alarms, years = Random(5), 0, 15
    for _ in range(years):
        factors = [world(week) for week in range(-HISTORY, YEAR)]
        days = {Thing("label", str(mean)): spread(random, [mean * one for one in factors], ratio) for mean in MEANS}
        alarms += len(warned(Counted(days), HISTORY, YEAR))
    assert alarms / years <= most


def test_a_tripling_of_five_a_week_is_told_within_four_weeks() -> None:
    random, found, drawn, thing = Random(6), 0, 300, Thing("label", "vip")
    for _ in range(drawn):
        diary = Counted({thing: spread(random, [5] * HISTORY + [15] * 4)})
        found += bool(warned(diary, HISTORY, 4))
    assert found / drawn >= 0.85
