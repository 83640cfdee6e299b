"""Business time: how much of it lies between two instants, and where a promise of so much of it ends.

Opening hours are wall-clock times in the desk's zone, so that 08:00 stays 08:00 when the clocks change; an hour that
the clock skips is not open, one that it repeats is open twice. A desk without opening hours counts calendar time.

All is reckoned over whole microseconds since 1970 UTC, in chunks of four weeks that are laid out once and kept.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from ticketctl.domain.settings.settings import Duration, Hours

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_MINUTE = 60_000_000
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR
_CHUNK = 28 * _DAY
_FARTHEST = 400 * 12  # months; nothing is promised for longer

Spans = tuple[tuple[int, int], ...]
Items = tuple[tuple[Any, Spans], ...]


def between(start: datetime, end: datetime, hours: Hours) -> timedelta:
    """Business time from `start` to `end` (aware); zero where `end` is not later."""
    if end <= start:
        return timedelta()
    opening = _opening(hours)
    if opening is None:
        return end - start
    return timedelta(microseconds=opening.between(_micros(start), _micros(end)))


def advance(start: datetime, amount: timedelta, hours: Hours) -> datetime:
    """The first instant (UTC) by which `amount` of business time has passed since `start`."""
    opening = _opening(hours)
    if opening is None or amount <= timedelta():
        return start.astimezone(UTC) + max(amount, timedelta())
    return _instant(opening.advance(_micros(start), amount // _MICROSECOND))


def add(start: datetime, duration: Duration, hours: Hours) -> datetime:
    """The instant (UTC) at which a promise of `duration` made at `start` ends.

    Minutes are opening time. A day's promise ends at the same time of day on the next opening day (a start outside
    opening hours counts as the next opening); where the desk is shut at that time of day, at the closing before it, or
    at that day's first opening. Calendar days and months keep the time of day; the 31st becomes a month's last day.
    """
    hours = clock(duration, hours)
    if duration.months:
        return _months_later(start, duration.months, ZoneInfo(hours.timezone))
    if not duration.days:
        return advance(start, timedelta(minutes=duration.minutes), hours)
    opening = _opening(hours)
    if opening is None:
        local = start.astimezone(ZoneInfo(hours.timezone))
        return (local + timedelta(days=duration.days)).astimezone(UTC)
    return _days_later(next_opening(start, hours), duration.days, opening)


def clock(duration: Duration, hours: Hours) -> Hours:
    """The hours by which `duration` is counted: none where it says "calendar"."""
    return msgspec.structs.replace(hours, week={}) if duration.calendar else hours


def next_opening(at: datetime, hours: Hours) -> datetime:
    """`at` itself where the desk is open, else when it opens next (UTC)."""
    opening = _opening(hours)
    if opening is None:
        return at.astimezone(UTC)
    asked = _micros(at)
    if opening.is_open(asked):
        return at.astimezone(UTC)
    return _instant(opening.advance(asked, 1) - 1)


def closing(day: date, hours: Hours) -> datetime:
    """When the desk closes that day (UTC); 23:59 where it has no hours that day."""
    spans = hours.spans(day)
    return _on(day, min(spans[-1][1], 23 * 60 + 59) if spans else 23 * 60 + 59, ZoneInfo(hours.timezone))


# --- days and months ---


def _days_later(start: datetime, days: int, opening: _Opening) -> datetime:
    zone = opening.zone
    local = start.astimezone(zone)
    day, spans = opening.opening_day(local.date(), days)
    minute = local.hour * 60 + local.minute
    if minute < spans[0][0]:
        return _on(day, spans[0][0], zone)
    closed = next(span[1] for span in reversed(spans) if span[0] <= minute)
    if minute >= closed:
        return _on(day, closed, zone)
    return datetime.combine(day, local.time(), zone).astimezone(UTC)


def _on(day: date, minute: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(minute // 60, minute % 60), zone).astimezone(UTC)


def _months_later(start: datetime, months: int, zone: ZoneInfo) -> datetime:
    from dateutil.relativedelta import relativedelta  # here: only ages are in months, and start-up must not pay for it

    return (start.astimezone(zone) + relativedelta(months=min(months, _FARTHEST))).astimezone(UTC)


# --- opening hours laid out on the line of time ---


class _Chunk:
    """Four weeks of openings, in order: starts, ends, and how much was open before each."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        self.starts = [start for start, _ in spans]
        self.ends = [end for _, end in spans]
        self.before: list[int] = []
        self.total = 0
        for start, end in spans:
            self.before.append(self.total)
            self.total += end - start

    def until(self, at: int) -> int:
        """How much was open from the chunk's start to `at`."""
        index = bisect_right(self.starts, at) - 1
        if index < 0:
            return 0
        end = self.ends[index]
        return self.before[index] + (at if at < end else end) - self.starts[index]

    def when(self, amount: int) -> int:
        """The first instant by which `amount` (1 … total) was open."""
        index = bisect_right(self.before, amount - 1) - 1
        return self.starts[index] + amount - self.before[index]


