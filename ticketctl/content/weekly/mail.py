"""The weekly mail on one page: its values, its subject, and its text, at most 72 columns and 45 lines.

`parts` says all of it once, as titles, lines and tables; the text and `html.py` lay that out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Literal

import msgspec

from ticketctl.content.early_warning import warning_line
from ticketctl.content.report import Setting, purging_lines, small_print
from ticketctl.content.terminal import columns, folded, line, shortened, sparkline
from ticketctl.content.times import local, short
from ticketctl.content.weekly.compared import range_of, value_of
from ticketctl.content.weekly.words import day, days, length, weekly_words, weeks_named
from ticketctl.domain.reports.breakdown import InAndOpen
from ticketctl.domain.reports.lessons import Lesson
from ticketctl.domain.reports.measure import EarlyWarning
from ticketctl.domain.reports.periods import Window
from ticketctl.domain.reports.trends import Trend

WIDTH = 72
LINES = 45
MOST_TODO, MOST = 5, 3  # tickets to do; lines of each list below
# The same, and what is between two parts, until the text is one page.
FEWER = ((MOST_TODO, 3, "\n\n"), (MOST_TODO, 2, "\n\n"), (MOST_TODO, 1, "\n\n"), (MOST_TODO, 1, "\n"), (4, 1, "\n"))
NAMED = 5  # tickets that will be deleted
LONGEST = 40  # columns of a name that a line begins with: what it says comes behind
PROGRAM = "ticketctl"  # the reader types it
KINDS = {"first_response": "times", "in_time": "rate"}  # of rows that are no counts

Why = Literal["late", "lost", "promised", "away", "unassigned"]


class Todo(msgspec.Struct, frozen=True, kw_only=True):
    """A ticket that somebody must look at now; `subject` is masked. `due` is None where nothing is due."""

    number: int
    subject: str
    why: Why
    owner: str
    due: datetime | None = None


class Now(msgspec.Struct, frozen=True, kw_only=True):
    """The desk when the mail is made: `todo` are all, the most urgent first. `aside` mails are in quarantine and nobody
    has looked at them, `down` sources cannot be fetched, `undelivered` mails of no ticket were not delivered."""

    todo: tuple[Todo, ...] = ()
    late: int = 0
    unassigned: int = 0
    aside: int = 0
    down: tuple[str, ...] = ()
    undelivered: int = 0


class Coming(msgspec.Struct, frozen=True, kw_only=True):
    """A pattern that grows or is new."""

    what: Literal["grows", "new"]
    id: int
    name: str
    count: int


class Weekly(msgspec.Struct, frozen=True, kw_only=True):
    """`trends` by row, in order. `weeks` end with the one that is reported; those before the desk's first ticket are
    left out. `measures` are names and what may be said of each. `hours` are tickets that arrived by weekday (0: Monday)
    and hour, of these weeks; None where that is not shown. `provisional` are rows that can still change."""

    window: Window
    setting: Setting
    now: Now
    trends: dict[str, Trend]
    weeks: tuple[InAndOpen, ...]
    provisional: frozenset[str] = frozenset()
    hours: tuple[tuple[int, ...], ...] | None = None
    coming: tuple[Coming, ...] = ()
    measures: tuple[tuple[str, str], ...] = ()
    warnings: tuple[EarlyWarning, ...] = ()
    lessons: tuple[Lesson, ...] = ()

    @property
    def words(self) -> dict[str, str]:
        return weekly_words(self.setting.language)

    @property
    def number(self) -> int:
        return self.window.first.isocalendar().week

    @property
    def usual(self) -> tuple[float, float] | None:
        """Of the weeks before: between which the arrivals of eight in ten lie."""
        return self.trends["arrivals"].usual


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A title with lines below it, a table (heads and rows), or a picture by name."""

    title: str
    lines: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    picture: Literal["", "weeks", "hours"] = ""


