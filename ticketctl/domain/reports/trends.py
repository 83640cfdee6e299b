"""Whether a week's figures differ from those of the weeks before it and a year ago: each figure by the test of its
kind, claimed only over all of them together (domain/statistics/change.py)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

import msgspec

from ticketctl.domain.reports.cases import Case, Frame, History, counted, decided_by_now, read_from, with_merged
from ticketctl.domain.reports.figures import FIGURES, Spec
from ticketctl.domain.reports.periods import Window, days
from ticketctl.domain.settings.settings import TARGET_KINDS, Target
from ticketctl.domain.statistics.change import (
    Change,
    Week,
    claims,
    durations,
    median,
    one_week,
    shares,
    week_a_year_later,
)
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.domain.ticket.timeline import as_of, lifespan

WEEKS = 12  # before it
AROUND = 2  # weeks before and after the same week a year ago
WEEKLY = ("arrivals", "closes", "backlog", "first_response", "targets_kept.first_response")
"""What is compared of every week, in the report and the weekly mail alike: all of it together is claimed or not."""


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """The same figure in the weeks `first` to `last` around the same ISO week a year ago: the least and most of these
    weeks (None where none has a value), and the comparison of all of them with this week."""

    first: date
    last: date
    usual: tuple[float, float] | None
    change: Change | None


class Trend(msgspec.Struct, frozen=True, kw_only=True):
    """A figure of the week: `value` is a median in business minutes, a share, a count, or a median count a ticket;
    None where there is none. `usual` is the range of the middle eight of ten of the weeks before, `median` their
    median; None where they have no value. `year_ago` is None where the desk is younger. A `change` is None, and nothing
    is claimed, of what is so at an instant (the backlog resembles that of the week before, so that no test holds), of
    arrivals less closes, and in a week that is not over."""

    value: float | None
    median: float | None = None
    usual: tuple[float, float] | None = None
    change: Change | None = None
    year_ago: Compared | None = None


def weeks_before(window: Window, frame: Frame, count: int = WEEKS) -> list[Window]:
    """The whole weeks before a week, the earliest first."""
    mondays = [window.first - timedelta(days=7 * back) for back in range(count, 0, -1)]
    return [_week(monday, frame) for monday in mondays]


def weeks_a_year_ago(asked: Frame) -> list[Frame]:
    """Those around the ISO week of the same number in the year before, the earliest first; around week 52 where that
    year has no 53."""
    year, number, _ = asked.window.first.isocalendar()
    last = date(year - 1, 12, 28).isocalendar().week
    same = date.fromisocalendar(year - 1, min(number, last), 1)
    mondays = [same + timedelta(days=7 * step) for step in range(-AROUND, AROUND + 1)]
    return [msgspec.structs.replace(asked, window=_week(monday, asked)) for monday in mondays]


def _week(monday: date, frame: Frame) -> Window:
    return days(monday, monday + timedelta(days=6), frame.zone, monday.isoformat())


class TrendTally:
    """Of a week, counts each of `figures` (names of FIGURES) in it, in the 12 weeks before, and in the weeks around it
    a year ago, where their tickets are added. Weeks before the first ticket that is read do not count."""

    def __init__(self, asked: Frame, figures: Sequence[str] = WEEKLY) -> None:
        self._asked, self._figures = _only(asked, figures), figures
        asked = self._asked
        before = [msgspec.structs.replace(asked, window=one) for one in weeks_before(asked.window, asked)]
        self._recent = _Weeks([*before, asked], figures)
        self._year_ago: _Weeks | None = None

    def passing(self, tickets: Iterable[Ticket]) -> Iterator[Ticket]:
        """The same tickets, merged ones last, each of which is counted as it passes by: those that matter to the week
        and to the 12 before (`compared_from`), or more."""
        for ticket, others in with_merged(tickets):
            self._recent.add(ticket, others)
            yield ticket

    def add_year_ago(self, tickets: Iterable[Ticket]) -> None:
        """Those that matter to `weeks_a_year_ago` (`year_ago_from`), of a desk that was there before them and deletes
        none of them."""
        self._recent.all_lived = True
        self._year_ago = _Weeks(weeks_a_year_ago(self._asked), self._figures, all_lived=True)
        for ticket, others in with_merged(tickets):
            self._year_ago.add(ticket, others)

    def trends(self) -> dict[str, Trend]:
        """What may be claimed is decided over all figures and both comparisons together."""
        every = {name: self._trend(name) for name in self._figures}
        changes = {name: one.change for name, one in every.items()}
        changes |= {f"{name} a year ago": one.year_ago.change for name, one in every.items() if one.year_ago}
        told = claims({key: one for key, one in changes.items() if one is not None})
        return {name: self._claimed(name, one, told) for name, one in every.items()}

    def _claimed(self, name: str, one: Trend, told: Mapping[str, Change]) -> Trend:
        then = one.year_ago
        if then:
            then = msgspec.structs.replace(then, change=told.get(f"{name} a year ago"))
        return msgspec.structs.replace(one, change=told.get(name), year_ago=then)

    def _trend(self, name: str) -> Trend:
        spec, asked = FIGURES[name], self._asked
        *before, now = self._recent.cases(name)
        *opened, _ = self._recent.open_days
        values = sorted(value for one in before if (value := _value(spec, one)) is not None)
        edge = len(values) // 10
        return Trend(
            value=_value(spec, now),
            median=median(values) if values else None,
            usual=(values[edge], values[-1 - edge]) if values else None,
            change=_change(spec, now, before, asked, opened),
            year_ago=self._compared(name, self._year_ago, now, (before, opened)) if self._year_ago else None,
        )

    def _compared(
        self, name: str, then: _Weeks, now: Sequence[Case], lately: tuple[list[list[Case]], list[int]]
    ) -> Compared:
        spec, asked = FIGURES[name], self._asked
        weeks = then.cases(name)
        values = [value for one in weeks if (value := _value(spec, one)) is not None]
        if spec.kind == "count" and _is_tested(spec, asked):
            weeks_then = _counts(weeks, then.open_days)
            change: Change | None = week_a_year_later(weeks_then, _counts(*lately), _counted(now, asked))
        else:
            change = _change(spec, now, weeks, asked, then.open_days)
        return Compared(
            first=then.frames[0].window.first,
            last=then.frames[-1].window.last,
            usual=(min(values), max(values)) if values else None,
            change=change,
        )


class _Weeks:
    """The cases of figures in each of some weeks, the earliest first. `all_lived`: the desk is older than they are."""

    def __init__(self, frames: Sequence[Frame], figures: Sequence[str], *, all_lived: bool = False) -> None:
        self.frames, self.all_lived = frames, all_lived
        self._found = [{name: list[Case]() for name in figures} for _ in frames]
        self._first = frames[-1].window.end

    def add(self, ticket: Ticket, others: Mapping[int, Ticket]) -> None:
        """A figure is asked only of the weeks that the ticket lived in, or that a target of it fell due in."""
        first, last = lifespan(ticket)
        self._first = min(self._first, first)
        due = [one.due_at for one in decided_by_now(ticket, self.frames[0])]
        for one, cases in zip(self.frames, self._found, strict=True):
            window = one.window
            if first < window.end and (last is None or last >= window.start or any(map(window.holds, due))):
                history = History(ticket, as_of(ticket, one.instant, others), one)
                for name, found in cases.items():
                    found += counted(FIGURES[name].cases(history))

    @property
    def _lived(self) -> int:
        """The place of the first week that begins with the first ticket or later; at most that of the last."""
        if self.all_lived:
            return 0
        since = self._first.astimezone(self.frames[-1].zone).date()
        lived = (at for at, one in enumerate(self.frames) if one.window.first >= since)
        return next(lived, len(self.frames) - 1)

    def cases(self, name: str) -> list[list[Case]]:
        """Of each week, but those before the first ticket."""
        return [one[name] for one in self._found[self._lived :]]

    @property
    def open_days(self) -> list[int]:
        """Of the same weeks."""
        return [_open_days(one) for one in self.frames[self._lived :]]


def compared_from(asked: Frame, figures: Sequence[str] = WEEKLY) -> datetime:
    """From when on the life of a closed ticket matters to `TrendTally.passing`."""
    only = _only(asked, figures)
    return read_from(msgspec.structs.replace(only, window=weeks_before(asked.window, asked)[0]))


def year_ago_from(asked: Frame, figures: Sequence[str] = WEEKLY) -> datetime:
    """The same of `TrendTally.add_year_ago`."""
    return read_from(weeks_a_year_ago(_only(asked, figures))[0])


def _only(asked: Frame, figures: Sequence[str]) -> Frame:
    """With the targets alone that one of the figures is about."""
    kinds = [kind for kind in TARGET_KINDS if f"targets_kept.{kind}" in figures]
    targets = {
        priority: Target(**{kind: getattr(target, kind) for kind in kinds})
        for priority, target in asked.targets.items()
    }
    return msgspec.structs.replace(asked, targets=targets if kinds else {})


def _value(spec: Spec, cases: Sequence[Case]) -> float | None:
    if spec.kind == "count":
        return sum(one.count for one in cases)
    if not cases:
        return None
    if spec.kind == "rate":
        return sum(one.count for one in cases) / len(cases)
    return median(sorted(map(_amount, cases)))


def _change(
    spec: Spec, now: Sequence[Case], weeks: Sequence[Sequence[Case]], asked: Frame, opened: Sequence[int]
) -> Change | None:
    before = [one for week in weeks for one in week]
    if not _is_tested(spec, asked):
        return None
    if spec.kind == "rate":
        return shares(_part(before), _part(now))
    if spec.kind == "count":
        return one_week(_counts(weeks, opened), _counted(now, asked))
    return durations(_by_day(spec, before, asked), _by_day(spec, now, asked))


def _is_tested(spec: Spec, asked: Frame) -> bool:
    return spec.cohort != "instant" and spec is not FIGURES["net"] and not asked.runs


def _counts(weeks: Sequence[Sequence[Case]], opened: Sequence[int]) -> list[Week]:
    return [Week(sum(one.count for one in week), 0, open_on) for week, open_on in zip(weeks, opened, strict=True)]


def _counted(cases: Sequence[Case], asked: Frame) -> Week:
    return Week(sum(one.count for one in cases), 0, _open_days(asked))


def _part(cases: Sequence[Case]) -> tuple[int, int]:
    return sum(one.count for one in cases), len(cases)


def _by_day(spec: Spec, cases: Iterable[Case], asked: Frame) -> list[tuple[int, float]]:
    marks = [(one, one.start if spec.cohort == "arrival" else one.end) for one in cases]
    return [(mark.at.astimezone(asked.zone).toordinal(), _amount(one)) for one, mark in marks if mark]


def _amount(case: Case) -> float:
    """Business minutes, or how many."""
    return case.count if case.business is None else case.business / timedelta(minutes=1)


def _open_days(asked: Frame) -> int:
    first, last = asked.window.first, asked.window.last
    return asked.hours.open_days(first, (last - first).days + 1)
