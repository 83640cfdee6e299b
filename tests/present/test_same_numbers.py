"""A report says the same in every form: on desks that are played at random, each figure of the JSON shape, the CSV, the
text and the page is the one that the domain computed, cell by cell."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from tests.conftest import Office, some_now
from tests.generated import HOURS, TARGETS, play
from ticketctl.content.report import Setting, business_time, calendar_time, text
from ticketctl.content.report_html import page
from ticketctl.content.weekly.compared import range_of, value_of
from ticketctl.domain.reports.breakdown import KINDS, Dimension, Groups, grouped, over_time
from ticketctl.domain.reports.cases import Frame, frame
from ticketctl.domain.reports.figures import AGES, FIGURES, Figures, figure, figures_of
from ticketctl.domain.reports.periods import Window, days, parts, week
from ticketctl.domain.reports.statistics import Counts, Rate, Summary, Times
from ticketctl.domain.reports.trends import WEEKLY, TrendTally
from ticketctl.domain.ticket.ticket import Ticket
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
    "Customers who said how satisfied they are": "rated",
    "Satisfied customers (4 or 5 of 5)": "satisfied",
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


# --- a week beside the twelve before it, and those around it a year ago ---


def a_year_earlier(tickets: Sequence[Ticket]) -> list[Ticket]:
    """The same 364 days before, with other numbers."""

    def earlier(found: re.Match[bytes]) -> bytes:
        return f"{date.fromisoformat(found[0].decode()) - timedelta(days=364)}".encode()

    shifted = (re.sub(rb"2026-\d\d-\d\d(?=T)", earlier, msgspec.json.encode(one)) for one in tickets)
    kept = (one for one in tickets if not one.merged and not one.merged_into)
    numbers = {one.number for one in kept}
    decoded = (msgspec.json.decode(one, type=Ticket) for one in shifted)
    return [msgspec.structs.replace(one, number=one.number + 1000) for one in decoded if one.number in numbers]


def compared(seed: int) -> tuple[Figures, Setting, list[Ticket]]:
    """The week 2026-W43 of a desk that was there a year ago."""
    end = play(seed, 30)[-1]
    then, here = a_year_earlier(end.tickets), _frame(week("2026-W43", ZONE), end.now)
    tally = TrendTally(here)
    whole = figures_of(tally.passing(end.tickets), here)
    tally.add_year_ago(then)
    setting = Setting(
        desk="Exempel AB", language="en", zone=ZONE, now=end.now, has_hours=True, has_targets=True,
        trends=tally.trends(),
    )  # fmt: skip
    return whole, setting, then


def amount(figures: Figures, name: str) -> float | None:
    """What a week's own report has."""
    match figure(figures, name):
        case Times(_, business):
            return None if business.median is None else business.median.total_seconds() / 60
        case Rate(part, whole):
            return part / whole if whole else None
        case int() as count:
            return count
    raise AssertionError(name)


@pytest.mark.parametrize("seed", range(20))
def test_a_week_compared(seed: int) -> None:
    """Its values, and those of the weeks around it a year ago, are those of these weeks' own reports, in every form."""
    whole, setting, then = compared(seed)
    weeks = [_frame(week(f"2025-W{number}", ZONE), setting.now) for number in range(41, 46)]
    own = [figures_of(then, one) for one in weeks]
    shape = report_json(whole, setting)["trend"]
    sheet = dict(csv.reader(report_csv(whole, setting, plain=True).splitlines()))
    found = rows(page(whole, setting))
    names = ("Arrived", "Closed", "Open at end", "First response", "First response in time")
    assert list(shape) == list(WEEKLY)
    told = {name: one for name, one in found.items() if name.startswith("Compared")}
    lines = {" ".join(line.split()) for line in text(whole, setting).splitlines()}
    for title, table in told.items():
        for name, cells in table.items():
            assert " ".join(" ".join([name, *cells]).split()) in lines, (title, name)
    for name, label in zip(WEEKLY, names, strict=True):
        one, kind = shape[name], FIGURES[name].kind
        assert one["value"] == pytest.approx(amount(whole, name), abs=1e-3), name
        values = [value for figures in own if (value := amount(figures, name)) is not None]
        least, most = (min(values), max(values)) if values else (None, None)
        year_ago = one["year_ago"]
        assert (year_ago["first_day"], year_ago["last_day"]) == ("2025-10-06", "2025-11-09")
        assert year_ago["low"] == pytest.approx(least, abs=1e-3) and year_ago["high"] == pytest.approx(most, abs=1e-3)
        assert sheet[f"trend.{name}.year_ago.high"] == ("" if year_ago["high"] is None else str(year_ago["high"]))
        before, *ago = told.values()
        assert before[label][:2] == [value_of(kind, one["value"], "en"), _range(kind, one["before"])]
        for table in ago:
            assert table[label][:2] == [value_of(kind, one["value"], "en"), _range(kind, year_ago)]


