"""A report says the same in every form: on desks that are played at random, each figure of the JSON shape, the CSV, the
text and the page is the one that the domain computed, cell by cell."""

from __future__ import annotations

import csv
import json
from datetime import datetime, timedelta
from html.parser import HTMLParser
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.conftest import Office, some_now
from tests.generated import HOURS, TARGETS, play
from ticketctl.content.report import Setting, business_time, calendar_time, text
from ticketctl.content.report_html import page
from ticketctl.domain.reports.breakdown import KINDS, Dimension, Groups, grouped, over_time
from ticketctl.domain.reports.cases import Frame, frame
from ticketctl.domain.reports.figures import AGES, FIGURES, Figures, figure
from ticketctl.domain.reports.periods import Window, days, parts, week
from ticketctl.domain.reports.statistics import Counts, Rate, Summary, Times
from ticketctl.domain.ticket.timeline import counts
from ticketctl.present.report_data import report_csv, report_json

ZONE = ZoneInfo("Europe/Stockholm")
# where the JSON shape has a figure
PLACES = {
    "unanswered": "unanswered.count",
    "arrivals": "flow.arrivals",
    "closes": "flow.closes",
    "net": "flow.net",
    "reopenings": "flow.reopened",
    "backlog": "backlog.total",
    "causes": "causes.covered",
    "one_touch": "touches.one_touch",
}
TIMES = {
    "First response": "first_response",
    "Resolution, first close": "resolution_first",
    "Resolution, last close": "resolution_last",
    "– waiting for the customer": "waiting_for_customer",
    "Our own tickets, resolution": "own_matters",
}
RATES = {
    "First response": "targets_kept.first_response",
    "Next response": "targets_kept.next_response",
    "Resolution": "targets_kept.resolution",
    "Promised in a reply": "promises_kept",
    "Reopened by the customer within 14 days": "reopened",
    "Solved with a single reply": "one_touch",
}
COUNTS = {
    "Unanswered": "unanswered",
    "Closed without an answer": "closed_unanswered",
    "Closed automatically": "automatic_closes",
}


def made(seed: int, language: str = "en") -> tuple[Figures, Setting]:
    end = play(seed, 30)[-1]
    window = days(end.now.date() - timedelta(days=20), end.now.date(), ZONE) if seed % 2 else week("2026-W43", ZONE)
    frames = [_frame(one, end.now) for one in (window, *parts(window, ZONE, "week"))]
    kind = KINDS[seed % len(KINDS)]
    whole, groups = grouped(end.tickets, frames[0], Dimension(kind, kind))
    setting = Setting(
        desk="Exempel AB", language=language, zone=ZONE, now=end.now, has_hours=True, has_targets=True,
        groups=groups, over=tuple(over_time(end.tickets, frames[1:])),
    )  # fmt: skip
    return whole, setting


def of(setting: Setting) -> Groups:
    assert setting.groups is not None
    return setting.groups


def _frame(window: Window, now: datetime) -> Frame:
    return frame(window, hours=HOURS, targets=TARGETS, now=now)


def at(shape: Any, place: str) -> Any:
    for key in place.split("."):
        shape = shape[key]
    return shape


def minutes(length: timedelta | None) -> float | None:
    return None if length is None else round(length.total_seconds() / 60, 1)


def shaped(value: Any) -> Any:
    """As the JSON shape writes it."""
    match value:
        case Times(calendar, business, provisional):
            return {"calendar": shaped(calendar), "business": shaped(business), "provisional": provisional}
        case Summary(n, median, p90):
            return {"n": n, "median_minutes": minutes(median), "p90_minutes": minutes(p90), "few": n < 5}
        case Rate(part, whole, provisional):
            share = round(part / whole, 4) if whole else None
            return {"part": part, "whole": whole, "share": share, "few": whole < 5, "provisional": provisional}
    return value


