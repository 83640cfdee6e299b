"""A report as tables of words, and those tables as text for a terminal or a mail. `report_html.py` makes the page of
them, `report_data.py` the shapes for other programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import msgspec

from ticketctl.content.terminal import columns, folded, line
from ticketctl.content.words import CHANNEL, PROMISE, decimal, known, percent, report_words, weekday
from ticketctl.domain.privacy.retention import Purge
from ticketctl.domain.reports.breakdown import Groups, InAndOpen
from ticketctl.domain.reports.figures import AGES, OURS, Figures
from ticketctl.domain.reports.lessons import Lesson
from ticketctl.domain.reports.periods import Part, Window
from ticketctl.domain.reports.statistics import Rate, Times, counts_summary
from ticketctl.domain.reports.trends import Trend

WIDTH = 100
_LEAST_NAME = 20  # columns of a row's name, which is folded and never cut
_NAMED = 20  # tickets in one line


class Section(msgspec.Struct, frozen=True):
    """A table: the first column are names, the others figures. A row's last cell may hold marks such as "few"."""

    name: str
    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """What a report must know of the desk besides its figures."""

    desk: str
    language: str
    zone: ZoneInfo
    now: datetime
    has_hours: bool
    has_targets: bool
    audit: tuple[int, str] = (0, "")  # number and mac of the audit log's last record: a cut tail shows
    sources: tuple[tuple[str, datetime | None, bool], ...] = ()  # name, when fetched well, whether it fails now
    lessons: tuple[Lesson, ...] = ()
    aside: int = 0  # mails in quarantine that nobody has looked at
    purging: tuple[Purge, ...] = ()  # what the retention rules will take until the next report
    groups: Groups | None = None  # the figures of each owner, label …, where they were asked for
    part: Part = "week"
    over: tuple[Figures, ...] = ()  # those of each `part` of the period
    trends: dict[str, Trend] = {}  # of a week that is over, by name of figure
    before: tuple[InAndOpen, ...] = ()  # of the weeks or months (`part`) that end with the period

    @property
    def words(self) -> dict[str, str]:
        return report_words(self.language)

    def moment(self, at: datetime) -> str:
        here = at.astimezone(self.zone)
        return f"{weekday(here.weekday(), self.language)} {here:%Y-%m-%d %H:%M}"


def title(figures: Figures, setting: Setting) -> tuple[str, str]:
    """("Exempel AB: Rapport 2026-W47", "mån 2026-11-16 – sön 2026-11-22")"""
    window = figures.window
    days = " – ".join(f"{weekday(day.weekday(), setting.language)} {day}" for day in (window.first, window.last))
    name = "" if "–" in window.name else f" {window.name}"
    return f"{setting.desk}: {setting.words['report']}{name}", days


def attention(setting: Setting) -> list[str]:
    """What somebody must look at, above all figures."""
    return [setting.words["aside"].format(count=setting.aside)] if setting.aside else []


def foot(figures: Figures, setting: Setting) -> list[str]:
    words = setting.words
    lines = [words["as_of"].format(instant=setting.moment(figures.instant)), words["few_told"]]
    if not setting.has_hours:
        lines.append(words["no_hours"])
    lines += [_source(setting, *source) for source in setting.sources]
    lines += purging_lines(setting)
    return [*lines, words["made"].format(now=setting.moment(setting.now))]


def small_print(setting: Setting) -> str:
    """How far the audit log reaches, so that a cut tail shows; "" where there is none."""
    number, mac = setting.audit
    return setting.words["audit"].format(number=number, mac=mac[:16]) if number else ""


def headline(figures: Figures, setting: Setting) -> list[str]:
    """The period in three lines: what came and went, how fast and how reliably it was answered, what waits."""
    words, flow, first = setting.words, figures.flow, figures.first_response.calendar
    stock = sum(figures.backlog.on_us) + sum(figures.backlog.on_customer)
    kept = [*figures.kept.values(), figures.promised]
    part, whole = sum(rate.part for rate in kept), sum(rate.whole for rate in kept)
    promises = words["head_kept"].format(part=part, whole=whole) if whole else words["head_no_promises"]
    median = calendar_time(first.median) if first.n else "–"
    awaiting = figures.unanswered
    waits = words["head_waits"].format(count=awaiting.count, number=awaiting.oldest, age=calendar_time(awaiting.age))
    return [
        words["head_flow"].format(arrivals=flow.total, closes=flow.closes, stock=stock),
        words["head_answers"].format(median=median, promises=promises),
        waits if awaiting.count else words["head_nobody_waits"],
    ]


