"""The cases behind a figure: a line a case for a terminal, JSON and CSV for programs. Durations there are minutes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ticketctl.content.report import business_time, calendar_time
from ticketctl.content.terminal import line
from ticketctl.content.words import CHANNEL, decimal, percent
from ticketctl.domain.reports.cases import Case, Mark
from ticketctl.domain.reports.figures import FIGURES, bucket
from ticketctl.domain.reports.flow import ON_CUSTOMER, ON_US
from ticketctl.domain.reports.statistics import Counts, Rate, Times
from ticketctl.present.report_data import AGE_NAMES
from ticketctl.present.spreadsheet import csv_lines, minutes
from ticketctl.present.tables import Column, table
from ticketctl.present.words import Say, say_in, spoken
from ticketctl.present.words.explain_figure import TEXTS, figure_name
from ticketctl.usecases.views.explain_figure import Explained

QUIET = ("outside", "later")  # their tickets are only counted


def explained_lines(made: Explained, zone: ZoneInfo, room: int, language: str) -> Iterator[str]:
    """The figure, then a line a case, those that count first; tickets with nothing in the period are summed up."""
    say = say_in(language, TEXTS)
    key = "head_group" if made.by else "head"
    group = line(made.group) if made.group else say("none")
    value = _value(made, say, spoken(language, TEXTS))
    by = made.by.name if made.by else ""
    yield say(key, figure=figure_name(made.figure, language), period=made.window.name, value=value, by=by, group=group)
    told = sorted((case for case in made.cases if case.reason not in QUIET), key=lambda case: not case.counted)
    if told:
        yield ""
        yield from _table(made, told, zone, room, spoken(language, TEXTS))
    others = len({case.ticket for case in made.cases} - {case.ticket for case in told})
    if others:
        yield ""
        yield say("one_other") if others == 1 else say("others", count=others)


def _value(made: Explained, say: Say, language: str) -> str:
    match made.value:
        case Times(calendar, business):
            if not calendar.n:
                return say("nothing")
            return say(
                "times",
                n=calendar.n,
                median=calendar_time(calendar.median),
                business=business_time(business.median),
                p90=calendar_time(calendar.p90),
                p90_business=business_time(business.p90),
            )
        case Rate(part, whole):
            return say("rate", part=part, whole=whole, share=percent(made.value.share, language))
        case Counts(n, median, p90):
            return say("counts", n=n, median=decimal(f"{median:g}", language), p90=p90) if n else say("nothing")
    return say("count", count=made.value)


def _table(made: Explained, cases: list[Case], zone: ZoneInfo, room: int, language: str) -> Iterator[str]:
    kind, say = FIGURES[made.figure].kind, say_in(language, TEXTS)
    timed = any(case.calendar is not None for case in cases)
    counted = kind != "times" and not (kind == "count" and all(case.count == 1 for case in cases))
    grouped = any(case.group for case in cases)
    columns = [Column(say("ticket")), Column(say("why"))]
    columns += [Column(say("calendar")), Column(say("business"))] if timed else []
    columns += [Column(say("count_head"))] if counted else []
    columns += [Column(say("group_head"))] if grouped else []
    columns += [Column(say("from")), Column(say("to"))]
    rows = []
    for case in cases:
        row = [f"#{case.ticket}", say(case.reason)]
        row += [calendar_time(case.calendar), business_time(case.business)] if timed else []
        row += [_count(case, kind, say)] if counted else []
        row += [_group(case.group, say, language)] if grouped else []
        rows.append([*row, _mark(case.start, zone, say), _mark(case.end, zone, say)])
    yield from table(columns, rows, room)


def _count(case: Case, kind: str, say: Say) -> str:
    if not case.counted:
        return "–"
    return (say("yes") if case.count else say("no")) if kind == "rate" else str(case.count).replace("-", "−")


def _group(group: str, say: Say, language: str) -> str:
    if group in (ON_US, ON_CUSTOMER):
        return say(group)
    return line(CHANNEL[language].get(group, group))


def _mark(mark: Mark | None, zone: ZoneInfo, say: Say) -> str:
    if mark is None:
        return ""
    what = say(f"mark_{mark.what}")
    detail = f" {line(mark.detail)}" if mark.detail and mark.what in ("received", "replied") else ""
    return f"{mark.at.astimezone(zone):%Y-%m-%d %H:%M} {what}{detail}"


# --- for programs ---


def case_json(case: Case) -> dict[str, Any]:
    return {
        "ticket": case.ticket,
        "counted": case.counted,
        "reason": case.reason,
        "minutes": minutes(case.calendar),
        "business_minutes": minutes(case.business),
        "count": case.count if case.counted else 0,
        "group": case.group or None,
        "age": AGE_NAMES[bucket(case.calendar or timedelta())] if case.group.startswith("waiting_on") else None,
        "from": _mark_json(case.start),
        "to": _mark_json(case.end),
    }


def _mark_json(mark: Mark | None) -> dict[str, str | None] | None:
    return {"at": mark.at.isoformat(), "what": mark.what, "detail": mark.detail or None} if mark else None


def explained_csv(made: Explained, language: str, *, plain: bool) -> str:
    """A row a case, under the names of the JSON shape; as spreadsheets of the language read it, unless `plain`."""
    found = [dict(_flat(case_json(case))) for case in made.cases]
    heads = list(found[0]) if found else []
    return "".join(csv_lines([heads, *(list(row.values()) for row in found)], language, plain=plain))


def _flat(shape: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in shape.items():
        if key in ("from", "to"):
            for inner in ("at", "what", "detail"):
                yield f"{key}_{inner}", (value or {}).get(inner) or ""
        else:
            yield key, value
