"""Did it change? One method a question; docs/changes.md says what each can tell, tests/simulated what each holds.

Each gives a Change: an estimate with its interval, and the probability of such a difference where nothing changed. A
sentence may be made of it only after `claims`, which looks at all comparisons of a report together.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from itertools import pairwise
from math import exp, floor, log, log1p, sqrt
from typing import Literal

import msgspec

from ticketctl.domain.statistics.tails import (
    gamma_poisson_above,
    normal_above,
    normal_quantile,
    t_above,
    t_quantile,
)

Says = Literal["fell", "rose", "no clear change", "too few"]
Measured = Literal["times", "share", "count"]

DAYS, CASES = 6, 12  # at least, on each side: days with cases, cases
WEEKS = 4  # at least, on each side
HISTORY = 12  # weeks at least, for one week against those before it
ERROR = 0.05  # of a report: the chance that it claims anything where nothing changed
NARROW, WIDE = 0.90, 0.95  # levels of intervals: of durations and shares, of counts
_ALIKE, _ALIKE_WEEKS = 0.3, 20  # lag-1 correlation above which, and weeks from which on, neighbours resemble
_CAUTION = 5  # such comparisons are claimed at 99 % only


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One comparison. `measured`: "times" and "count" have an `estimate` that is a ratio (after ÷ before, 1: no
    change), "share" a difference (-1 … 1; 0: no change). `low` and `high` are its interval at `level`. `p` is the
    chance of a difference as large where nothing changed. `before` and `after` count the cases. `alike`: weeks resemble
    their neighbours, so that it is claimed at 99 % only. `says` is "no clear change" until `claims` has looked at the
    whole report; with "too few" there is no estimate, and `p` is 1."""

    measured: Measured
    before: int
    after: int
    says: Says = "no clear change"
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    level: float = WIDE
    p: float = 1.0
    alike: bool = False

    @property
    def none(self) -> float:
        """The estimate where nothing changed."""
        return 0.0 if self.measured == "share" else 1.0

    @property
    def fell(self) -> bool:
        return self.estimate is not None and self.estimate < self.none


def _too_few(measured: Measured, before: int, after: int) -> Change:
    return Change(measured=measured, before=before, after=after, says="too few")


# --- durations ---


def durations(before: Sequence[tuple[int, float]], after: Sequence[tuple[int, float]]) -> Change:
    """Of (local day of the cohort as an ordinal, minutes): the Hodges-Lehmann shift of log(1 + minutes), the day as the
    case, with the Mann-Whitney interval; cases of one day resemble each other."""
    olds, news = _by_day(before), _by_day(after)
    if min(len(olds), len(news)) < DAYS or min(len(before), len(after)) < CASES:
        return _too_few("times", len(before), len(after))
    old, new = list(olds.values()), list(news.values())
    shifts = sorted(b - a for a in old for b in new)
    spread = sqrt(_rank_variance(old, new))
    df = len(old) + len(new) - 2
    edge = max(0, floor(len(shifts) / 2 - t_quantile((1 + NARROW) / 2, df) * spread - 0.5))
    above = sum((shift > 0) + (shift == 0) / 2 for shift in shifts)
    distance = max(0.0, abs(above - len(shifts) / 2) - 0.5)
    return Change(
        measured="times",
        before=len(before),
        after=len(after),
        estimate=exp(median(shifts)),
        low=exp(shifts[edge]),
        high=exp(shifts[-1 - edge]),
        level=NARROW,
        p=min(1.0, 2 * t_above(distance / spread, df)) if spread else 1.0,
        alike=_alike(_weekly(olds), _weekly(news)),
    )


def _by_day(cases: Sequence[tuple[int, float]]) -> dict[int, float]:
    """Each day's median of log(1 + minutes)."""
    found: dict[int, list[float]] = {}
    for day, minutes in sorted(cases):
        found.setdefault(day, []).append(log1p(max(0.0, minutes)))
    return {day: median(sorted(values)) for day, values in found.items()}