def subject(weekly: Weekly) -> str:
    """ "[Exempel AB] v. 47: 3 sena, 2 utan ansvarig, svarstid 2 tim 10 min"."""
    words, now = weekly.words, weekly.now
    told = [_counted(now.late, words["one_late"], words["late"]), _counted(now.unassigned, "", words["unassigned"])]
    answered = weekly.trends["first_response"].value
    if answered is not None:
        told.append(words["answered"].format(length=length(answered, weekly.setting.language)))
    said = ", ".join(filter(None, told)) or words["quiet"]
    return words["subject"].format(desk=weekly.setting.desk, week=weekly.number, told=said)


def _counted(count: int, one: str, many: str) -> str:
    return (one if one and count == 1 else many.format(count=count)) if count else ""


def heading(weekly: Weekly) -> tuple[str, str]:
    """("Exempel AB", "Vecka 47, 16–22 nov 2026")"""
    window, language = weekly.window, weekly.setting.language
    spelled = days(window.first, window.last, language)
    return shortened(line(weekly.setting.desk), LONGEST), weekly.words["title"].format(week=weekly.number, days=spelled)


def parts(weekly: Weekly, width: int = WIDTH, todo: int = MOST_TODO, most: int = MOST) -> list[Part]:
    """All that the mail says between heading and foot, in order; what is empty is left out, but for what to do. At most
    so many tickets to do, each of at most `width` columns, and of each list below the week at most `most` lines."""
    words = weekly.words
    every = [
        Part(title=words["todo"], lines=tuple(_todo(weekly, width, todo))),
        Part(title=words["week"], rows=tuple(_rows(weekly)), lines=tuple(_key(weekly))),
        Part(title="", picture="weeks" if any(one.arrivals or one.open for one in weekly.weeks) else ""),
        Part(title=words["coming"], lines=tuple(_coming(weekly))[:most]),
        Part(title=words["measures"], lines=tuple(_measures(weekly))[:most]),
        Part(title=words["lessons"], lines=tuple(_lessons(weekly))[:most]),
        Part(title="", picture="hours" if weekly.hours else ""),
    ]
    return [one for one in every if one.lines or one.rows or one.picture]


def foot(weekly: Weekly, most: int = MOST) -> list[str]:
    words, setting, window = weekly.words, weekly.setting, weekly.window
    language = setting.language
    first, last = (day(one, language) for one in (window.first, window.last))
    made = words["made"].format(now=local(setting.now, setting.zone, language))
    lines = [f"{words['window'].format(first=first, last=last)} {made}"]
    lines += [words["provisional"]] if weekly.provisional else []
    lines += purging_lines(setting, NAMED)[:most]
    lines += [small_print(setting)] if small_print(setting) else []
    return lines


# --- what is said ---


def _todo(weekly: Weekly, width: int, most: int) -> Iterator[str]:
    words, now = weekly.words, weekly.now
    for one in now.todo[:most]:
        behind = f" · {_why(one, weekly)} · {shortened(line(one.owner), 20) or words['nobody']}"
        number = f"#{one.number} "
        yield number + shortened(line(one.subject), width - columns(number) - columns(behind)) + behind
    rest = [words["more"].format(count=len(now.todo) - most)] if len(now.todo) > most else []
    rest += [words["aside"].format(count=now.aside)] if now.aside else []
    rest += [words["down"].format(source=shortened(line(", ".join(now.down)), LONGEST))] if now.down else []
    rest += [words["undelivered"].format(count=now.undelivered)] if now.undelivered else []
    if rest:
        yield " · ".join(rest)
    elif not now.todo:
        yield words["nothing"]


def _why(one: Todo, weekly: Weekly) -> str:
    setting = weekly.setting
    due = _due(one.due, setting) if one.due else ""
    return weekly.words[f"why_{one.why}"].format(due=due)


def _due(due: datetime, setting: Setting) -> str:
    """ "14:00", "fre 14:00", "27 juli", "27 juli 2025"."""
    here, now = due.astimezone(setting.zone), setting.now.astimezone(setting.zone)
    if abs((here.date() - now.date()).days) < 7:
        return short(due, setting.now, setting.zone, setting.language)
    year = f" {here.year}" if here.year != now.year else ""
    return f"{day(here.date(), setting.language)}{year}"


