"""What the reports tell of the tickets that were closed in a window.

Who belongs there, and what they were like, is decided as of the window's end (or of now where it has not ended), and
then stays: a ticket that is reopened afterwards is still counted there, and in the rate of reopening. A close that its
own agent took back never happened. All is provisional until the window is over and each close in it 15 local days
old, since until then a customer may bring the ticket back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import msgspec

from ticketctl.domain.deadlines.business_hours import between
from ticketctl.domain.reports.periods import Window
from ticketctl.domain.reports.statistics import Rate, Times, summary, times
from ticketctl.domain.settings.settings import Hours
from ticketctl.domain.ticket.parties import parties
from ticketctl.domain.ticket.ticket import Event, Ticket
from ticketctl.domain.ticket.timeline import (
    answers,
    began_at,
    closings,
    first_customer_message,
    lasting,
    opened_by_team,
    periods,
)

REOPEN_DAYS = 14  # local days: the 14th is in, the 15th out


class Cohort(msgspec.Struct, frozen=True):
    """`seen` are all tickets, as they are now; `ended` those that stood closed at the window's end and were closed in
    it, as they were then."""

    seen: tuple[Ticket, ...]
    ended: tuple[Ticket, ...]
    window: Window
    zone: ZoneInfo
    provisional: bool

    def closes(self, ticket: Ticket) -> list[Event]:
        """Its closes that lie in the window."""
        return [close for close in closings(ticket) if self.window.holds(close.at)]


def cohort(seen: Iterable[Ticket], then: Mapping[int, Ticket], window: Window, zone: ZoneInfo, now: datetime) -> Cohort:
    every = tuple(seen)
    ended = [then[one.number] for one in every if one.number in then and _ended(then[one.number], window)]
    young = now < window.end or any(
        window.holds(close.at) and days_between(close.at, now, zone) <= REOPEN_DAYS
        for ticket in every
        for close in closings(ticket)
    )
    return Cohort(every, tuple(ended), window, zone, young)


def _ended(ticket: Ticket, window: Window) -> bool:
    return ticket.closed and ticket.closed_at is not None and window.holds(ticket.closed_at)


def days_between(start: datetime, end: datetime, zone: ZoneInfo) -> int:
    """From one local day to another, however long the nights between them were."""
    return (end.astimezone(zone).date() - start.astimezone(zone).date()).days


def is_ours(ticket: Ticket) -> bool:
    """A matter of our own, in which no customer ever wrote."""
    return first_customer_message(ticket) is None


def resolution_first(found: Cohort, hours: Hours) -> Times:
    """Start → first close by a person, of tickets of which that lies in the window."""
    stretches = []
    for ticket in found.seen:
        close = next((one for one in closings(ticket) if one.actor != "system"), None)
        if close and found.window.holds(close.at) and not is_ours(ticket):
            stretches.append((began_at(ticket), close.at))
    return times(stretches, hours, provisional=found.provisional)


def resolution_last(found: Cohort, hours: Hours, *, ours: bool = False) -> Times:
    """Start → last close, of tickets that a person closed in the window and that stayed closed until its end."""
    stretches = [(began_at(ticket), close.at) for ticket, close in _by_person(found, ours=ours)]
    return times(stretches, hours, provisional=found.provisional)


def waiting(found: Cohort, hours: Hours) -> Times:
    """How long each of those tickets waited for the customer, in all; the ones that `resolution_last` counts."""
    calendar, business = [], []
    for ticket, _ in _by_person(found, ours=False):
        waits = [(one.start, one.end) for one in periods(ticket) if one.status == "waiting" and one.end]
        calendar.append(sum((end - start for start, end in waits), timedelta()))
        business.append(sum((between(start, end, hours) for start, end in waits), timedelta()))
    return Times(summary(calendar), summary(business), found.provisional)


def _by_person(found: Cohort, *, ours: bool) -> list[tuple[Ticket, Event]]:
    last = [(ticket, closings(ticket)[-1]) for ticket in found.ended if closings(ticket)]
    return [(ticket, close) for ticket, close in last if close.actor != "system" and is_ours(ticket) == ours]


def left_unanswered(ticket: Ticket, window: Window) -> bool:
    """Whether it was closed in the window before one of its requesters had any answer, by mail that is: the customer
    may have been called."""
    closes = [close.at for close in closings(ticket) if window.holds(close.at)]
    return bool(closes) and any(
        not opened_by_team(party) and _silent(party, close) for _, party in parties(ticket) for close in closes
    )


def _silent(party: Ticket, close: datetime) -> bool:
    wrote = any(message.from_customer and message.known_at <= close for message in party.messages)
    return wrote and not any(answer.at <= close for answer in answers(party))


def causes(found: Cohort, instant: datetime) -> Counter[str]:
    """The cause of each close, as it was set then or corrected until the ticket was opened again."""
    now = {ticket.number: ticket for ticket in found.seen}
    told = (_cause(now[ticket.number], instant) for ticket in found.ended)
    return Counter(cause for cause in told if cause)


def _cause(ticket: Ticket, instant: datetime) -> str:
    again = next((one.at for one in lasting(ticket) if one.what == "reopened" and one.at > instant), None)
    later = (one for one in ticket.events if one.what == "cause" and again and one.at > again)
    return next((one.before for one in later), ticket.cause)


# --- reopening ---


def reopen_rate(found: Cohort) -> Rate:
    """Distinct tickets closed in the window, and those of them that the customer brought back by the 14th day after."""
    closed = reopened = 0
    for ticket in found.seen:
        closes = found.closes(ticket)
        closed += bool(closes)
        reopened += any(
            close.at <= back and days_between(close.at, back, found.zone) <= REOPEN_DAYS
            for close in closes
            for back in customer_reopenings(ticket)
        )
    return Rate(reopened, closed, found.provisional)


def customer_reopenings(ticket: Ticket) -> list[datetime]:
    """When customers' messages brought it back: the arrivals. An agent's own undo is none."""
    arrivals = {message.key: message.at for message in ticket.messages if message.from_customer}
    return [
        max(arrivals[before.after], _close_before(ticket, event))
        for before, event in pairwise(ticket.events)
        if event.what == "reopened" and before.what == "received" and before.after in arrivals
    ]


def _close_before(ticket: Ticket, event: Event) -> datetime:
    """A mail may have arrived just before the close and been fetched after it: it counts as of the close."""
    return max((close.at for close in closings(ticket) if close.at <= event.at), default=event.at)
