"""What a comparison of weeks can find at all: the same test, on weeks that are drawn. Drawn anew it gives the same
answer: the draws are from a fixed seed."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, sqrt
from random import Random

from ticketctl.domain.statistics.change import CASES, Week, against_rest, claims, dispersion, inflow

DRAWS = 1000
# Variance ÷ mean, at least: what `dispersion` makes of 12 weeks that vary twice as much as by chance. Weeks that look
# calmer by chance would promise too much.
_VARIANCE = 1.8
_NORMAL = 30  # mean above which counts are drawn from the normal distribution


def chance(history: Sequence[Week], *, ratio: float = 0.5, weeks: int = 12) -> float:
    """How often a change to `ratio` would be claimed after `weeks` weeks, 0 … 1, if weeks are as those of `history`
    and vary rather more than by chance alone; 0 where these are too few to say anything."""
    opened = [one for one in history if one.days > 0]
    if not opened or sum(one.cases for one in opened) < CASES * len(opened) / weeks:
        return 0.0
    random = Random(1)  # noqa: S311 - a simulation
    spread = max(_VARIANCE, dispersion(opened))
    mean = sum(one.cases for one in opened) / len(opened)
    rest = sum(one.rest for one in opened) / len(opened)
    found = 0
    for _ in range(DRAWS):
        before = [Week(_count(random, mean, spread), _count(random, rest, 1)) for _ in range(weeks)]
        after = [Week(_count(random, mean * ratio, spread), _count(random, rest, 1)) for _ in range(weeks)]
        change = against_rest(before, after) if rest else inflow(before, after)
        found += claims({"": change})[""].says == ("fell" if ratio < 1 else "rose")
    return found / DRAWS


def _count(random: Random, mean: float, spread: float) -> int:
    """A count with variance = spread × mean."""
    if mean <= 0:
        return 0
    if spread > 1:
        size = mean / (spread - 1)
        mean = random.gammavariate(size, mean / size)
    if mean > _NORMAL:
        return max(0, round(random.gauss(mean, sqrt(mean))))
    term = total = exp(-mean)
    drawn, count = random.random(), 0
    while drawn > total and count < 10 * _NORMAL:
        count += 1
        term *= mean / count
        total += term
    return count