def test_every_figure_stands_in_the_json_shape_of_the_report() -> None:
    figures, setting = made(1)
    shape = report_json(figures, setting)
    for name in FIGURES:
        assert at(shape, PLACES.get(name, name)) is not None, name


def agrees(figures: Figures, shape: Any, names: tuple[str, ...]) -> None:
    for name in names:
        value, found = figure(figures, name), at(shape, PLACES.get(name, name))
        if isinstance(value, Counts):
            assert (found["n"], found["median"], found["p90"]) == (value.n, value.median, value.p90)
        else:
            assert found == shaped(value), name
    assert list(shape["backlog"]["waiting_on_us"].values()) == list(figures.backlog.on_us)
    assert shape["flow"]["by_channel"] == figures.flow.arrivals


@pytest.mark.parametrize("seed", range(20))
def test_json_and_csv(seed: int) -> None:
    figures, setting = made(seed)
    shape = report_json(figures, setting)
    agrees(figures, shape, tuple(FIGURES))
    groups = of(setting)
    for one, figures_of_it in zip(shape["groups"], groups.figures.items(), strict=True):
        assert (one["value"] or "") == figures_of_it[0]
        agrees(figures_of_it[1], one, tuple(FIGURES))
    for one, part in zip(shape["over"], setting.over, strict=True):
        agrees(part, one, tuple(FIGURES))
    sheet = dict(csv.reader(report_csv(figures, setting, plain=True).splitlines()))
    for name in FIGURES:
        parts_of_it = {"": figures, **{f"{groups.by.name}={value}.": one for value, one in groups.figures.items()}}
        for group, of_it in parts_of_it.items():
            _in_sheet(sheet, f"{group}{PLACES.get(name, name)}", shaped(figure(of_it, name)))


def _in_sheet(sheet: dict[str, str], name: str, value: Any) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            _in_sheet(sheet, f"{name}.{key}", inner)
    elif isinstance(value, Counts):
        _in_sheet(sheet, f"{name}.median", value.median)
    else:
        written = "" if value is None else str(int(value) if isinstance(value, bool) else value)
        assert sheet[name] == written or float(sheet[name]) == float(written), name