def _source(setting: Setting, name: str, at: datetime | None, fails: bool) -> str:
    words = setting.words
    when = (
        words["fetched_at"].format(source=name, at=setting.moment(at)) if at else words["unfetched"].format(source=name)
    )
    return f"{when} {words['fetch_fails']}" if fails else when


def purging_lines(setting: Setting, named: int = _NAMED) -> list[str]:
    """A line for each way in which tickets will go, with at most so many of them: #3, #17 (spam for 30d)."""
    ways: dict[tuple[str, str], list[str]] = {}
    for one in setting.purging:
        ways.setdefault((one.then, _rule(one, setting)), []).append(f"#{one.number}")
    words, will = setting.words, {"delete": "will_delete", "anonymise": "will_anonymise"}
    return [
        words[will[then]].format(numbers=", ".join(numbers[:named]) + ", …" * (len(numbers) > named), why=why)
        for (then, why), numbers in ways.items()
    ]


def _rule(purge: Purge, setting: Setting) -> str:
    """ "closed for 24 months", "skräppost i 30 dagar"."""
    rule, words = purge.rule, setting.words
    if rule is None or known(setting.language) == "en":
        return purge.why
    months, days = rule.age.months, rule.age.days
    age = words["months"].format(count=months) if months else words["so_many_days"].format(count=days)
    label = words["spam"] if rule.label == "spam" else rule.label
    key = "label_for" if rule.label and not rule.status else "label_closed_for" if rule.label else "closed_for"
    return words[key].format(label=label, age=age if months or days else str(rule.age))


def sections(figures: Figures, setting: Setting) -> list[Section]:
    """Every table of the report, in order."""
    from ticketctl.content.report_breakdown import group_sections, over_sections
    from ticketctl.content.weekly.compared import trend_sections

    return [
        *trend_sections(setting),
        *over_sections(setting),
        *group_sections(setting),
        _times(figures, setting),
        _kept(figures, setting),
        _quality(figures, setting),
        _flow(figures, setting),
        _backlog(figures, setting),
        _workload(figures, setting),
        _causes(figures, setting),
        *([_lessons(setting)] if setting.lessons else []),
    ]


def text(figures: Figures, setting: Setting, *, in_ascii: bool = False) -> str:
    """The report in plain text, at most 100 columns wide; its bars in ASCII where that is asked for."""
    from ticketctl.content.report_breakdown import before_sections

    top = (*title(figures, setting), *attention(setting))
    parts = ["\n".join(part for one in top for part in folded(line(one), WIDTH))]
    parts.append("\n".join(headline(figures, setting)))
    for section in (*before_sections(setting, in_ascii), *sections(figures, setting)):
        parts.append("\n".join(_text(section)))
    parts.append("\n".join(foot(figures, setting)))
    parts += [small_print(setting)] if small_print(setting) else []
    return "\n\n".join(parts)


def _text(section: Section) -> Iterator[str]:
    yield section.title.upper()
    if section.rows:
        heads = [section.heads] if any(section.heads) else []
        cells = [[line(cell) for cell in row] for row in (*heads, *section.rows)]
        widths = _widths(cells)
        if heads and sum(widths) + 2 * (len(widths) - 1) > WIDTH:
            cells = [*_two_lines(cells[0]), *cells[1:]]
            widths = _widths(cells)
        widths[0] = max(_LEAST_NAME, min(widths[0], WIDTH - sum(widths[1:]) - 2 * (len(widths) - 1)))
        for row in cells:
            first, *more = folded(row[0], widths[0])
            yield "  ".join(map(_cell, [first, *row[1:]], widths, range(len(row)))).rstrip()
            yield from (f"  {rest}" for rest in more)
    yield from section.notes


def _widths(cells: Sequence[Sequence[str]]) -> list[int]:
    return [max(map(columns, column)) for column in zip(*cells, strict=True)]


