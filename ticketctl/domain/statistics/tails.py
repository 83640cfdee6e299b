"""Tails and quantiles of the normal, Student's t and the gamma-Poisson distribution, to 1e-6 or better."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from math import erfc, exp, inf, lgamma, log, log1p, sqrt

_STEPS = 500  # of the continued fraction; it converges in O(sqrt(max(a, b)))
_SMALL = 1e-300


def normal_above(z: float) -> float:
    """P(Z > z)."""
    return erfc(z / sqrt(2)) / 2


@cache
def normal_quantile(p: float) -> float:
    """z with P(Z ≤ z) = p, 0 < p < 1."""
    return _solve(lambda z: 1 - normal_above(z), p)


def t_above(t: float, df: float) -> float:
    """P(T > t) with `df` degrees of freedom (> 0)."""
    half = beta_share(df / (df + t * t), df / 2, 0.5) / 2
    return half if t >= 0 else 1 - half


@cache
def t_quantile(p: float, df: float) -> float:
    """t with P(T ≤ t) = p, 0 < p < 1."""
    return _solve(lambda t: 1 - t_above(t, df), p)


def gamma_poisson_above(x: int, mean: float, variance: float) -> float:
    """P(X ≥ x) of counts with that mean (> 0) and variance; Poisson where the variance is not above the mean."""
    if x <= 0:
        return 1.0
    if variance <= mean * (1 + 1e-9):
        return _poisson_above(x, mean)
    size = mean * mean / (variance - mean)
    return beta_share(mean / (mean + size), x, size)


def _poisson_above(x: int, mean: float) -> float:
    """P(X ≥ x) = 1 - Σ below x, or the sum of what is above where that is smaller."""
    if x <= mean:
        return 1 - sum(exp(k * log(mean) - mean - lgamma(k + 1)) for k in range(x))
    term, total, k = exp(x * log(mean) - mean - lgamma(x + 1)), 0.0, x
    while term > total * 1e-17:
        total, k = total + term, k + 1
        term *= mean / k
    return total


def beta_share(x: float, a: float, b: float) -> float:
    """The regularized incomplete beta function I_x(a, b), by its continued fraction (DLMF 8.17.22, Lentz's method)."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - beta_share(1 - x, b, a)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
    upper, lower = 1.0, 1 / _not_zero(1 - (a + b) * x / (a + 1))
    found = lower
    for m in range(1, _STEPS):
        for factor in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            lower, upper = 1 / _not_zero(1 + factor * lower), _not_zero(1 + factor / upper)
            found *= lower * upper
        if abs(lower * upper - 1) < 1e-14:
            break
    return front * found


def _not_zero(value: float) -> float:
    return value if abs(value) > _SMALL else _SMALL


def _solve(below: Callable[[float], float], p: float) -> float:
    """Where a distribution function reaches p, by bisection."""
    low, high = -1.0, 1.0
    while below(low) > p and low > -inf:
        low *= 2
    while below(high) < p and high < inf:
        high *= 2
    for _ in range(200):
        middle = (low + high) / 2
        if high - low <= 1e-12 * max(1.0, abs(middle)):
            break
        low, high = (middle, high) if below(middle) < p else (low, middle)
    return (low + high) / 2