class Tables(HTMLParser):
    """Heading → the rows of the table below it, without its heads."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.found: dict[str, list[list[str]]] = {}
        self._inside, self._title = "", ""
        self.feed(document)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self._inside = tag
        if tag == "h2":
            self._title = ""
        elif tag == "tr":
            self.found[self._title].append([])
        elif tag == "td":
            self.found[self._title][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "h2":
            self.found[self._title] = []
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "h2":
            self._title += data
        elif self._inside == "td":
            self.found[self._title][-1][-1] += data.replace("\u00a0", " ")


def rows(document: str) -> dict[str, dict[str, list[str]]]:
    tables = Tables(document).found
    return {title: {row[0]: row[1:] for row in table if row} for title, table in tables.items()}


@pytest.mark.parametrize("seed", range(20))
def test_page_and_text(seed: int) -> None:
    figures, setting = made(seed)
    found = rows(page(figures, setting))
    for label, name in TIMES.items():
        value = figure(figures, name)
        assert isinstance(value, Times)
        if name == "own_matters" and not value.calendar.n:
            continue
        calendar, business = value.calendar, value.business
        assert found["Times"][label][:5] == [
            str(calendar.n), calendar_time(calendar.median), calendar_time(calendar.p90),
            business_time(business.median), business_time(business.p90),
        ], name  # fmt: skip
    answers = found["Promises kept"] | found["Answers and solutions"]
    for label, name in RATES.items():
        rate = figure(figures, name)
        assert isinstance(rate, Rate)
        share = f"{rate.part / rate.whole * 100:.0f}%" if rate.whole else "–"
        assert answers[label][:2] == [f"{rate.part} of {rate.whole}", share], name
    for label, name in COUNTS.items():
        assert answers[label][0] == str(figure(figures, name))
    total = found["In and out"]["total"]
    assert total == [
        str(figures.flow.total), str(figures.flow.closes), signed(figures.flow.total - figures.flow.closes)
    ]  # fmt: skip
    assert len(found["Open tickets by age"]["total"]) == len(AGES) + 2
    assert found["Open tickets by age"]["total"][-1] == str(figures.backlog.total)
    for load in figures.workload:
        cells = found["Workload"][load.owner or "unassigned"]
        assert cells[:3] == [str(load.open), str(load.overdue), str(load.on_us)]
    for cause, count in figures.causes.items():
        assert found["Causes"][cause][0] == str(count)
    _parts_agree(found, setting)
    lines = {" ".join(line.split()) for line in text(figures, setting).splitlines()}
    for title, table in found.items():
        for name, cells in table.items():
            assert " ".join(" ".join([name, *cells]).split()) in lines, (title, name)


def _parts_agree(found: dict[str, dict[str, list[str]]], setting: Setting) -> None:
    groups = of(setting)
    tables = [table for title, table in found.items() if title.startswith("By ")]
    for at_row, one in enumerate(groups.figures.values()):
        came, went, open_now, for_us, late, unanswered, oldest, replies = list(tables[0].values())[at_row]
        assert [came, went] == [str(one.flow.total), str(one.flow.closes)]
        assert [open_now, late, unanswered, replies] == [
            str(figure(one, name)) for name in ("backlog", "overdue", "unanswered", "replies")
        ]
        assert (for_us, oldest) == (
            str(sum(one.backlog.on_us)), calendar_time(one.backlog.age) if one.backlog.total else "–"
        )  # fmt: skip
        _speeds(list(tables[1].values())[at_row], one)
    for cells, one in zip(found["Week by week"].values(), setting.over, strict=True):
        assert cells[:4] == [
            str(one.flow.total), str(one.flow.closes), signed(one.flow.net), str(one.backlog.total)
        ]  # fmt: skip
    for cells, one in zip(found["Week by week: times"].values(), setting.over, strict=True):
        _speeds(cells, one)


def _speeds(cells: list[str], one: Figures) -> None:
    first, last = one.first_response, one.resolution_last
    assert cells[:4] == [
        business_time(first.business.median), str(first.calendar.n),
        business_time(last.business.median), str(last.calendar.n),
    ]  # fmt: skip
    kept = [*one.kept.values(), one.promised]
    assert cells[5] == str(sum(rate.whole for rate in kept))


def signed(number: int) -> str:
    return f"+{number}" if number > 0 else f"−{-number}" if number else "0"


# --- the board, and the mail ---


@pytest.mark.parametrize("seed", some_now(range(20), 10))
def test_the_board_has_what_a_report_of_today_has(seed: int, office: Office) -> None:
    """Beside that it shows what figures leave out, and somebody must look at all the same: machine mail, tests."""
    end = play(seed, 25)[-1]
    with office.store.transaction() as desk:
        for ticket in end.tickets:
            desk.save(ticket)
    office.now = end.now + timedelta(minutes=5)
    today = office.now.astimezone(ZONE).date()
    report = json.loads(office.say("report", "--json", "--from", today))
    board = json.loads(office.say("board", "--json"))
    uncounted = {one.number for one in end.tickets if not one.closed and not counts(one)}
    assert board["active"] - len(uncounted) == report["backlog"]["total"]
    assert len(set(board["overdue"]) - uncounted) == report["overdue"]
    assert len(set(board["unassigned"]) - uncounted) == sum(
        one["open"] for one in report["workload"] if one["owner"] is None
    )
    if not uncounted:
        owned = [one for one in report["workload"] if one["open"]]
        assert {one["owner"]: (one["active"], one["waiting_on_us"], one["overdue"]) for one in board["owners"]} == {
            one["owner"]: (one["open"], one["waiting_on_us"], one["overdue"]) for one in owned
        }