def _weekly(days: Mapping[int, float]) -> list[float]:
    """The mean of each week's days."""
    found: dict[int, list[float]] = {}
    for day, value in days.items():
        found.setdefault((day - 1) // 7, []).append(value)  # the ordinal 1 is a Monday
    return [sum(values) / len(values) for _, values in sorted(found.items())]


def _rank_variance(old: Sequence[float], new: Sequence[float]) -> float:
    """Of the Mann-Whitney statistic where nothing changed, with ties."""
    n, m = len(old), len(new)
    counts: dict[Hashable, int] = {}
    for value in (*old, *new):
        counts[value] = counts.get(value, 0) + 1
    ties = sum(count**3 - count for count in counts.values()) / ((n + m) * (n + m - 1))
    return n * m / 12 * (n + m + 1 - ties)


def median(ordered: Sequence[float]) -> float:
    """Of at least one value, in order."""
    n = len(ordered)
    return (ordered[(n - 1) // 2] + ordered[n // 2]) / 2


# --- shares ---


def shares(before: tuple[int, int], after: tuple[int, int]) -> Change:
    """Of (part, whole): the Agresti-Caffo interval of the difference, cut at ± 1 (The American Statistician 54:4)."""
    if min(before[1], after[1]) < CASES:
        return _too_few("share", before[1], after[1])
    (x, n), (y, m) = before, after
    old, new = (x + 1) / (n + 2), (y + 1) / (m + 2)
    error = sqrt(old * (1 - old) / (n + 2) + new * (1 - new) / (m + 2))
    reach = normal_quantile((1 + NARROW) / 2) * error
    return Change(
        measured="share",
        before=n,
        after=m,
        estimate=y / m - x / n,
        low=max(-1.0, new - old - reach),
        high=min(1.0, new - old + reach),
        level=NARROW,
        p=2 * normal_above(abs(new - old) / error),
    )


# --- counts of weeks ---


class Week(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A whole ISO week: `cases` of what is looked at, `rest` of all else on the desk, and how many days it was open."""

    cases: int
    rest: int = 0
    days: float = 7


def inflow(before: Sequence[Week], after: Sequence[Week]) -> Change:
    """The rate ratio per open day: quasi-Poisson, whole weeks as cases, t. The rest of the desk plays no part."""
    before, after = _open(before), _open(after)
    old, new = sum(week.cases for week in before), sum(week.cases for week in after)
    if min(len(before), len(after)) < WEEKS:
        return _too_few("count", old, new)
    x, y = _counted(old, new)
    rates = [x / sum(week.days for week in before), y / sum(week.days for week in after)]
    olds = [_residual(week.cases, rates[0] * week.days, 1) for week in before]
    news = [_residual(week.cases, rates[1] * week.days, 1) for week in after]
    return _ratio(old, new, log(rates[1] / rates[0]), 1 / x + 1 / y, olds, news)


def against_rest(before: Sequence[Week], after: Sequence[Week]) -> Change:
    """The ratio of the odds against the rest of the desk: quasi-binomial by week, t. What makes the whole desk grow
    makes no change here."""
    before, after = _open(before), _open(after)
    old, new = sum(week.cases for week in before), sum(week.cases for week in after)
    others, now = sum(week.rest for week in before), sum(week.rest for week in after)
    if min(len(before), len(after)) < WEEKS or old < CASES or min(others, now) < CASES:
        return _too_few("count", old, new)
    x, y = _counted(old, new)
    parts = [x / (x + others), y / (y + now)]
    olds = [_residual(one.cases, parts[0] * (one.cases + one.rest), 1 - parts[0]) for one in before]
    news = [_residual(one.cases, parts[1] * (one.cases + one.rest), 1 - parts[1]) for one in after]
    return _ratio(old, new, log(y / now * others / x), 1 / x + 1 / others + 1 / y + 1 / now, olds, news)


def _open(weeks: Sequence[Week]) -> list[Week]:
    """Without weeks in which the desk was shut: nothing can be told from them."""
    return [week for week in weeks if week.days > 0]


def _counted(old: int, new: int) -> tuple[float, float]:
    """Half a case more on both sides where one has none."""
    return (old, new) if old and new else (old + 0.5, new + 0.5)


def _residual(cases: int, expected: float, share: float) -> float:
    return (cases - expected) / sqrt(expected * share) if expected > 0 and share > 0 else 0.0


def _ratio(old: int, new: int, shift: float, variance: float, olds: list[float], news: list[float]) -> Change:
    df = len(olds) + len(news) - 2
    spread = max(1.0, sum(one * one for one in (*olds, *news)) / df)
    error = sqrt(spread * variance)
    reach = t_quantile((1 + WIDE) / 2, df) * error
    return Change(
        measured="count",
        before=old,
        after=new,
        estimate=exp(shift),
        low=exp(shift - reach),
        high=exp(shift + reach),
        p=min(1.0, 2 * t_above(abs(shift) / error, df)),
        alike=_alike(olds, news),
    )


def _alike(before: Sequence[float], after: Sequence[float]) -> bool:
    """Whether weeks resemble their neighbours, apart from a change between the two sides."""
    if len(before) + len(after) < _ALIKE_WEEKS:
        return False
    sides = [[value - sum(side) / len(side) for value in side] for side in (before, after)]
    whole = sum(value * value for side in sides for value in side)
    pairs = sum(a * b for side in sides for a, b in pairwise(side))
    return whole > 0 and pairs / whole > _ALIKE


# --- one week against those before it ---

_PRIOR, _PRIOR_WEEKS = 1.5, 8  # what a count's variance ÷ mean is drawn to, and with how many weeks' weight


class Usual(msgspec.Struct, frozen=True):
    """What a count is expected to be, from `weeks` weeks: gamma-Poisson, with the uncertainty of its mean."""

    mean: float
    variance: float
    weeks: int

    def above(self, x: int) -> float:
        """P(X ≥ x)."""
        return gamma_poisson_above(x, self.mean, self.variance)

    def range(self, share: float = 0.8) -> tuple[int, int]:
        """From the smallest to the largest count of the middle `share`."""
        edge = (1 - share) / 2
        low = 0
        while 1 - self.above(low + 1) < edge:
            low += 1
        high = low
        while self.above(high + 1) > edge:
            high += 1
        return low, high


def usual(history: Sequence[Week], days: float, blocks: int = 1) -> Usual | None:
    """What `blocks` blocks with together `days` open days are expected to hold, from weeks before them; None where
    these are too few. The dispersion is drawn towards 1.5."""
    history = _open(history)
    if len(history) < HISTORY or days <= 0:
        return None
    whole = sum(week.days for week in history)
    rate = _rate(history)
    mean = rate * days
    return Usual(mean, dispersion(history) * mean * (1 + days / whole), len(history))


def _rate(history: Sequence[Week]) -> float:
    """Per open day."""
    return (sum(week.cases for week in history) + 0.5) / sum(week.days for week in history)


def dispersion(history: Sequence[Week]) -> float:
    """Variance ÷ mean of the weeks' counts (of at least one open week), drawn towards 1.5, at least 1."""
    return _dispersion(history)


def _dispersion(*blocks: Sequence[Week]) -> float:
    """Of blocks of weeks, each round a rate of its own."""
    rates = [(block, _rate(block)) for block in blocks]
    pearson = sum((week.cases - rate * week.days) ** 2 / (rate * week.days) for block, rate in rates for week in block)
    free = sum(len(block) - 1 for block in blocks)
    return max(1.0, (pearson + _PRIOR * _PRIOR_WEEKS) / (free + _PRIOR_WEEKS))


def one_week(history: Sequence[Week], week: Week) -> Change:
    """One week's count against the weeks before it: the ratio to the mean, with the range of ratios in which 95 of 100
    weeks lie where nothing changed; a week outside it is unusual."""
    expected = usual(history, week.days)
    old = sum(one.cases for one in history)
    if expected is None:
        return _too_few("count", old, week.cases)
    return _unusual(old, week, expected)


def week_a_year_later(then: Sequence[Week], lately: Sequence[Week], week: Week) -> Change:
    """One week's count against the weeks around the same week a year ago, `then`. How much weeks vary is told from
    those `lately`, too: five weeks alone would claim too much."""
    then, lately, old = _open(then), _open(lately), sum(one.cases for one in then)
    if len(then) < WEEKS or len(lately) < HISTORY or old < CASES or week.days <= 0:
        return _too_few("count", old, week.cases)
    mean = _rate(then) * week.days
    spread = _dispersion(then, lately) * (1 + week.days / sum(one.days for one in then))
    return _unusual(old, week, Usual(mean, spread * mean, len(then)))


def _unusual(old: int, week: Week, expected: Usual) -> Change:
    low, high = expected.range(WIDE)
    p = 2 * min(expected.above(week.cases), 1 - expected.above(week.cases + 1))
    return Change(
        measured="count",
        before=old,
        after=week.cases,
        estimate=week.cases / expected.mean,
        low=low / expected.mean,
        high=high / expected.mean,
        p=min(1.0, p),
    )


# --- all comparisons of a report together ---


def claims(changes: Mapping[str, Change], error: float = ERROR) -> dict[str, Change]:
    """The same, each with what may be said: Holm's procedure over all that are not too few, so that a report claims
    anything false in at most `error` of cases, however many comparisons it has."""
    tested = sorted(
        (min(1.0, one.p * (_CAUTION if one.alike else 1)), name)
        for name, one in changes.items()
        if one.says != "too few"
    )
    found = dict(changes)
    for place, (p, name) in enumerate(tested):
        if p > error / (len(tested) - place):
            break
        one = changes[name]
        found[name] = msgspec.structs.replace(one, says="fell" if one.fell else "rose")
    return found
