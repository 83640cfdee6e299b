"""The stretches of time that a report is about: days, ISO weeks, months, quarters, years, or any days, in the desk's
own zone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, get_args
from zoneinfo import ZoneInfo

import msgspec

from ticketctl.errors import Usage

_EARLIEST = 1000  # the first year that has four digits, and well after what a time zone could put before the year 1


class Window(msgspec.Struct, frozen=True):
    """From the first local midnight to the last (aware UTC, half-open). `name` is 2026-11-20, 2026-W47, 2026-11,
    2026-Q4, 2026, or both days."""

    name: str
    start: datetime
    end: datetime
    first: date
    last: date

    def holds(self, at: datetime) -> bool:
        return self.start <= at < self.end

    @property
    def is_week(self) -> bool:
        """Monday to Sunday."""
        return self.first.weekday() == 0 and (self.last - self.first).days == 6

    @property
    def is_months(self) -> bool:
        """From the first day of a month to the last of the same or a later one."""
        return self.first.day == 1 and (self.last + timedelta(days=1)).day == 1


def week(name: str, zone: ZoneInfo) -> Window:
    """ "2026-W47" → Monday to Sunday; raises Usage that says what was expected."""
    match = re.fullmatch(r"(\d{4})-?[Ww](\d{1,2})", name.strip())
    try:
        monday = date.fromisocalendar(int(match[1]), int(match[2]), 1) if match else None
    except ValueError:
        monday = None
    if monday is None or monday.year == date.max.year:
        raise Usage("{name!r} is not a week; write it as 2026-W47", code="not_a_week", name=name)
    year, number, _ = monday.isocalendar()
    return days(monday, monday + timedelta(days=6), zone, f"{year}-W{number:02}")


def last_week(now: datetime, zone: ZoneInfo) -> Window:
    """The last full week before `now`."""
    year, number, _ = (now.astimezone(zone).date() - timedelta(days=7)).isocalendar()
    return week(f"{year}-W{number:02}", zone)


def due_week(now: datetime, zone: ZoneInfo, weekday: int, minute: int) -> Window:
    """The week whose report was due last: the one before the latest `weekday` (0: Monday) at that minute of the day, by
    the clock of `zone`."""
    here = now.astimezone(zone)
    day = here.date() - timedelta(days=(here.weekday() - weekday) % 7)
    at = datetime.combine(day, time(minute // 60, minute % 60), zone)
    return last_week(at if at <= now else at - timedelta(days=7), zone)


def month(name: str, zone: ZoneInfo) -> Window:
    """ "2026-11" → its first to its last day; raises Usage that says what was expected."""
    try:
        first = date.fromisoformat(f"{name.strip()}-01")
    except ValueError:
        raise Usage("{name!r} is not a month; write it as 2026-11", code="not_a_month", name=name) from None
    return days(first, _month_end(first, 1), zone, f"{first:%Y-%m}")


def last_month(now: datetime, zone: ZoneInfo) -> Window:
    """The last full month before `now`."""
    last = now.astimezone(zone).date().replace(day=1) - timedelta(days=1)
    return month(f"{last:%Y-%m}", zone)


def day(name: str, zone: ZoneInfo) -> Window:
    """ "2026-11-20" → that day; raises Usage that says what was expected."""
    try:
        found = date.fromisoformat(name.strip())
    except ValueError:
        raise Usage("{name!r} is not a day; write it as 2026-11-20", code="not_an_iso_day", name=name) from None
    return days(found, found, zone, found.isoformat())


def last_day(now: datetime, zone: ZoneInfo) -> Window:
    """Yesterday."""
    return day((now.astimezone(zone).date() - timedelta(days=1)).isoformat(), zone)


def quarter(name: str, zone: ZoneInfo) -> Window:
    """ "2026-Q4" → October to December; raises Usage that says what was expected."""
    match = re.fullmatch(r"([1-9]\d{3})-?[QqKk]([1-4])", name.strip())
    if match is None:
        raise Usage("{name!r} is not a quarter; write it as 2026-Q4", code="not_a_quarter", name=name)
    first = date(int(match[1]), 3 * int(match[2]) - 2, 1)
    return days(first, _month_end(first, 3), zone, f"{first.year}-Q{match[2]}")


def last_quarter(now: datetime, zone: ZoneInfo) -> Window:
    """The last full quarter before `now`."""
    today = now.astimezone(zone).date()
    last = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1) - timedelta(days=1)
    return quarter(f"{last.year}-Q{(last.month + 2) // 3}", zone)


def year(name: str, zone: ZoneInfo) -> Window:
    """ "2026" → January to December; raises Usage that says what was expected."""
    if not re.fullmatch(r"[1-9]\d{3}", name.strip()) or int(name) >= date.max.year:
        raise Usage("{name!r} is not a year; write it as 2026", code="not_a_year", name=name)
    first = date(int(name), 1, 1)
    return days(first, _month_end(first, 12), zone, f"{first.year}")


def last_year(now: datetime, zone: ZoneInfo) -> Window:
    """The last full year before `now`."""
    return year(str(now.astimezone(zone).year - 1), zone)


def _month_end(first: date, months: int) -> date:
    """The last day of so many months; that of all days where the calendar ends."""
    if (first.year, first.month + months) > (date.max.year, 12):
        return date.max
    for _ in range(months):
        first = (first + timedelta(days=32)).replace(day=1)
    return first - timedelta(days=1)


def days(first: date, last: date, zone: ZoneInfo, name: str = "") -> Window:
    """Both days included; raises Usage where the last comes before the first."""
    if last < first:
        text = "the last day {last} comes before the first {first}"
        raise Usage(text, code="last_before_first", last=last, first=first)
    if first.year < _EARLIEST or last == date.max:
        raise Usage("there are no figures of {day}; write a year such as 2026", code="no_such_year", day=first)
    return Window(
        name or f"{first} – {last}", _midnight(first, zone), _midnight(last + timedelta(days=1), zone), first, last
    )


Part = Literal["day", "week", "month"]
PARTS: tuple[Part, ...] = get_args(Part)


def steps(window: Window, zone: ZoneInfo) -> Iterator[Window]:
    """The window's days, or its weeks where it is longer than 35 days, or its months where it is longer than a year."""
    length = (window.last - window.first).days + 1
    return parts(window, zone, "day" if length <= 35 else "week" if length <= 366 else "month")


