"""Whether a week's figures differ from those of the weeks before it: each figure by the test of its kind, claimed only
over all of them together (domain/statistics/change.py)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

import msgspec

from ticketctl.domain.reports.cases import Case, Frame, History, counted, read_from, with_merged
from ticketctl.domain.reports.figures import FIGURES, Spec
from ticketctl.domain.reports.periods import Window, days
from ticketctl.domain.statistics.change import Change, Week, claims, durations, median, one_week, shares
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.domain.ticket.timeline import as_of, lifespan

WEEKS = 12  # before it


class Trend(msgspec.Struct, frozen=True, kw_only=True):
    """A figure of the week: `value` is a median in business minutes, a share, a count, or a median count a ticket;
    None where there is none. `usual` is the range of the middle eight of ten of the weeks before, `median` their
    median; None where they have no value. `change` is None, and nothing is claimed, of what is so at an instant (the
    backlog resembles that of the week before, so that no test holds), of arrivals less closes, and in a week that is
    not over."""

    value: float | None
    median: float | None = None
    usual: tuple[float, float] | None = None
    change: Change | None = None


def weeks_before(window: Window, frame: Frame, count: int = WEEKS) -> list[Window]:
    """The whole weeks before a week, the earliest first."""
    mondays = [window.first - timedelta(days=7 * back) for back in range(count, 0, -1)]
    return [days(monday, monday + timedelta(days=6), frame.zone, monday.isoformat()) for monday in mondays]


def trends(tickets: Iterable[Ticket], asked: Frame, figures: Sequence[str]) -> dict[str, Trend]:
    """Of a week, by names of FIGURES, from tickets that matter to it and to the 12 weeks before: those that
    `earliest(asked)` tells. Weeks before the desk's first ticket do not count."""
    before = [msgspec.structs.replace(asked, window=one) for one in weeks_before(asked.window, asked)]
    frames = [*before, asked]
    found = [{name: list[Case]() for name in figures} for _ in frames]
    since = [read_from(one) for one in frames]
    start = asked.window.end
    for ticket, others in with_merged(tickets):
        first, last = lifespan(ticket)
        start = min(start, first)
        for one, reading, cases in zip(frames, since, found, strict=True):
            if first < one.window.end and (last is None or last >= reading):
                history = History(ticket, as_of(ticket, one.instant, others), one)
                for name in figures:
                    cases[name] += counted(FIGURES[name].cases(history))
    since_day = start.astimezone(asked.zone).date()
    lived = [place for place, one in enumerate(before) if one.window.first >= since_day]
    weeks = [found[place] for place in lived], [_open_days(before[place]) for place in lived]
    every = {name: _trend(name, found[-1], asked, *weeks) for name in figures}
    told = claims({name: one.change for name, one in every.items() if one.change is not None})
    return {name: msgspec.structs.replace(one, change=told.get(name)) for name, one in every.items()}


def earliest(asked: Frame) -> Frame:
    """The frame of the first week that `trends` reads."""
    return msgspec.structs.replace(asked, window=weeks_before(asked.window, asked)[0])


def _trend(
    name: str, now: Mapping[str, list[Case]], asked: Frame, before: list[dict[str, list[Case]]], opened: list[int]
) -> Trend:
    spec, cases, weeks = FIGURES[name], now[name], [one[name] for one in before]
    values = sorted(value for one in weeks if (value := _value(spec, one)) is not None)
    edge = len(values) // 10
    return Trend(
        value=_value(spec, cases),
        median=median(values) if values else None,
        usual=(values[edge], values[-1 - edge]) if values else None,
        change=_change(spec, cases, weeks, asked, opened),
    )


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
    if spec.cohort == "instant" or spec is FIGURES["net"] or asked.runs:
        return None
    if spec.kind == "rate":
        return shares(_part(before), _part(now))
    if spec.kind == "count":
        history = [
            Week(sum(one.count for one in week), 0, days_open) for week, days_open in zip(weeks, opened, strict=True)
        ]
        return one_week(history, Week(sum(one.count for one in now), 0, _open_days(asked)))
    return durations(_by_day(spec, before, asked), _by_day(spec, now, asked))


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