class _Opening:
    """Opening hours as spans of microseconds since 1970."""

    def __init__(self, hours: Hours) -> None:
        self.zone = ZoneInfo(hours.timezone)
        self.hours = hours
        self._chunks: dict[int, _Chunk] = {}
        self._days: dict[tuple[date, int], tuple[date, Spans]] = {}

    def opening_day(self, day: date, count: int) -> tuple[date, Spans]:
        """The day that is `count` opening days after `day`, with its opening hours in minutes."""
        found = self._days.get((day, count))
        if found is None:
            then = day
            for _ in range(count):
                then += timedelta(days=1)
                while not self.hours.spans(then):
                    then += timedelta(days=1)
            found = self._days[day, count] = then, self.hours.spans(then)
        return found

    def is_open(self, at: int) -> bool:
        chunk = self._chunk(at // _CHUNK)
        index = bisect_right(chunk.starts, at) - 1
        return index >= 0 and at < chunk.ends[index]

    def between(self, start: int, end: int) -> int:
        first, last = start // _CHUNK, end // _CHUNK
        if first == last:
            chunk = self._chunk(first)
            return chunk.until(end) - chunk.until(start)
        whole = sum(self._chunk(index).total for index in range(first, last))
        return whole + self._chunk(last).until(end) - self._chunk(first).until(start)

    def advance(self, start: int, amount: int) -> int:
        index = start // _CHUNK
        chunk = self._chunk(index)
        amount += chunk.until(start)
        while amount > chunk.total:
            amount -= chunk.total
            index += 1
            chunk = self._chunk(index)
        return chunk.when(amount)

    def _chunk(self, index: int) -> _Chunk:
        chunk = self._chunks.get(index)
        if chunk is None:
            chunk = self._chunks[index] = _Chunk(sorted(self._lay_out(index * _CHUNK, (index + 1) * _CHUNK)))
        return chunk

    def _lay_out(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        day = _instant(start).date() - timedelta(days=1)
        last = _instant(end).date() + timedelta(days=1)
        while day <= last:
            for opened, closed in self._opened(day):
                if max(opened, start) < min(closed, end):
                    yield max(opened, start), min(closed, end)
            day += timedelta(days=1)

    def _opened(self, day: date) -> Iterator[tuple[int, int]]:
        """The spans of one local day. Where the offset changes that day, each span is cut at the change, so that
        skipped minutes fall away and repeated ones count twice."""
        spans = self.hours.spans(day)
        if not spans:
            return
        midnight = (day.toordinal() - _EPOCH.toordinal()) * _DAY
        for start, end, offset in self._offsets(midnight - 15 * _HOUR, midnight + 39 * _HOUR):
            for opened, closed in spans:
                first = max(midnight + opened * _MINUTE - offset, start)
                last = min(midnight + closed * _MINUTE - offset, end)
                if first < last:
                    yield first, last

    def _offsets(self, start: int, end: int) -> Iterator[tuple[int, int, int]]:
        """The stretches of one UTC offset between two instants: (start, end, offset)."""
        offset = self._offset(start)
        if offset == self._offset(end):
            yield start, end, offset
            return
        low, high = start, end
        while high - low > 1_000_000:
            middle = (low + high) // 2_000_000 * 1_000_000
            low, high = (middle, high) if self._offset(middle) == offset else (low, middle)
        yield start, high, offset
        yield high, end, self._offset(high)

    def _offset(self, at: int) -> int:
        offset = _instant(at).astimezone(self.zone).utcoffset()
        return (offset or timedelta()) // _MICROSECOND


def _opening(hours: Hours) -> _Opening | None:
    """None: the desk has no opening hours. A run asks thousands of times about the same Hours, which has no hash."""
    global _latest
    if _latest[0] is not hours:
        _latest = hours, _laid_out(hours.timezone, _items(hours.week), _items(hours.special), hours.closed)
    return _latest[1]


_latest: tuple[Hours | None, _Opening | None] = (None, None)


@lru_cache(maxsize=64)
def _laid_out(timezone: str, week: Items, special: Items, closed: frozenset[date]) -> _Opening | None:
    hours = Hours(timezone=timezone, week=dict(week), special=dict(special), closed=closed)
    return _Opening(hours) if any(spans for _, spans in week) else None


def _items(spans: Mapping[Any, Spans]) -> Items:
    return tuple(spans.items())


def _micros(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND


def _instant(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)
