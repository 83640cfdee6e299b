"""Days of their own in `hours:`: closed ones and those with other hours, of one year or of every year, and holidays.

`2026-12-24` and `24 december 2026` are one day, `12-24`, `24 december` and `julafton` that day of every year,
`12-24..01-01` and `24 dec till 1 jan` all from the one to the other, both included, and `vecka 29-31` those ISO weeks.
Public holidays are worked out when rules.yaml is read and are kept in its compiled copy, so that a daily command does
not load the library.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from ticketctl.config.reading import Reader, Section, shown
from ticketctl.config.tree import Node, Scalar
from ticketctl.domain.deadlines.calendar_words import LAST_DAY, MONTH
from ticketctl.domain.deadlines.naming_days import FEAST
from ticketctl.errors import MissingExtra, NextStep

YEARS = range(2010, 2050)  # as far as promises and reports of a desk reach
LONGEST = 366  # days of a span
HINT = "write 2026-12-24, or for every year 12-24, 24 december or week 29; a span as 12-24..01-01"
_MONTH = "|".join(sorted(MONTH, key=len, reverse=True))
_ISO = re.compile(r"(?:(\d{4})-)?(\d{1,2})-(\d{1,2})", re.ASCII)
_SPOKEN = re.compile(
    rf"(?:(?:den|the) )?(\d{{1,2}})(?:st|nd|rd|th|:[ea]|\.)? (?:of )?({_MONTH})\.?(?: (\d{{4}}))?", re.ASCII
)
_SPOKEN_US = re.compile(rf"({_MONTH})\.? (\d{{1,2}})(?:st|nd|rd|th)?,?(?: (\d{{4}}))?", re.ASCII)
_TO = re.compile(r" ?\.\. ?| (?:-|till|to|t\.o\.m\.|tom) | ?– ?")
_WEEKS = re.compile(
    r"(?:vecka|week|v\.?|w) ?(\d{1,2})(?:(?: ?(?:\.\.|-|–) ?| (?:till|to) )(?:(?:vecka|week|v\.?|w) ?)?(\d{1,2}))?"
    r"(?: (\d{4}))?",
    re.ASCII,
)
Spans = tuple[tuple[int, int], ...]


def closed(reader: Reader, node: Node) -> tuple[date, ...]:
    """`[2026-12-24, 12-24..01-01]`: every such day of YEARS."""
    return tuple(day for found in reader.listed(node, lambda at: days(reader, at), single=True) for day in found)


def special(reader: Reader, node: Node, spans: Callable[[Reader, Node], Spans]) -> dict[date, Spans]:
    """`{2026-12-23: 08:00-12:00, 12-30: closed}`."""
    mapping = reader.mapping(node)
    found: dict[date, Spans] = {}
    for key, value in Section(reader, mapping) if mapping else ():
        open_then = spans(reader, value)
        for day in days(reader, key) or ():
            if day in found:
                reader.fault(key, f"{day} has its hours already")
                break
            found[day] = open_then
    return found


def days(reader: Reader, node: Node) -> tuple[date, ...] | None:
    """The days that one entry means."""
    text = reader.text(node)
    if text is None:
        return None
    words = " ".join(text.lower().split())
    if weeks := _WEEKS.fullmatch(words):
        return _weeks(reader, node, weeks)
    first, *others = _TO.split(words, maxsplit=1)
    start, end = _day(first), _day(others[0] if others else first)
    if start is None or end is None:
        reader.fault(node, f"{shown(text)} is not a day; {HINT}")
        return None
    if bool(start[0]) != bool(end[0]):
        reader.fault(node, f"{shown(text)}: write the year at both ends, or at none")
        return None
    if start[0] and end < start:
        reader.fault(node, f"{shown(text)} ends before it begins")
        return None
    return tuple(sorted(day for year in ([start[0]] if start[0] else YEARS) for day in _span(year, start, end)))


def named(node: Node) -> bool:
    """Whether an entry names days of its own; for a key that may be a weekday too."""
    if not isinstance(node, Scalar):
        return False
    words = " ".join(node.text.lower().split())
    return _WEEKS.fullmatch(words) is not None or _day(_TO.split(words, maxsplit=1)[0]) is not None


def _weeks(reader: Reader, node: Node, found: re.Match[str]) -> tuple[date, ...] | None:
    """All days of ISO weeks, of every year where none is named."""
    first, last = int(found[1]), int(found[2] or found[1])
    if not 1 <= first <= last <= 53:
        reader.fault(node, f"{shown(found[0])}: write weeks of 1 to 53, the first first")
        return None
    years = [int(found[3])] if found[3] else YEARS
    return tuple(day for year in years for week in range(first, last + 1) for day in _week(year, week))


def _week(year: int, week: int) -> list[date]:
    """None of its days where that year has no week 53."""
    try:
        return [date.fromisocalendar(year, week, day) for day in range(1, 8)]
    except ValueError:
        return []


_Parts = tuple[int, int, int]  # year (0: every year), month, day


def _day(words: str) -> _Parts | None:
    parts: _Parts | None = None
    if found := _ISO.fullmatch(words):
        parts = int(found[1] or 0), int(found[2]), int(found[3])
    elif found := _SPOKEN.fullmatch(words):
        parts = int(found[3] or 0), MONTH[found[2]], int(found[1])
    elif found := _SPOKEN_US.fullmatch(words):
        parts = int(found[3] or 0), MONTH[found[1]], int(found[2])
    elif words in FEAST:
        parts = 0, *FEAST[words]
    if parts is None or not 1 <= parts[1] <= 12 or not 1 <= parts[2] <= LAST_DAY[parts[1] - 1]:
        return None
    return parts if not parts[0] or _date(*parts) else None


def _span(year: int, start: _Parts, end: _Parts) -> list[date]:
    """A span of every year that ends before it begins ends in the next one."""
    first = _date(year, *start[1:])
    last = _date(end[0] or year + (end < start), *end[1:])
    if first is None or last is None:
        return []
    return [first + timedelta(days=one) for one in range(min((last - first).days + 1, LONGEST))]


def _date(year: int, month: int, day: int) -> date | None:
    """None for 29 February of most years."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


# --- public holidays ---


def are_known(country: str) -> bool:
    """Whether the library has its holidays; True where it is not installed: `public_holidays` then says so."""
    try:
        import holidays
    except ImportError:
        return True
    return country in holidays.list_supported_countries(include_aliases=False)


def public_holidays(country: str, *, eves: bool = True) -> frozenset[date]:
    """The public holidays of YEARS; for SE with `eves` also midsommarafton, julafton and nyårsafton, which are holidays
    by custom and agreement, not by law. Raises MissingExtra."""
    try:
        import holidays
    except ImportError:
        raise MissingExtra(
            "rules.yaml: hours: holidays: {country} needs the extra [calendar]",
            code="no_calendar_extra",
            next_step=NextStep("install", more="calendar"),
            country=country,
        ) from None
    found = frozenset(holidays.country_holidays(country, years=YEARS))
    if country != "SE" or not eves:
        return found
    return found | frozenset(day for year in YEARS for day in _swedish_eves(year))


def _swedish_eves(year: int) -> Iterator[date]:
    midsummer = date(year, 6, 19)  # its eve is the Friday from the 19th to the 25th
    yield midsummer + timedelta(days=(4 - midsummer.weekday()) % 7)
    yield date(year, 12, 24)
    yield date(year, 12, 31)
