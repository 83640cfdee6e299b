"""Days of their own in `hours:`: closed ones and those with other hours, of one year or of every year.

`2026-12-24` and `24 december 2026` are one day, `12-24` and `24 december` that day of every year, and
`12-24..01-01` all from the one to the other, both included.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from ticketctl.config.public_holidays import YEARS
from ticketctl.config.reading import Reader, Section, shown
from ticketctl.config.tree import Node, Scalar
from ticketctl.domain.deadlines.calendar_words import LAST_DAY, MONTH

LONGEST = 366  # days of a span
HINT = "write 2026-12-24, or for every year 12-24 or 24 december; a span as 12-24..01-01"
_MONTH = "|".join(sorted(MONTH, key=len, reverse=True))
_ISO = re.compile(r"(?:(\d{4})-)?(\d\d)-(\d\d)", re.ASCII)
_SPOKEN = re.compile(
    rf"(?:(?:den|the) )?(\d{{1,2}})(?:st|nd|rd|th|:[ea]|\.)? (?:of )?({_MONTH})\.?(?: (\d{{4}}))?", re.ASCII
)
_SPOKEN_US = re.compile(rf"({_MONTH})\.? (\d{{1,2}})(?:st|nd|rd|th)?,?(?: (\d{{4}}))?", re.ASCII)
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
    first, dots, last = (part.strip() for part in " ".join(text.lower().split()).partition(".."))
    start, end = _day(first), _day(last) if dots else _day(first)
    told = f"{shown(text)} is not a day; {HINT}"
    if start is None or end is None:
        reader.fault(node, told)
        return None
    if bool(start[0]) != bool(end[0]):
        reader.fault(node, f"{shown(text)}: write the year at both ends, or at none")
        return None
    if start[0] and end < start:
        reader.fault(node, f"{shown(text)} ends before it begins")
        return None
    return tuple(sorted(day for year in ([start[0]] if start[0] else YEARS) for day in _span(year, start, end)))


def named(node: Node) -> bool:
    """Whether an entry stands for days of its own; for a key that may be a weekday too."""
    return isinstance(node, Scalar) and _day(node.text.partition("..")[0].strip().lower()) is not None


_Parts = tuple[int, int, int]  # year (0: every year), month, day


def _day(words: str) -> _Parts | None:
    parts: _Parts | None = None
    if found := _ISO.fullmatch(words):
        parts = int(found[1] or 0), int(found[2]), int(found[3])
    elif found := _SPOKEN.fullmatch(words):
        parts = int(found[3] or 0), MONTH[found[2]], int(found[1])
    elif found := _SPOKEN_US.fullmatch(words):
        parts = int(found[3] or 0), MONTH[found[1]], int(found[2])
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
