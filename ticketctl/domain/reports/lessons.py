"""What was learnt from the tickets that were closed in a stretch of time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from ticketctl.domain.reports.periods import Window
from ticketctl.domain.ticket.ticket import Ticket


class Lesson(msgspec.Struct, frozen=True):
    number: int
    cause: str
    text: str


def lessons(tickets: Iterable[Ticket], window: Window) -> Iterator[Lesson]:
    """The lessons of tickets that were closed in `window`, also where the lesson came later; no spam, no tests."""
    for one in tickets:
        closed = one.closed and one.closed_at is not None and window.holds(one.closed_at)
        if closed and one.lesson and not (one.spam or one.test):
            yield Lesson(one.number, one.cause, one.lesson)