def _range(kind: str, one: dict[str, Any]) -> str:
    return range_of(kind, None if one["low"] is None else (one["low"], one["high"]), "en")


def test_the_desks_compared_have_what_is_compared() -> None:
    """Else the test above would prove little."""
    every = [one for seed in range(20) for one in compared(seed)[1].trends.values()]
    assert {one.year_ago.change.says for one in every if one.year_ago and one.year_ago.change} >= {
        "too few", "no clear change",
    }  # fmt: skip


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


def shaped(value: Any, name: str = "") -> Any:
    """As the JSON shape writes it; chats in seconds."""
    match value:
        case Times(calendar, business, provisional):
            return {"calendar": shaped(calendar, name), "business": shaped(business, name), "provisional": provisional}
        case Summary(n, median, p90) if name == "first_response_chat":
            seconds = [None if one is None else round(one.total_seconds()) for one in (median, p90)]
            return {"n": n, "median_seconds": seconds[0], "p90_seconds": seconds[1], "few": n < 5}
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
            assert found == shaped(value, name), name
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
            _in_sheet(sheet, f"{group}{PLACES.get(name, name)}", shaped(figure(of_it, name), name))


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


def _stands(name: str, cells: str, lines: set[str]) -> bool:
    """Whether that row is among the lines; a long name goes on in the next line."""
    label = " ".join(name.split())
    whole = " ".join(filter(None, (label, cells)))
    return whole in lines or any(one.endswith(cells) and label.startswith(one[: -len(cells)].strip()) for one in lines)


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
        if name in ("rated", "satisfied") and not rate.whole:
            assert label not in answers  # nobody was asked
            continue
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
            assert _stands(name, " ".join(" ".join(cells).split()), lines), (title, name)


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
def test_the_mail_compares_as_the_report_does(seed: int, office: Office, tmp_path: Path) -> None:
    end = play(seed, 30)[-1]
    with office.store.transaction() as desk:
        for ticket in [*end.tickets, *a_year_earlier(end.tickets)]:
            desk.save(ticket)
    office.now = datetime(2026, 10, 26, 8, tzinfo=ZONE)
    office.make(5000, age=timedelta(days=500))  # a desk that is older than what is compared
    rules = office.folder / "rules.yaml"
    rules.write_text(rules.read_text("utf-8") + "report: {to: [alice], every: monday 07:00}\n", "utf-8")
    shape = json.loads(office.say("report", "--json", "--week", "2026-W43"))["trend"]
    office.say("report", "--email", "--dry-run", "--out", tmp_path / "ut")
    said = (tmp_path / "ut" / "report.txt").read_text("utf-8")
    labels = ("Inkomna", "Stängda", "Öppna sist", "Första svar", "Svar i tid")
    for label, (name, one) in zip(labels, shape.items(), strict=True):
        if one["value"] is None:
            continue
        kind, before = FIGURES[name].kind, one["before"]
        usual = range_of(kind, None if before["low"] is None else (before["low"], before["high"]), "sv")
        value = value_of(kind, one["value"], "sv")
        assert re.search(rf"^{label} +{re.escape(value)}\*? +{re.escape(usual)}( |$)", said, re.M), (name, said)
        wanted = {"fell": "lägre", "rose": "högre"}.get(one["year_ago"]["says"])
        assert not wanted or f"{label.lower()} {value}, då" in said
    says = {one["year_ago"]["says"] for one in shape.values()} - {None, "too few"}
    assert ("Mot v. 41–45 för ett år sedan: " in said) == bool(says)


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
