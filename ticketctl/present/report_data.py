"""A report for other programs: JSON of a stable shape, and CSV with a row a figure. Keys may be added; those that are
here stay. Durations are minutes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from ticketctl.content.report import Setting
from ticketctl.domain.reports.breakdown import Groups
from ticketctl.domain.reports.figures import AGES, Figures
from ticketctl.domain.reports.statistics import Rate, Summary, Times, counts_summary
from ticketctl.domain.reports.trends import Trend
from ticketctl.domain.statistics.change import Change
from ticketctl.present.spreadsheet import csv_lines, minutes

AGE_NAMES = (f"under_{AGES[0]}", *(f"{low}_to_{high}" for low, high in pairwise(AGES)), f"over_{AGES[-1]}")


def report_json(figures: Figures, setting: Setting) -> dict[str, Any]:
    return {
        "desk": setting.desk,
        **_window(figures),
        **_figures(figures),
        "lessons": [{"ticket": one.number, "cause": one.cause or None, "lesson": one.text} for one in setting.lessons],
        "audit": {"record": setting.audit[0], "mac": setting.audit[1]},
        **({"trend": {name: _trend(one) for name, one in setting.trends.items()}} if setting.trends else {}),
        **_groups(setting.groups),
        **({"over": [{**_window(one), **_figures(one)} for one in setting.over]} if setting.over else {}),
    }


def _window(figures: Figures) -> dict[str, Any]:
    window = figures.window
    return {
        "window": {"name": window.name, "first_day": window.first.isoformat(), "last_day": window.last.isoformat()},
        "instant": figures.instant.isoformat(),
        "provisional": figures.provisional,
    }


def _trend(one: Trend) -> dict[str, Any]:
    """Of a figure of the week: minutes of opening time, a share, or a count."""
    then = one.year_ago
    year_ago = {
        "first_day": then.first.isoformat(),
        "last_day": then.last.isoformat(),
        **_compared(then.usual, then.change),
    } if then else None  # fmt: skip
    return {
        "value": _figure(one.value),
        "before": {"median": _figure(one.median), **_compared(one.usual, one.change)},
        "year_ago": year_ago,
    }


def _compared(usual: tuple[float, float] | None, change: Change | None) -> dict[str, Any]:
    """`ratio` of a share is a difference (-1 … 1). Null where nothing is tested, or there are too few cases."""
    low, high = usual or (None, None)
    found = change if change and change.estimate is not None else None
    return {
        "low": _figure(low),
        "high": _figure(high),
        "ratio": _figure(found.estimate) if found else None,
        "interval": [_figure(found.low), _figure(found.high)] if found else None,
        "says": change.says if change else None,
    }


def _figure(value: float | None) -> float | None:
    return value if value is None or isinstance(value, int) else round(value, 4)


def _groups(groups: Groups | None) -> dict[str, Any]:
    """`value` is null where a ticket has none."""
    if groups is None:
        return {}
    shape = _load if groups.load_only else _figures
    return {
        "by": groups.by.name,
        "groups": [{"value": value or None, **shape(one)} for value, one in groups.figures.items()],
    }


def _load(figures: Figures) -> dict[str, Any]:
    """What may be told of a person."""
    whole = _figures(figures)
    flow = {key: whole["flow"][key] for key in ("arrivals", "by_channel")}
    return {"unanswered": whole["unanswered"], "flow": flow, **{key: whole[key] for key in _LOADS}}


_LOADS = ("backlog", "overdue", "replies")


def _figures(figures: Figures) -> dict[str, Any]:
    touches = counts_summary(figures.touches)
    return {
        "first_response": _times(figures.first_response),
        "first_response_chat": {
            "calendar": _in_seconds(figures.first_response_chat.calendar),
            "business": _in_seconds(figures.first_response_chat.business),
            "provisional": figures.first_response_chat.provisional,
        },
        "unanswered": {
            "count": figures.unanswered.count,
            "oldest": figures.unanswered.oldest or None,
            "age_minutes": minutes(figures.unanswered.age) if figures.unanswered.count else None,
        },
        "closed_unanswered": figures.closed_unanswered,
        "resolution_first": _times(figures.resolution_first),
        "resolution_last": _times(figures.resolution_last),
        "waiting_for_customer": _times(figures.waiting),
        "own_matters": _times(figures.ours),
        "automatic_closes": figures.automatic_closes,
        "reopened": _rate(figures.reopened),
        "targets_kept": {kind: _rate(rate) for kind, rate in figures.kept.items()},
        "promises_kept": _rate(figures.promised),
        **_flow_and_backlog(figures),
        "causes": {"counts": figures.causes, "covered": _rate(figures.covered)},
        "touches": {
            "n": touches.n,
            "median": touches.median,
            "p90": touches.p90,
            "one_touch": _rate(figures.one_touch),
        },
        "rated": _rate(figures.rated),
        "satisfied": _rate(figures.satisfied),
        "overdue": figures.overdue,
        "replies": figures.replies,
    }


def _flow_and_backlog(figures: Figures) -> dict[str, Any]:
    return {
        "flow": {
            "arrivals": figures.flow.total,
            "by_channel": figures.flow.arrivals,
            "closes": figures.flow.closes,
            "net": figures.flow.net,
            "provisional": figures.flow.provisional,
            "reopened": figures.flow.reopened,
            "steps": [
                {"from": step.day.isoformat(), "arrivals": step.arrivals, "closes": step.closes}
                for step in figures.flow.steps
            ],
        },
        "backlog": {
            "total": figures.backlog.total,
            "waiting_on_us": dict(zip(AGE_NAMES, figures.backlog.on_us, strict=True)),
            "waiting_on_customer": dict(zip(AGE_NAMES, figures.backlog.on_customer, strict=True)),
            "oldest": figures.backlog.oldest or None,
            "oldest_minutes": minutes(figures.backlog.age) if figures.backlog.total else None,
        },
        "workload": [
            {
                "owner": load.owner or None,
                "open": load.open,
                "overdue": load.overdue,
                "waiting_on_us": load.on_us,
                "oldest_minutes": minutes(load.oldest) if load.open else None,
                "replies": load.replies,
            }
            for load in figures.workload
        ],
    }


def report_csv(figures: Figures, setting: Setting, *, plain: bool = False) -> str:
    """`figure,value`, a row a figure, with dots between the keys of the JSON shape: `flow.by_channel.email,12`. Unless
    `plain`, as spreadsheets of the desk's language read it."""
    rows = [("figure", "value"), *_rows(report_json(figures, setting))]
    return "".join(csv_lines(rows, setting.language, plain=plain))


