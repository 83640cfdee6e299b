"""What became of a measure: whole weeks before and after its start, against the rest of the desk; and what can be found
at all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import msgspec

from ticketctl.domain.reports.diary import Diary
from ticketctl.domain.reports.measure import Measure, Thing
from ticketctl.domain.statistics.change import Change, Week, against_rest, claims, inflow

WEEKS = 12  # on each side, unless another number is given


class Side(msgspec.Struct, frozen=True):
    """Whole ISO weeks, from the Monday `first` to the Sunday `last`; `rest` are the other tickets of the desk."""

    weeks: int
    cases: int
    rest: int
    first: date | None = None
    last: date | None = None

    @property
    def per_week(self) -> float:
        return self.cases / self.weeks if self.weeks else 0.0


class Effect(msgspec.Struct, frozen=True):
    """`change` compares with the rest of the desk; where the measure is about all that comes in, per open day."""

    measure: Measure
    before: Side
    after: Side
    change: Change


def effect(measure: Measure, diary: Diary, today: date, weeks: int = WEEKS) -> Effect:
    """As of `today` (local); the week of the start is left out, and weeks before anything was noted."""
    monday = _monday(measure.start)
    old = _weeks_before(diary, measure.about, monday, weeks)
    end = min(today, measure.stopped or today)
    later = [monday + timedelta(days=7 * (one + 1)) for one in range(weeks)]
    new = [one for one in later if one + timedelta(days=7) <= end]
    before, after = ([diary.week(measure.about, one) for one in side] for side in (old, new))
    compare = inflow if measure.about is None else against_rest
    change = claims({"": compare(before, after)})[""]
    return Effect(measure, _side(old, before), _side(new, after), change)


def jointly(effects: Sequence[Effect]) -> list[Effect]:
    """The same for a report that tells of several: what may be claimed of all of them together."""
    told = claims({str(place): _unclaimed(one.change) for place, one in enumerate(effects)})
    return [msgspec.structs.replace(one, change=told[str(place)]) for place, one in enumerate(effects)]


def history(diary: Diary, about: Thing | None, start: date, weeks: int = WEEKS) -> list[Week]:
    """The whole weeks before the week of `start`."""
    return [diary.week(about, one) for one in _weeks_before(diary, about, _monday(start), weeks)]


def reading_from(start: date, weeks: int = WEEKS) -> date:
    """The first day of which tickets are needed for a measure that starts then."""
    return _monday(start) - timedelta(days=7 * weeks)


def _unclaimed(change: Change) -> Change:
    return change if change.says == "too few" else msgspec.structs.replace(change, says="no clear change")


def _weeks_before(diary: Diary, about: Thing | None, monday: date, weeks: int) -> list[date]:
    since = diary.since(about)
    every = [monday - timedelta(days=7 * back) for back in range(weeks, 0, -1)]
    return [one for one in every if since is not None and one >= since]


def _side(mondays: Sequence[date], weeks: Sequence[Week]) -> Side:
    cases, rest = sum(one.cases for one in weeks), sum(one.rest for one in weeks)
    if not mondays:
        return Side(0, 0, 0)
    return Side(len(weeks), cases, rest, mondays[0], mondays[-1] + timedelta(days=6))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
