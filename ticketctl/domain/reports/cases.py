"""What the figures are counted from: one ticket's history as a report sees it, and the cases that a figure finds in it.

A figure is a pure function of one History that gives Cases: each either counted, with its value and from which event
to which it lasts, or left out for one of the REASONS. The figure of a report sums up the cases of all tickets, and
`report --explain` lists them, so that both say the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import cached_property
from typing import Literal, get_args
from zoneinfo import ZoneInfo

import msgspec

from ticketctl.domain.deadlines.business_hours import add, between, next_opening
from ticketctl.domain.deadlines.deadlines import Deadline, deadlines
from ticketctl.domain.reports.periods import Window
from ticketctl.domain.settings.settings import TARGET_KINDS, Hours, Target
from ticketctl.domain.ticket.message import Message
from ticketctl.domain.ticket.parties import parties
from ticketctl.domain.ticket.ticket import Priority, Ticket
from ticketctl.domain.ticket.timeline import answers, as_of, closings, first_customer_message, imported_at, lifespan

Reason = Literal[
    "counted",
    "spam",
    "test",
    "merged",
    "imported",
    "machine",
    "later",
    "outside",
    "ours",
    "not_ours",
    "team_started",
    "by_chat",
    "not_by_chat",
    "not_asked",
    "not_rated",
    "unanswered",
    "answered",
    "settled",
    "open",
    "closed",
    "reopened",
    "automatic",
    "by_person",
    "no_promise",
    "not_due",
    "gone",
]
REASONS: tuple[Reason, ...] = get_args(Reason)
_NO_TIME = timedelta()
REOPEN_DAYS = 14  # local days: the 14th is in, the 15th out


class Mark(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """An event that a case begins or ends with: "began" (the customer's first message, or a matter of our own),
    "received", "replied", "closed", "reopened", "promised", "due", or "instant", the moment of the figure. `what` may
    be followed by the key of the message, or the occasion of the deadline, as `detail`."""

    at: datetime
    what: str
    detail: str = ""


class Case(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One ticket in one figure; a ticket has several cases where it counts several times (two closings, two customers
    who were merged). `count` is what it adds to a number: 1 or 0 of a rate's part, the replies of a ticket. `calendar`
    and `business` are a duration's two values. `group` is the channel, cause, owner or age bucket it counts for."""

    ticket: int
    reason: Reason = "counted"
    start: Mark | None = None
    end: Mark | None = None
    calendar: timedelta | None = None
    business: timedelta | None = None
    count: int = 1
    group: str = ""

    @property
    def counted(self) -> bool:
        return self.reason == "counted"


Cases = tuple[Case, ...]  # of one ticket: at least one


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """What a report is about. `instant` is the window's end, or `now` where that has not come."""

    window: Window
    now: datetime
    hours: Hours
    targets: Mapping[Priority, Target]
    zone: ZoneInfo

    @property
    def instant(self) -> datetime:
        return min(self.window.end, self.now)

    @property
    def runs(self) -> bool:
        """Whether the window is not over."""
        return self.now < self.window.end


def frame(window: Window, *, hours: Hours, targets: Mapping[Priority, Target], now: datetime) -> Frame:
    return Frame(window=window, now=now, hours=hours, targets=targets, zone=ZoneInfo(hours.timezone))


def read_from(asked: Frame) -> datetime:
    """From when on the life of a closed ticket may matter to the window: what had ended before cannot fall due in it,
    by any target."""
    targets = asked.targets.values()
    durations = [duration for one in targets for kind in TARGET_KINDS if (duration := getattr(one, kind))]
    start, back = asked.window.start, timedelta(days=1)
    while any(next_opening(add(start - back, one, asked.hours), asked.hours) >= start for one in durations):
        back *= 2
    return start - back


def lived_since(tickets: Iterable[Ticket], instant: datetime) -> Iterator[Ticket]:
    """Those that were not over before it."""
    for ticket in tickets:
        _, last = lifespan(ticket)
        if last is None or last >= instant:
            yield ticket


class History:
    """One ticket in one frame: `ticket` as it is now, `then` as it was at the frame's instant. What several figures ask
    is found once.

    `left_out` is why it is in no flow and no time, `absent` why it was not among the tickets at the instant, open or
    closed; `not_ended` why it does not belong to what was closed in the window and stood closed at its end: "counted"
    where it does. `closes` are its closings that lie in the window, `circles` the ticket as each of its requesters
    knows it, `replies_then` its answers at the instant."""

    def __init__(self, ticket: Ticket, then: Ticket, frame: Frame) -> None:
        self.number, self.ticket, self.then, self.frame = ticket.number, ticket, then, frame
        self.circles = tuple([one.ticket for one in parties(ticket)]) if ticket.merged else (ticket,)
        window, same, self.instant = frame.window, then is ticket, frame.instant
        self._plain: dict[Reason, Case] = {}
        first = first_customer_message(ticket)
        self.start = began(ticket)
        self.began = self.start.at
        self.ours = first is None  # a matter of our own, in which no customer has written
        self.closings = closings(ticket)
        self.closes = [close for close in self.closings if window.holds(close.at)]
        self.start_then = self.start if same else began(then)
        reason = _left_out(ticket)
        self.left_out: Reason = reason or ("later" if self.start_then.at >= window.end else "counted")
        self.absent: Reason = (reason if same else _left_out(then)) or (
            "later" if self.start_then.at > self.instant else "counted"
        )
        self.ours_then = self.start_then.what == "began"
        self.closings_then = self.closings if same else closings(then)
        self.last_close = self.closings_then[-1] if self.closings_then else None
        self.not_ended = self._not_ended()
        self._deadlines: tuple[Deadline, ...] | None = None  # found when first asked for, as is:
        self._resolved: Case | None = None

    def _not_ended(self) -> Reason:
        if self.left_out != "counted":
            return self.left_out
        if self.then.closed and self.then.closed_at is not None:
            return "counted" if self.frame.window.holds(self.then.closed_at) else "outside"
        return "reopened" if self.closes else "open"

    @cached_property
    def replies_then(self) -> list[Message]:
        return replies(self.then)

    @property
    def in_stock(self) -> bool:
        """Whether it was there and not closed at the instant."""
        return self.absent == "counted" and not self.then.closed

    @property
    def deadlines(self) -> tuple[Deadline, ...]:
        """Responses as they are decided by now; the resolution as of the instant: one that was kept stays so when the
        ticket is reopened."""
        if self._deadlines is None:
            self._deadlines = self._decided()
        return self._deadlines

    def _decided(self) -> tuple[Deadline, ...]:
        frame = self.frame
        found = decided_by_now(self.ticket, frame)
        if self.then is self.ticket and all(not one.running for one in found):
            return found  # what has ended does not depend on the moment
        before = deadlines(self.then, frame.targets, frame.hours, self.instant, shares=False)
        return (
            *(one for one in found if one.kind != "resolution"),
            *(one for one in before if one.kind == "resolution"),
        )

    @property
    def resolved(self) -> Case:
        """From its start to its last close."""
        if self._resolved is None:
            end = self.last_close.at if self.last_close else self.instant
            self._resolved = self.lasting(self.start_then, Mark(end, "closed"))
        return self._resolved

    @property
    def may_come_back(self) -> bool:
        """Whether one of its closes in the window is so young that the customer may still bring it back."""
        return any(_is_recent(close.at, self.frame) for close in self.closes)

    @property
    def may_be_written_in(self) -> bool:
        """Whether a customer's mail still comes here: it is not closed, or was closed lately."""
        closed_at = self.ticket.closed_at
        return closed_at is None or _is_recent(closed_at, self.frame)

    # --- cases ---

    def out(self, reason: Reason, start: Mark | None = None, end: Mark | None = None) -> Case:
        """Why it is not counted. Most figures leave a ticket out for one of a few reasons: one case of each is kept."""
        if start is None and end is None:
            if reason not in self._plain:
                self._plain[reason] = Case(ticket=self.number, reason=reason)
            return self._plain[reason]
        return Case(ticket=self.number, reason=reason, start=start, end=end)

    def lasting(self, start: Mark, end: Mark, *, group: str = "") -> Case:
        """From one event to the other; where a clock went back in between, never shorter than nothing."""
        return Case(
            ticket=self.number,
            start=start,
            end=end,
            calendar=max(end.at - start.at, _NO_TIME),
            business=between(start.at, end.at, self.frame.hours),
            group=group,
        )


class _Decided:
    """Deadlines of the ticket that was asked about last: a report on many weeks asks for one ticket in each of them."""

    def __init__(self) -> None:
        self._asked: tuple[Ticket, Frame] | None = None
        self._found: tuple[Deadline, ...] = ()

    def __call__(self, ticket: Ticket, frame: Frame) -> tuple[Deadline, ...]:
        known = self._asked
        if known is None or known[0] is not ticket or not _same_but_window(known[1], frame):
            self._found = deadlines(ticket, frame.targets, frame.hours, frame.now, shares=False)
            self._asked = ticket, frame
        return self._found


def _same_but_window(one: Frame, other: Frame) -> bool:
    return one is other or (one.now == other.now and one.targets is other.targets and one.hours is other.hours)


decided_by_now = _Decided()
"""(ticket, frame) → its deadlines as they are at `frame.now`, whatever the window."""


def histories(tickets: Iterable[Ticket], frame: Frame) -> Iterator[History]:
    """Of each ticket, one at a time."""
    for ticket, others in with_merged(tickets):
        yield History(ticket, as_of(ticket, frame.instant, others), frame)


def with_merged(tickets: Iterable[Ticket]) -> Iterator[tuple[Ticket, Mapping[int, Ticket]]]:
    """Each ticket, with the merged ones by number: who was merged after an instant gets back what is now in another.
    Only these are held until all have been read."""
    others: dict[int, Ticket] = {}
    for ticket in tickets:
        if ticket.merged or ticket.merged_into:
            others[ticket.number] = ticket
        else:
            yield ticket, {}
    for ticket in others.values():
        yield ticket, others


def began(ticket: Ticket) -> Mark:
    first = first_customer_message(ticket)
    return Mark(first.at, "received", first.key) if first else Mark(ticket.opened_at, "began")


def replies(ticket: Ticket) -> list[Message]:
    """Its answers; what went to several requesters in a mail each is one."""
    return list({one.reply_key: one for one in answers(ticket)}.values())


def counted(cases: Iterable[Case]) -> Iterator[Case]:
    return (case for case in cases if case.reason == "counted")


def days_between(start: datetime, end: datetime, zone: ZoneInfo) -> int:
    """From one local day to another, however long the nights between them were."""
    return (end.astimezone(zone).date() - start.astimezone(zone).date()).days


def _is_recent(close: datetime, frame: Frame) -> bool:
    """Whether a customer's mail still reopens what was closed then."""
    long_ago = frame.now - close > timedelta(days=REOPEN_DAYS + 2)  # most are, and need no look at a calendar
    return not long_ago and days_between(close, frame.now, frame.zone) <= REOPEN_DAYS


def _left_out(ticket: Ticket) -> Reason | None:
    """As timeline.counts, with why."""
    if ticket.spam:
        return "spam"
    if ticket.test:
        return "test"
    if ticket.merged_into:
        return "merged"
    if ticket.resolution == "imported" or (imported_at(ticket) and first_customer_message(ticket) is None):
        return "imported"
    if first_customer_message(ticket) is None and any(message.machine for message in ticket.messages):
        return "machine"
    return None