def parts(window: Window, zone: ZoneInfo, part: Part) -> Iterator[Window]:
    """The days, ISO weeks or months of the window, the first and the last as far as they lie in it; each named by its
    first day."""
    first = window.first
    while first <= window.last:
        if part == "day":
            last = first
        elif part == "week":
            last = first + timedelta(days=6 - first.weekday())
        else:
            last = _month_end(first.replace(day=1), 1)
        last = min(last, window.last)
        yield days(first, last, zone, first.isoformat())
        first = last + timedelta(days=1)


RECENT: dict[Part, int] = {"day": 28, "week": 13, "month": 12}


def recent(part: Part, now: datetime, zone: ZoneInfo) -> Window:
    """The last four weeks by day, 13 weeks, or twelve months, all of them full."""
    last = {"day": last_day, "week": last_week, "month": last_month}[part](now, zone)
    return _ending(part, last.last, zone)


def _ending(part: Part, last: date, zone: ZoneInfo) -> Window:
    """As many days, weeks or months as are RECENT, to the last day of one."""
    if part == "month":
        first = last.replace(day=1)
        for _ in range(RECENT[part] - 1):
            first = (first - timedelta(days=1)).replace(day=1)
        return days(first, last, zone)
    length = RECENT[part] * (1 if part == "day" else 7)
    return days(last - timedelta(days=length - 1), last, zone)


def leading_to(window: Window, zone: ZoneInfo) -> tuple[Part, list[Window]]:
    """The 13 weeks that end with a week, or the twelve months that end with a month or quarter; none of others, and
    none in the first year that there are figures of."""
    quarter = window.is_months and (window.last - window.first).days < 92  # 92 days are the longest
    part: Part = "month" if quarter else "week"
    if window.first.year == _EARLIEST or not (quarter or window.is_week):
        return part, []
    return part, list(parts(_ending(part, window.last, zone), zone, part))


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
