"""The tables of a report that divide it: by owner, label, field …, and by day, week or month."""

from __future__ import annotations

from collections.abc import Sequence

from ticketctl.content.report import Section, Setting, business_time, calendar_time, marks, signed
from ticketctl.content.terminal import sparkline
from ticketctl.content.words import CHANNEL, PRIORITY, known, percent, weekday
from ticketctl.domain.reports.figures import Figures
from ticketctl.domain.reports.periods import Window
from ticketctl.domain.reports.statistics import Rate, Times


def group_sections(setting: Setting) -> list[Section]:
    """What came and waits per group, and how it went; by owner only the former, unless rules.yaml allows more."""
    groups = setting.groups
    if groups is None:
        return []
    words = setting.words
    name = groups.by.name if groups.by.kind == "field" else words[groups.by.kind]
    title = words["by"].format(name=name)
    rows = [(group_name(value, setting), figures) for value, figures in groups.figures.items()]
    if not rows:
        return [Section("by", title, (), (), (words["no_groups"],))]
    notes = (words["by_label_told"],) if groups.by.kind == "label" else ()
    load = Section(
        "by",
        title,
        (name, *(words[head] for head in _LOAD)),
        tuple((value, *_load(one, groups.load_only)) for value, one in rows),
        notes,
    )
    if groups.load_only:
        return [load]
    return [load, _speed("by_times", title, name, rows, setting)]


_BEFORE = {"week": "before_week", "month": "before_month"}
_OVER = {"day": "over_day", "week": "over_week", "month": "over_month"}
_LOAD = ("arrivals", "closes", "open", "for_us", "overdue", "unanswered_short", "oldest", "replies_short")


def _load(figures: Figures, load_only: bool) -> tuple[str, ...]:
    flow, backlog = figures.flow, figures.backlog
    return (
        str(flow.total),
        "–" if load_only else str(flow.closes),
        str(backlog.total),
        str(sum(backlog.on_us)),
        str(figures.overdue),
        str(figures.unanswered.count),
        calendar_time(backlog.age) if backlog.total else "–",
        str(figures.replies),
    )


def group_name(value: str, setting: Setting) -> str:
    """As people read it; "utan etikett" where there is none."""
    groups, language = setting.groups, known(setting.language)
    kind = groups.by.kind if groups else "field"
    if not value:
        return setting.words["nobody"] if kind == "owner" else setting.words["none"]
    table = {"channel": CHANNEL, "priority": PRIORITY}.get(kind, {})
    return table.get(language, {}).get(value, value)


# --- over time ---


def before_sections(setting: Setting, in_ascii: bool) -> list[Section]:
    """What arrived and was open in the weeks or months that end with the period, as bars from 0 to the most; none of
    fewer than two. At most 80 columns wide."""
    counts, words = setting.before, setting.words
    if len(counts) < 2:
        return []
    title = words[_BEFORE[setting.part]].format(
        count=len(counts), first=_part_name(counts[0].window, setting), last=_part_name(counts[-1].window, setting)
    )
    series = {"arrivals": [one.arrivals for one in counts], "open_at_end": [one.open for one in counts]}
    rows = tuple(
        (
            words[name],
            sparkline(values, in_ascii=in_ascii),
            *map(str, (values[0], values[-1], min(values), max(values))),
        )
        for name, values in series.items()
    )
    heads = ("", "", *(words[head] for head in ("first", "last", "least", "most")))
    return [Section("before", title, heads, rows)]


def over_sections(setting: Setting) -> list[Section]:
    """Flow and stock per day, week or month; how long answers and solutions took in each, and what share was in
    time."""
    if not setting.over:
        return []
    words = setting.words
    title = words[_OVER[setting.part]]
    rows = [(_part_name(one.window, setting), one) for one in setting.over]
    heads = ("", *(words[head] for head in ("arrivals", "closes", "net", "open_at_end", "for_us", "oldest")))
    flow = tuple(
        (
            name,
            str(one.flow.total),
            str(one.flow.closes),
            signed(one.flow.net),
            str(one.backlog.total),
            str(sum(one.backlog.on_us)),
            calendar_time(one.backlog.age) if one.backlog.total else "–",
        )
        for name, one in rows
    )
    return [Section("over", title, heads, flow), _speed("over_times", title, "", rows, setting)]


def _part_name(window: Window, setting: Setting) -> str:
    """ "mån 2026-11-16", "2026-W47", "2026-11"; the first day where it is no whole week or month."""
    first = window.first
    if setting.part == "day":
        return f"{weekday(first.weekday(), setting.language)} {first}"
    if setting.part == "week" and window.is_week:
        return f"{first:%G-W%V}"
    return f"{first:%Y-%m}" if setting.part == "month" and window.is_months else f"{first} – {window.last:%m-%d}"


# --- both ---


def _speed(name: str, title: str, head: str, rows: Sequence[tuple[str, Figures]], setting: Setting) -> Section:
    words = setting.words
    heads = (
        head,
        words["first_response"],
        words["n"],
        words["resolution"],
        words["n"],
        words["in_time"],
        words["of_head"],
        words["reopened_short"],
        "",
    )
    cells = tuple((value, *_speeds(one, setting)) for value, one in rows)
    told = words["times_told_hours" if setting.has_hours else "times_told"]
    return Section(name, f"{title}: {words['times'].lower()}", heads, cells, (told,))


def _speeds(figures: Figures, setting: Setting) -> tuple[str, ...]:
    first, last, rate = figures.first_response, figures.resolution_last, in_time(figures)
    few = (first.calendar.n > 0 and first.calendar.few) or (last.calendar.n > 0 and last.calendar.few)
    return (
        _median(first, setting),
        str(first.calendar.n),
        _median(last, setting),
        str(last.calendar.n),
        percent(rate.share, setting.language),
        str(rate.whole),
        percent(figures.reopened.share, setting.language),
        marks(few, figures.provisional or first.provisional, setting),
    )


def _median(times: Times, setting: Setting) -> str:
    return business_time(times.business.median) if setting.has_hours else calendar_time(times.calendar.median)


def in_time(figures: Figures) -> Rate:
    """All targets and promised dates that fell due, together."""
    kept = (*figures.kept.values(), figures.promised)
    return Rate(sum(one.part for one in kept), sum(one.whole for one in kept), figures.promised.provisional)
