"""What the product costs its desk: the tickets that were closed in a period, by area and cause.

Every row has the figures of docs/figures.md for its own tickets; rows of fewer than FEWEST tickets are one row, so that
no single customer can be made out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta

import msgspec

from ticketctl.domain.reports.cases import Frame, History, with_merged
from ticketctl.domain.reports.durations import resolution_last, waiting_for_customer
from ticketctl.domain.reports.outcomes import cause_of, reopened
from ticketctl.domain.reports.periods import Window, days
from ticketctl.domain.reports.statistics import Rate
from ticketctl.domain.statistics.change import Change, Week, against_rest, claims
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.domain.ticket.timeline import as_of, lifespan

FEWEST = 5  # tickets of a row of its own

Key = tuple[str, str]  # area and cause, "" where a ticket has none
OTHER: Key = ("…", "…")
AreaOf = Callable[[History], str]


class ProductRow(msgspec.Struct, frozen=True, kw_only=True):
    """`before` are the tickets of the period before, of the same length. `touches` and `business` (time to the last
    close in opening hours, without the time spent waiting for the customer) are shares of those of all rows, None where
    there are none. `change` compares it with the rest of the desk. `lessons` are texts, each once, with how many
    tickets taught it. `folded` counts the rows of which OTHER is made."""

    area: str
    cause: str
    count: int
    before: int
    touches: float | None
    business: float | None
    reopened: Rate
    change: Change
    lessons: dict[str, int]
    tickets: tuple[int, ...]
    folded: int = 0

    @property
    def is_other(self) -> bool:
        return (self.area, self.cause) == OTHER


class Product(msgspec.Struct, frozen=True):
    """The rows with most tickets first, OTHER last; `count` tickets were closed, `before` in the period before."""

    window: Window
    rows: tuple[ProductRow, ...]
    count: int
    before: int


class _Closed(msgspec.Struct, frozen=True):
    """A ticket of a period: its row, the Monday of the week in which it was closed, and what it adds."""

    number: int
    key: Key
    monday: date
    touches: int
    business: timedelta
    reopened: int
    lesson: str


def period_before(window: Window, asked: Frame) -> Window:
    """As long as `window`, and right before it."""
    length = (window.last - window.first).days + 1
    return days(window.first - timedelta(days=length), window.first - timedelta(days=1), asked.zone)


def product(tickets: Iterable[Ticket], asked: Frame, area_of: AreaOf) -> Product:
    """Of tickets that matter to the window and to the period before it."""
    frames = (msgspec.structs.replace(asked, window=period_before(asked.window, asked)), asked)
    found: tuple[list[_Closed], list[_Closed]] = ([], [])
    for ticket, others in with_merged(tickets):
        began, _ = lifespan(ticket)
        for frame, closed in zip(frames, found, strict=True):
            if began < frame.window.end:
                one = _closed(History(ticket, as_of(ticket, frame.instant, others), frame), area_of)
                closed += [one] if one else []
    before, now = found
    large = _large(now)
    rows = [_row(key, before, now, large, frames) for key in {*large, *(_place(one, large) for one in now)}]
    told = claims({f"{one.area}\n{one.cause}": one.change for one in rows if not one.is_other})
    rows = [msgspec.structs.replace(one, change=told.get(f"{one.area}\n{one.cause}", one.change)) for one in rows]
    ordered = sorted(rows, key=lambda one: (one.is_other, -one.count, one.area, one.cause))
    return Product(asked.window, tuple(ordered), len(now), len(before))


def _closed(history: History, area_of: AreaOf) -> _Closed | None:
    if history.not_ended != "counted" or history.then.closed_at is None:
        return None
    times = [case.business for case in resolution_last(history) if case.counted and case.business is not None]
    waits = [case.business for case in waiting_for_customer(history) if case.counted and case.business is not None]
    on_us = sum(times, timedelta()) - sum(waits, timedelta())
    day = history.then.closed_at.astimezone(history.frame.zone).date()
    return _Closed(
        number=history.number,
        key=(area_of(history), cause_of(history)),
        monday=day - timedelta(days=day.weekday()),
        touches=len(history.replies_then),
        business=max(on_us, timedelta()),
        reopened=sum(case.count for case in reopened(history) if case.counted),
        lesson=" ".join(history.ticket.lesson.split()),
    )


def _large(closed: Iterable[_Closed]) -> set[Key]:
    counts: dict[Key, int] = {}
    for one in closed:
        counts[one.key] = counts.get(one.key, 0) + 1
    return {key for key, count in counts.items() if count >= FEWEST}


def _place(one: _Closed, large: set[Key]) -> Key:
    return one.key if one.key in large else OTHER


def _row(
    key: Key, before: list[_Closed], now: list[_Closed], large: set[Key], frames: tuple[Frame, Frame]
) -> ProductRow:
    own = [one for one in now if _place(one, large) == key]
    old = [one for one in before if _place(one, large) == key]
    touches, business = sum(one.touches for one in now), sum((one.business for one in now), timedelta())
    weeks = [
        _weeks(closed, {one.number for one in mine}, frame.window)
        for closed, mine, frame in zip((before, now), (old, own), frames, strict=True)
    ]
    lessons: dict[str, int] = {}
    for one in own:
        if one.lesson:
            lessons[one.lesson] = lessons.get(one.lesson, 0) + 1
    return ProductRow(
        area=key[0],
        cause=key[1],
        count=len(own),
        before=len(old),
        touches=sum(one.touches for one in own) / touches if touches else None,
        business=sum((one.business for one in own), timedelta()) / business if business else None,
        reopened=Rate(sum(one.reopened for one in own), len(own)),
        change=against_rest(*weeks),
        lessons=dict(sorted(lessons.items(), key=lambda pair: (-pair[1], pair[0]))),
        tickets=tuple(sorted(one.number for one in own)),
        folded=len({one.key for one in own}) if key == OTHER else 0,
    )


def _weeks(closed: Iterable[_Closed], own: set[int], window: Window) -> list[Week]:
    """The whole ISO weeks of the period."""
    counts: dict[date, list[int]] = {}
    first = window.first + timedelta(days=-window.first.weekday() % 7)
    while first + timedelta(days=6) <= window.last:
        counts[first] = [0, 0]
        first += timedelta(days=7)
    for one in closed:
        if one.monday in counts:
            counts[one.monday][one.number not in own] += 1
    return [Week(mine, rest) for mine, rest in counts.values()]
