"""How durations or counts are summed up (docs/figures.md). No means: a few outliers would dominate them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from ticketctl.domain.deadlines.business_hours import between
from ticketctl.domain.settings.settings import Hours

FEW = 5


class Summary(msgspec.Struct, frozen=True):
    """How many values, their median and their 90th percentile; None where there are none."""

    n: int = 0
    median: timedelta | None = None
    p90: timedelta | None = None

    @property
    def few(self) -> bool:
        """Whether the values are too few to be more than anecdotes."""
        return self.n < FEW


class Times(msgspec.Struct, frozen=True):
    """The same stretches in calendar and in business time. `provisional`: they can still change."""

    calendar: Summary = Summary()
    business: Summary = Summary()
    provisional: bool = False


class Rate(msgspec.Struct, frozen=True):
    """`part` of `whole`. `provisional`: it can still change."""

    part: int = 0
    whole: int = 0
    provisional: bool = False

    @property
    def share(self) -> float | None:
        return self.part / self.whole if self.whole else None

    @property
    def few(self) -> bool:
        return self.whole < FEW


def summary(values: Iterable[timedelta]) -> Summary:
    """The median is the middle value or the mean of the two middle ones; the 90th percentile the smallest value that at
    least nine in ten do not exceed (nearest rank), so that it is one that really occurred."""
    ordered = sorted(values)
    if not ordered:
        return Summary()
    n = len(ordered)
    return Summary(n, (ordered[(n - 1) // 2] + ordered[n // 2]) / 2, ordered[-(-9 * n // 10) - 1])


def times(stretches: Sequence[tuple[datetime, datetime]], hours: Hours, *, provisional: bool = False) -> Times:
    """Of stretches from … to; where a clock went back in between, none is shorter than nothing."""
    return Times(
        summary(max(end - start, timedelta()) for start, end in stretches),
        summary(between(start, end, hours) for start, end in stretches),
        provisional,
    )


class Counts(msgspec.Struct, frozen=True):
    """As Summary, of whole numbers such as replies per ticket."""

    n: int = 0
    median: float | None = None
    p90: int | None = None


def counts_summary(counted: Mapping[int, int]) -> Counts:
    """`counted`: value → how many had it."""
    ordered = [value for value in sorted(counted) for _ in range(counted[value])]
    if not ordered:
        return Counts()
    n = len(ordered)
    return Counts(n, (ordered[(n - 1) // 2] + ordered[n // 2]) / 2, ordered[-(-9 * n // 10) - 1])
