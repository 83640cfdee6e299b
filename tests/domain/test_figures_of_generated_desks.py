"""On desks that are played at random: what lists a figure's tickets makes the figure, parts add up to the whole, what
is left unread changes nothing, and a week that is over stays as it was."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from tests.conftest import some_now
from tests.generated import HOURS, TARGETS, play
from ticketctl.domain.changes.merge import merge, unmerge
from ticketctl.domain.reports.breakdown import KINDS, Dimension, cases_in, grouped, over_time
from ticketctl.domain.reports.cases import REASONS, Case, Frame, frame, read_from
from ticketctl.domain.reports.figures import FIGURES, Figures, figure, figures_of
from ticketctl.domain.reports.periods import Window, days, month, parts, week
from ticketctl.domain.reports.statistics import Counts, Rate, Summary, Times
from ticketctl.domain.ticket.query import Query
from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.store.tiny.store import TinyStore

ZONE = ZoneInfo("Europe/Stockholm")
WINDOWS = (
    week("2026-W42", ZONE),
    week("2026-W44", ZONE),
    month("2026-10", ZONE),
    days(date(2026, 10, 24), date(2026, 10, 25), ZONE),
    days(date(2026, 1, 1), date(2026, 12, 31), ZONE),
)
SEEDS = range(20)
DIMENSIONS = [*(Dimension(kind, kind) for kind in KINDS), Dimension("field", "area")]


def asked(window: Window, now: datetime) -> Frame:
    return frame(window, hours=HOURS, targets=TARGETS, now=now)


# --- what lists the tickets makes the figure ---


def summed(kind: str, cases: Sequence[Case]) -> Any:
    """From the lines alone."""
    lines = [case for case in cases if case.reason == "counted"]
    if kind == "times":
        return tuple(_summed([getattr(one, name) for one in lines]) for name in ("calendar", "business"))
    if kind == "rate":
        return sum(one.count for one in lines), len(lines)
    if kind == "count":
        return sum(one.count for one in lines)
    counts = sorted(one.count for one in lines)
    return len(counts), median(counts) if counts else None


def _summed(values: list[timedelta]) -> tuple[int, timedelta | None, timedelta | None]:
    ordered = sorted(values)
    if not ordered:
        return 0, None, None
    within = next(one for one in ordered if sum(other <= one for other in ordered) * 10 >= 9 * len(ordered))
    seconds = median(one / timedelta(microseconds=1) for one in ordered)
    return len(ordered), timedelta(microseconds=seconds), within


def shown(value: Any) -> Any:
    """The same of what the report has."""
    match value:
        case Times(calendar, business):
            return tuple((one.n, one.median, one.p90) for one in (calendar, business))
        case Rate(part, whole):
            return part, whole
        case Counts(n, middle):
            return n, middle
        case Summary():
            raise AssertionError
    return value


@pytest.mark.parametrize("seed", some_now(SEEDS, 10))
def test_the_listing_of_a_figure_gives_the_figure(seed: int) -> None:
    end = play(seed)[-1]
    for window in WINDOWS:
        here = asked(window, end.now)
        whole = figures_of(end.tickets, here)
        for name, spec in FIGURES.items():
            cases = cases_in(end.tickets, here, name)
            assert summed(spec.kind, cases) == shown(figure(whole, name)), name
            assert {case.ticket for case in cases} == {one.number for one in end.tickets}, "each ticket has a line"
            assert {case.reason for case in cases} <= set(REASONS)
            for case in cases:
                if case.reason == "counted" and spec.kind == "times":
                    assert case.start and case.end
                    if name != "waiting_for_customer":
                        assert case.calendar == max(case.end.at - case.start.at, timedelta())


@pytest.mark.parametrize("seed", some_now(SEEDS, 10))
def test_the_listing_of_a_group_gives_its_figure(seed: int) -> None:
    end = play(seed)[-1]
    here = asked(WINDOWS[1 + seed % 2], end.now)
    for by in DIMENSIONS:
        _, groups = grouped(end.tickets, here, by)
        for value, figures in groups.figures.items():
            for name, spec in FIGURES.items():
                cases = cases_in(end.tickets, here, name, by, value)
                assert summed(spec.kind, cases) == shown(figure(figures, name)), (by, value, name)


@pytest.mark.parametrize("seed", some_now(SEEDS, 10))
def test_groups_add_up_to_the_whole_where_each_ticket_is_in_one(seed: int) -> None:
    end = play(seed)[-1]
    here = asked(WINDOWS[2], end.now)
    for by in DIMENSIONS:
        whole, groups = grouped(end.tickets, here, by)
        assert whole == figures_of(end.tickets, here)
        for name, spec in FIGURES.items():
            parts = [shown(figure(one, name)) for one in groups.figures.values()]
            all_of_it = shown(figure(whole, name))
            if by.kind != "label" and spec.kind in ("count", "rate"):
                added = sum(parts) if spec.kind == "count" else tuple(map(sum, zip((0, 0), *parts, strict=True)))
                assert added == all_of_it, (by, name)


@pytest.mark.parametrize("seed", some_now(SEEDS, 10))
def test_each_week_over_time_is_its_own_report(seed: int) -> None:
    end = play(seed)[-1]
    windows = list(parts(WINDOWS[2], ZONE, "week"))
    frames = [asked(window, end.now) for window in windows]
    assert over_time(end.tickets, frames) == [figures_of(end.tickets, one) for one in frames]


# --- where the tickets are ---


@pytest.mark.parametrize("seed", some_now(SEEDS, 10))
def test_what_is_not_read_from_the_archive_changes_nothing(seed: int, tmp_path: Path) -> None:
    end = play(seed)[-1]
    store = TinyStore(tmp_path / "data")
    with store.transaction() as desk:
        for ticket in end.tickets:
            desk.save(ticket)
    store.archive(end.now - timedelta(days=seed % 12))
    read = []
    with store.reading() as desk:
        for window in WINDOWS:
            here = asked(window, end.now)
            query = Query(lived_from=read_from(here), lived_to=window.end)
            found = list(desk.find(query, archive=True))
            read.append(len(found))
            assert figures_of(found, here) == figures_of(end.tickets, here), "archive and round trip"
            assert figures_of(desk.find(archive=True), here) == figures_of(end.tickets, here)
    assert read[0] < read[-1] == len(end.tickets), "a week reads less than a year"


def test_the_time_zone_of_the_machine_does_not_matter() -> None:
    end = play(3)[-1]
    here = asked(WINDOWS[1], end.now)
    expected = figures_of(end.tickets, here)
    before = os.environ.get("TZ")
    try:
        for zone in ("Pacific/Auckland", "America/Los_Angeles"):
            os.environ["TZ"] = zone
            time.tzset()
            again = [msgspec.json.decode(msgspec.json.encode(one), type=Ticket) for one in end.tickets]
            assert figures_of(again, asked(WINDOWS[1], end.now)) == expected
    finally:
        os.environ.pop("TZ") if before is None else os.environ.update(TZ=before)
        time.tzset()


@pytest.mark.parametrize("seed", some_now(SEEDS, 10))
def test_a_merge_that_is_taken_back_leaves_no_trace(seed: int) -> None:
    end = play(seed, 25, calm=True)[-1]
    tickets = {one.number: one for one in end.tickets}
    pair = [one for one in end.tickets if not one.closed][:2]
    act, later = Act("alice", end.now + timedelta(hours=1)), Act("alice", end.now + timedelta(hours=2))
    now = end.now + timedelta(days=40)
    before = [figures_of(tickets.values(), asked(window, now)) for window in WINDOWS[:4]]
    target, source = merge(act, *pair)
    merged = {**tickets, target.number: target, source.number: source}
    assert figures_of(merged.values(), asked(WINDOWS[4], now)) != figures_of(
        tickets.values(), asked(WINDOWS[4], now)
    ), "merged, one arrived less"
    target, source = unmerge(later, target, source, [])
    back = {**tickets, target.number: target, source.number: source}
    assert [figures_of(back.values(), asked(window, now)) for window in WINDOWS[:4]] == before


# --- a week that is over ---

OF_FLOW = ("arrivals", "net")  # a matter of our own begins when the customer first writes in it
SETTLED = ("closes", "reopenings", "backlog", "overdue", "unanswered", "replies")


def changes(before: Figures, after: Figures) -> Iterator[str]:
    """The figures that differ and were not marked as provisional."""
    for name in FIGURES:
        one, other = figure(before, name), figure(after, name)
        if shown(one) != shown(other):
            marked = {**dict.fromkeys(OF_FLOW, before.flow.provisional), **dict.fromkeys(SETTLED, False)}
            if not getattr(one, "provisional", marked.get(name, before.provisional)):
                yield name


@pytest.mark.parametrize("seed", some_now(range(8), 8))
def test_a_past_week_changes_only_where_it_is_provisional(seed: int) -> None:
    """Asked on each of the 30 evenings after it, on a desk where nothing is changed backwards."""
    played = play(seed, 46, calm=True)
    window = week("2026-W42", ZONE)  # days 8 to 14
    evenings = [day for day in played if day.now >= window.end][:30]
    found = [figures_of(day.tickets, asked(window, day.now)) for day in evenings]
    assert len(found) == 30
    for before in found:
        for after in found[found.index(before) + 1 :]:
            assert list(changes(before, after)) == []


def test_the_generated_desks_have_all_that_can_happen() -> None:
    """Else the tests above would prove little."""
    seen: set[str] = set()
    reasons: set[str] = set()
    for seed in SEEDS:
        end = play(seed)[-1]
        seen |= {event.what.split()[0] for one in end.tickets for event in one.events}
        for name in FIGURES:
            reasons |= {case.reason for case in cases_in(end.tickets, asked(WINDOWS[2], end.now), name)}
    assert {"closed", "reopened", "merged", "unmerged", "promised", "delivery", "spam", "test", "unlabelled"} <= seen
    assert reasons >= set(REASONS) - {"imported"}
