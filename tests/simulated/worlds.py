"""Draws of a desk's weeks and durations: counts that vary as chance does, or more; days that share an effect."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import exp, log
from random import Random

from ticketctl.domain.statistics.change import Week


def poisson(random: Random, mean: float) -> int:
    """By inversion; large means in parts."""
    if mean > 30:
        return poisson(random, mean / 2) + poisson(random, mean / 2)
    term = total = exp(-mean)
    drawn, count = random.random(), 0
    while drawn > total and count < 500:
        count += 1
        term *= mean / count
        total += term
    return count


def counts(random: Random, mean: float, ratio: float = 1) -> int:
    """Variance = ratio × mean: Poisson with a gamma-distributed mean."""
    if ratio <= 1 or mean <= 0:
        return poisson(random, mean)
    size = mean / (ratio - 1)
    return poisson(random, random.gammavariate(size, mean / size))


def weeks(
    random: Random, means: Sequence[float], *, rest: Callable[[int], float] = lambda _: 0, ratio: float = 1
) -> list[Week]:
    return [Week(counts(random, mean, ratio), counts(random, rest(at), ratio)) for at, mean in enumerate(means)]


def durations(random: Random, n: int, *, day_effect: float, days: int, median: float = 60) -> list[tuple[int, float]]:
    """`n` durations of log-normal shape, sd 1.3 of the logarithm in all, of which `day_effect` is shared by those of
    one day."""
    own = (1.3**2 - day_effect**2) ** 0.5
    effects = [random.gauss(0, day_effect) for _ in range(days)]
    found = []
    for _ in range(n):
        day = random.randrange(days)
        found.append((day, exp(log(median) + effects[day] + random.gauss(0, own))))
    return found
