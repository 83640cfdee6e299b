"""Against values printed in tables: Abramowitz and Stegun 26, the t table of any textbook, scipy for the rest."""

from __future__ import annotations

from math import atan, pi, sqrt

import pytest

from ticketctl.domain.statistics.tails import (
    beta_share,
    gamma_poisson_above,
    normal_above,
    normal_quantile,
    t_above,
    t_quantile,
)


@pytest.mark.parametrize(
    ("z", "above"),
    [(0, 0.5), (1, 0.1586552539), (1.96, 0.0249978951), (2.5758293035, 0.005), (4, 3.16712418e-05), (-1, 0.8413447461)],
)
def test_normal(z: float, above: float) -> None:
    assert normal_above(z) == pytest.approx(above, abs=1e-9)
    assert normal_quantile(1 - above) == pytest.approx(z, abs=1e-5)


@pytest.mark.parametrize(
    ("p", "df", "t"),
    [
        (0.95, 1, 6.3137515),
        (0.975, 1, 12.7062047),
        (0.975, 2, 4.3026527),
        (0.95, 5, 2.0150484),
        (0.975, 6, 2.4469119),
        (0.995, 10, 3.1692727),
        (0.975, 22, 2.0738731),
        (0.995, 22, 2.8187561),
        (0.975, 30, 2.0422725),
        (0.9995, 40, 3.5509658),
        (0.975, 120, 1.9799304),
    ],
)
def test_student_t(p: float, df: float, t: float) -> None:
    assert t_quantile(p, df) == pytest.approx(t, abs=1e-6)
    assert t_above(t, df) == pytest.approx(1 - p, abs=1e-6)
    assert t_quantile(1 - p, df) == pytest.approx(-t, abs=1e-6)


@pytest.mark.parametrize("t", [-3.0, -0.5, 0.0, 0.1, 1.0, 7.0])
def test_student_t_in_closed_form(t: float) -> None:
    assert t_above(t, 1) == pytest.approx(0.5 - atan(t) / pi, abs=1e-12)
    assert t_above(t, 2) == pytest.approx(0.5 - t / (2 * sqrt(2 + t * t)), abs=1e-12)


@pytest.mark.parametrize(
    ("x", "mean", "above"), [(1, 0.5, 0.3934693403), (10, 5, 0.0318280573), (15, 5, 0.0002262537), (3, 5, 0.8753479805)]
)
def test_poisson(x: int, mean: float, above: float) -> None:
    """1 - the cumulative sums of a Poisson table."""
    assert gamma_poisson_above(x, mean, mean) == pytest.approx(above, abs=1e-9)


def test_gamma_poisson() -> None:
    """Mean 1, variance 2 is geometric with p = ½: P(X ≥ x) = 2^-x. Mean 5, variance 10 is negative binomial with
    r = 5, p = ½: P(X ≥ 10) = P(at most 4 heads in 14 throws) = 1471 / 16384."""
    assert [gamma_poisson_above(x, 1, 2) for x in range(5)] == pytest.approx([1, 0.5, 0.25, 0.125, 0.0625], abs=1e-12)
    assert gamma_poisson_above(10, 5, 10) == pytest.approx(1471 / 16384, abs=1e-12)
    assert gamma_poisson_above(400, 200, 300) < 1e-12


def test_incomplete_beta_at_its_edges() -> None:
    assert (beta_share(0, 2, 3), beta_share(1, 2, 3)) == (0, 1)
    assert beta_share(0.5, 2, 3) == pytest.approx(11 / 16, abs=1e-12)
    assert beta_share(0.3, 700, 900) + beta_share(0.7, 900, 700) == pytest.approx(1, abs=1e-9)