def _rows(shape: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Those of a group are called `label=vip.flow.closes`, those of a day, week or month `2026-11-16.flow.closes`."""
    groups, over, by = shape.pop("groups", []), shape.pop("over", []), shape.pop("by", "")
    yield from _flat(shape, "")
    for one in groups:
        value = one.pop("value") or ""
        yield from _flat(one, f"{by}={value}")
    for one in over:
        yield from _flat(one, one.pop("window")["name"])


def _flat(value: Any, name: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _flat(inner, f"{name}.{key}" if name else str(key))
    elif isinstance(value, list):
        for number, inner in enumerate(value, 1):
            yield from _flat(inner, f"{name}.{number}")
    else:
        yield name, "" if value is None else int(value) if isinstance(value, bool) else value


def _times(times: Times) -> dict[str, Any]:
    return {
        "calendar": _summary(times.calendar),
        "business": _summary(times.business),
        "provisional": times.provisional,
    }


def _in_seconds(summary: Summary) -> dict[str, Any]:
    found = {"median_seconds": summary.median, "p90_seconds": summary.p90}
    times = {name: None if value is None else round(value.total_seconds()) for name, value in found.items()}
    return {"n": summary.n, **times, "few": summary.few}


def _summary(summary: Summary) -> dict[str, Any]:
    return {
        "n": summary.n,
        "median_minutes": minutes(summary.median),
        "p90_minutes": minutes(summary.p90),
        "few": summary.few,
    }


def _rate(rate: Rate) -> dict[str, Any]:
    return {
        "part": rate.part,
        "whole": rate.whole,
        "share": None if rate.share is None else round(rate.share, 4),
        "few": rate.few,
        "provisional": rate.provisional,
    }