def _rows(weekly: Weekly) -> Iterator[tuple[str, ...]]:
    """The head, and (name, this week, usual, word) of each figure."""
    words = weekly.words
    yield ("", words["this_week"].format(week=weekly.number), words["usual"], "")
    for name, trend in weekly.trends.items():
        said = words[trend.change.says] if trend.change else ""
        mark = "*" if name in weekly.provisional and trend.value is not None else ""
        kind, language = KINDS.get(name, "count"), weekly.setting.language
        usual = range_of(kind, trend.usual, language)
        yield (words[name], value_of(kind, trend.value, language) + mark, usual, said)


def _key(weekly: Weekly) -> Iterator[str]:
    words, before = weekly.words, len(weekly.weeks) - 1
    yield words["key"].format(count=before) if before else words["key_few"]
    if weekly.trends["first_response"].value is not None:
        yield words["median" if weekly.setting.has_hours else "median_all"]
    yield from _year_ago(weekly)


def _year_ago(weekly: Weekly) -> Iterator[str]:
    """One line: what differs from the weeks around this one a year ago; none where there were too few tickets."""
    then = {name: one.year_ago for name, one in weekly.trends.items() if one.year_ago and one.year_ago.change}
    says = {name: one.change.says for name, one in then.items() if one.change and one.change.says != "too few"}
    if not says:
        return
    words, language, told = weekly.words, weekly.setting.language, list[str]()
    for which in ("fell", "rose"):
        named = [
            words["year_ago_one"].format(
                name=words[name].lower(),
                now=value_of(KINDS.get(name, "count"), weekly.trends[name].value, language),
                then=range_of(KINDS.get(name, "count"), then[name].usual, language),
            )
            for name, said in says.items()
            if said == which
        ]
        told += [words[f"year_ago_{which}"].format(told="; ".join(named))] if named else []
    weeks = next(iter(then.values()))
    named_weeks = weeks_named(weeks.first, weeks.last, language)
    yield words["year_ago"].format(weeks=named_weeks, told="; ".join(told) or words["no clear change"])


def _coming(weekly: Weekly) -> Iterator[str]:
    for warned in weekly.warnings:
        short = msgspec.structs.replace(warned.thing, value=shortened(line(warned.thing.value), LONGEST))
        said = warning_line(msgspec.structs.replace(warned, thing=short), weekly.setting.language)
        yield f"{said}: {PROGRAM} {_shown_by(warned)}"
    told = {one.thing.value for one in weekly.warnings if one.thing.kind == "pattern"}
    for one in weekly.coming:
        if str(one.id) in told:
            continue
        said = weekly.words[one.what].format(name=shortened(line(one.name), 2 * LONGEST), count=one.count)
        yield f"{said}: {PROGRAM} patterns show P{one.id}"


def _shown_by(warned: EarlyWarning) -> str:
    """The command that shows the pattern, else its latest ticket."""
    if warned.thing.kind == "pattern":
        return f"patterns show P{warned.thing.value}"
    return f"show {warned.tickets[-1] if warned.tickets else warned.thing.value}"


def _measures(weekly: Weekly) -> Iterator[str]:
    for name, said in weekly.measures:
        yield f"{shortened(line(name), LONGEST)}: {said}"


def _lessons(weekly: Weekly) -> Iterator[str]:
    """Each once, with the tickets that taught it."""
    taught: dict[str, list[str]] = {}
    for one in weekly.lessons:
        taught.setdefault(line(one.text), []).append(f"#{one.number}")
    for lesson, numbers in taught.items():
        yield f"{shortened(lesson, 2 * LONGEST)} ({', '.join(numbers[:3])}{', …' if len(numbers) > 3 else ''})"


# --- pictures in words ---