def _two_lines(heads: Sequence[str]) -> list[list[str]]:
    """Heads such as "median, öppettid" above each other, so that the names of the rows keep their room."""
    parts = [head.partition(", ") for head in heads]
    return [[first + comma.strip() for first, comma, _ in parts], [second for _, _, second in parts]]


def _cell(cell: str, width: int, at: int) -> str:
    blank = " " * (width - columns(cell))
    return blank + cell if at else cell + blank


# --- the tables ---


def _times(figures: Figures, setting: Setting) -> Section:
    words = setting.words
    heads = ["", words["n"], words["median"], words["p90"]]
    heads += [words["business_median"], words["business_p90"]] if setting.has_hours else []
    names = ("first_response", "resolution_first", "resolution_last", "waiting")
    rows = [_times_row(words[name], getattr(figures, name), setting) for name in names]
    if figures.first_response_chat.calendar.n or figures.first_response_chat.provisional:
        rows.insert(1, _times_row(words["first_response_chat"], figures.first_response_chat, setting, seconds=True))
    if figures.ours.calendar.n:
        rows.append(_times_row(words["ours"], figures.ours, setting))
    return Section("times", words["times"], (*heads, ""), tuple(rows))


def _times_row(name: str, times: Times, setting: Setting, *, seconds: bool = False) -> tuple[str, ...]:
    calendar, business = times.calendar, times.business
    long, short = (chat_time, chat_time) if seconds else (calendar_time, business_time)
    cells = [name, str(calendar.n), long(calendar.median), long(calendar.p90)]
    if setting.has_hours:
        cells += [short(business.median), short(business.p90)]
    return (*cells, marks(calendar.n > 0 and calendar.few, times.provisional, setting))


def marks(few: bool, provisional: bool, setting: Setting) -> str:
    marks = [setting.words[name] for name, given in (("few", few), ("provisional", provisional)) if given]
    return ", ".join(marks)


def _kept(figures: Figures, setting: Setting) -> Section:
    words = setting.words
    names = PROMISE[known(setting.language)]
    targets = figures.kept.items() if setting.has_targets else ()
    rows = [(names[kind], *_rate(rate, setting)) for kind, rate in targets]
    if figures.promised.whole or rows:
        rows.append((names["promise"], *_rate(figures.promised, setting)))
    heads = ("", words["met"], words["share"], "") if rows else ()
    return Section("kept", words["kept"], heads, tuple(rows), () if setting.has_targets else (words["no_targets"],))


def _rate(rate: Rate, setting: Setting) -> tuple[str, str, str]:
    """("3 of 12", "25%", marks)"""
    return (
        setting.words["of"].format(part=rate.part, whole=rate.whole),
        percent(rate.share, setting.language),
        marks(rate.whole > 0 and rate.few, rate.provisional, setting),
    )


def _quality(figures: Figures, setting: Setting) -> Section:
    words = setting.words
    awaiting = figures.unanswered
    oldest = words["oldest_is"].format(number=awaiting.oldest, age=calendar_time(awaiting.age))
    touches, can_change = counts_summary(figures.touches), marks(False, figures.provisional, setting)
    median = "–" if touches.median is None else decimal(f"{touches.median:g}", setting.language)
    rows = [
        (words["unanswered"], str(awaiting.count), "", oldest if awaiting.count else ""),
        (words["closed_unanswered"], str(figures.closed_unanswered), "", can_change),
        (words["automatic_closes"], str(figures.automatic_closes), "", can_change),
        (words["reopened"], *_rate(figures.reopened, setting)),
        (words["touches"], median, "", can_change),
        (words["one_touch"], *_rate(figures.one_touch, setting)),
    ]
    if figures.rated.whole:
        rows.append((words["rated"], *_rate(figures.rated, setting)))
    if figures.satisfied.whole:
        rows.append((words["satisfied"], *_rate(figures.satisfied, setting)))
    return Section("quality", words["quality"], ("", "", "", ""), tuple(rows))


