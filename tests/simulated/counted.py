"""A diary of drawn counts, without tickets: what `measures` and `early_warning` read, for many desks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random

from tests.simulated.worlds import counts
from ticketctl.domain.reports.diary import Diary, Entry
from ticketctl.domain.reports.measure import Thing
from ticketctl.domain.settings.settings import Hours

FIRST = date(2023, 11, 27)  # a Monday


class Counted(Diary):
    """`days`: thing → how many came on each day from FIRST on; `rest` likewise, of all else."""

    def __init__(self, days: Mapping[Thing, Sequence[int]], rest: Sequence[int] = ()) -> None:
        super().__init__([], Hours())
        self._arrived = Counter({FIRST + timedelta(days=at): count for at, count in enumerate(rest)})
        number = 0
        for thing, series in days.items():
            self.entries[thing] = []
            self._began[thing.kind] = FIRST
            for at, count in enumerate(series):
                day = FIRST + timedelta(days=at)
                self._arrived[day] += count
                for _ in range(count):
                    number += 1
                    self.entries[thing].append(Entry(day, number, ""))


def spread(random: Random, weeks: Sequence[float], ratio: float = 1) -> list[int]:
    """Counts of the days of weeks with those means, Monday to Friday."""
    return [counts(random, mean / 5, ratio) if day < 5 else 0 for mean in weeks for day in range(7)]