def finding(weekly: Weekly, picture: str) -> str:
    """What a picture shows, with its numbers, in at most 150 characters."""
    words = weekly.words
    if picture == "hours":
        return _busiest(weekly)
    last, count = weekly.weeks[-1], len(weekly.weeks)
    if not weekly.usual or count < 2:
        return words["alt_weeks_new"].format(now=last.arrivals, week=weekly.number, after=last.open)
    low, high = weekly.usual
    return words["alt_weeks"].format(
        now=last.arrivals,
        week=weekly.number,
        low=f"{low:.0f}",
        high=f"{high:.0f}",
        before=weekly.weeks[0].open,
        after=last.open,
        count=count,
    )


def _busiest(weekly: Weekly) -> str:
    from ticketctl.content.words import weekday

    counts = weekly.hours or ()
    most, at, hour = max((count, -at, -hour) for at, row in enumerate(counts) for hour, count in enumerate(row))
    return weekly.words["alt_hours"].format(
        day=weekday(-at, weekly.setting.language),
        hour=f"{-hour:02}",
        next=f"{1 - hour:02}",
        most=most,
        whole=sum(map(sum, counts)),
        count=len(weekly.weeks),
    )


# --- the text ---


def text(weekly: Weekly, *, in_ascii: bool = False) -> str:
    """The whole text part; its bars in ASCII where that is asked for."""
    return _laid_out(weekly, *room(weekly), in_ascii)


def room(weekly: Weekly) -> tuple[tuple[int, int], str]:
    """How many tickets to do and lines of each list fit on the page, and what stands between two parts of the text."""
    for todo, most, between in FEWER:
        if _laid_out(weekly, (todo, most), between, False).count("\n") <= LINES:
            break
    return (todo, most), between


def _laid_out(weekly: Weekly, most: tuple[int, int], between: str, in_ascii: bool) -> str:
    """`most`: tickets to do, and lines of each list."""
    blocks = list[list[str]]()
    for part in parts(weekly, todo=most[0], most=most[1]):
        block = [part.title.upper()] if part.title else []
        block += _table(part.rows) if part.rows else []
        block += _pictured(weekly, part.picture, in_ascii)
        block += [row for one in part.lines for row in _folded(one)]
        blocks.append(block)
    blocks.append([row for one in foot(weekly, most[1]) for row in _folded(one)])
    return " · ".join(heading(weekly)) + "\n\n" + between.join("\n".join(block) for block in blocks) + "\n"


def _folded(said: str) -> list[str]:
    """At most three lines."""
    if columns(said) <= WIDTH:
        return [said]
    rows = list(folded(said, WIDTH, "  ", ""))
    return rows if len(rows) <= 3 else [*rows[:2], shortened("  " + " ".join(map(str.strip, rows[2:])), WIDTH)]


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(columns, column)) for column in zip(*rows, strict=True)]
    found = []
    for name, *cells, said in rows:
        pairs = zip(widths[1:], cells, strict=False)
        right = "".join("  " + " " * (wide - columns(cell)) + cell for wide, cell in pairs)
        found.append(f"{name}{' ' * (widths[0] - columns(name))}{right}  {said}".rstrip())
    return found


def _pictured(weekly: Weekly, picture: str, in_ascii: bool) -> list[str]:
    if picture == "hours":
        return _folded(finding(weekly, picture))
    if not picture:
        return []
    words, rows = weekly.words, []
    names = (words["arrivals"], words["backlog"])
    wide = max(map(columns, names))
    for name, counts in zip(names, _series(weekly), strict=True):
        bars = sparkline(counts, in_ascii=in_ascii)
        numbers = " ".join(map(str, counts))
        rows.append(f"{name}{' ' * (wide - columns(name))}  {bars}  {shortened(numbers, WIDTH - wide - 17)}")
    return [*_folded(finding(weekly, picture)), *rows]


def _series(weekly: Weekly) -> tuple[list[int], list[int]]:
    return [one.arrivals for one in weekly.weeks], [one.open for one in weekly.weeks]