def _flow(figures: Figures, setting: Setting) -> Section:
    words, flow = setting.words, figures.flow
    rows = [
        (
            f"{weekday(step.day.weekday(), setting.language)} {step.day}",
            str(step.arrivals),
            str(step.closes),
            signed(step.arrivals - step.closes),
        )
        for step in flow.steps
    ]
    rows.append((words["total"], str(flow.total), str(flow.closes), signed(flow.net)))
    names = CHANNEL[known(setting.language)]
    channels = ", ".join(f"{names.get(channel, channel)} {count}" for channel, count in flow.arrivals.items())
    notes = [words["channels"].format(channels=channels)] if channels else []
    if flow.reopened:
        notes.append(f"{words['reopened_count'].capitalize()}: {flow.reopened}")
    if flow.provisional and OURS in flow.arrivals:
        notes.append(words["flow_provisional"])
    heads = ("", words["arrivals"], words["closes"], words["net"])
    return Section("flow", words["flow"], heads, tuple(rows), tuple(notes))


def signed(number: int) -> str:
    return f"+{number}" if number > 0 else f"−{-number}" if number else "0"


def _backlog(figures: Figures, setting: Setting) -> Section:
    words, backlog = setting.words, figures.backlog
    edges = [f"<{AGES[0]}", *(f"{low}–{high}" for low, high in pairwise(AGES)), f">{AGES[-1]}"]
    both = tuple(us + customer for us, customer in zip(backlog.on_us, backlog.on_customer, strict=True))
    named = ((words["on_us"], backlog.on_us), (words["on_customer"], backlog.on_customer), (words["total"], both))
    rows = tuple((name, *map(str, counts), str(sum(counts))) for name, counts in named)
    return Section("backlog", words["backlog"], (words["days"], *edges, words["total"]), rows)


def _workload(figures: Figures, setting: Setting) -> Section:
    words = setting.words
    heads = ("owner", "open", "overdue", "for_us", "oldest", "replies")
    rows = tuple(
        (
            load.owner or words["nobody"],
            str(load.open),
            str(load.overdue),
            str(load.on_us),
            calendar_time(load.oldest) if load.open else "–",
            str(load.replies) if load.owner else "–",
        )
        for load in figures.workload
    )
    notes = () if rows else (words["no_workload"],)
    return Section("workload", words["workload"], tuple(words[name] for name in heads), rows, notes)


def _causes(figures: Figures, setting: Setting) -> Section:
    words, covered = setting.words, figures.covered
    rows = tuple(
        (cause, str(count), percent(count / covered.part, setting.language)) for cause, count in figures.causes.items()
    )
    told = words["coverage"].format(
        part=covered.part, whole=covered.whole, share=percent(covered.share, setting.language)
    )
    heads = (words["cause"], words["n"], words["share"]) if rows else ()
    return Section("causes", words["causes"], heads, rows, (told,) if covered.whole else (words["no_causes"],))


def _lessons(setting: Setting) -> Section:
    words = setting.words
    rows = tuple((f"#{one.number} {one.text}", one.cause) for one in setting.lessons)
    return Section("lessons", words["lessons"], ("", words["cause"]), rows)


def subject(window: Window, setting: Setting) -> str:
    """Of the mail about a period that is no week."""
    return f"[{setting.desk}] {setting.words['report']} {window.name}"


# --- durations as people read them ---


def calendar_time(length: timedelta | None) -> str:
    """ "12 min", "2 h 30 min", "3 d 4 h", "45 d"; a dash where there is none."""
    if length is None:
        return "–"
    minutes = _minutes(length)
    if minutes < 48 * 60:
        return _hours(minutes)
    hours = round(minutes / 60)
    days, rest = divmod(hours, 24)
    return f"{days} d {rest} h" if rest and days < 10 else f"{round(minutes / 1440)} d"


def chat_time(length: timedelta | None) -> str:
    """ "45 s", "12 min 5 s", "3 h"; a dash where there is none."""
    if length is None:
        return "–"
    seconds = round(length.total_seconds())
    if seconds >= 3600:
        return f"{round(seconds / 3600)} h"
    minutes, rest = divmod(seconds, 60)
    return " ".join(filter(None, (f"{minutes} min" if minutes else "", f"{rest} s" if rest or not minutes else "")))


def business_time(length: timedelta | None) -> str:
    """ "12 min", "2 h 30 min", "27 h": never in days, since a business day has no length of its own."""
    return "–" if length is None else _hours(_minutes(length))


def _minutes(length: timedelta) -> int:
    return round(length / timedelta(minutes=1))


def _hours(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest} min" if rest and hours < 24 else f"{round(minutes / 60)} h"
