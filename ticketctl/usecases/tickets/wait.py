"""Waiting for the customer until a time."""

from __future__ import annotations

from datetime import datetime

import msgspec

from ticketctl.domain.deadlines.date_words import moment, names_a_day
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.ports.store import Desk
from ticketctl.usecases.results import Batch, Changed, Done
from ticketctl.usecases.session import Session
from ticketctl.usecases.tickets.change import change_each

DEFAULT_WAIT = "calendar 7d"  # after a reply that names no time


class Wait(msgspec.Struct, frozen=True, kw_only=True):
    """`until` as `wake_time` reads it; "" takes the tickets back."""

    tickets: tuple[int, ...]
    until: str
    seen: int | None = None


class Waiting(Changed, frozen=True):
    """`until` is when it comes back, in the desk's time zone `timezone`; None: it was taken back."""

    until: datetime | None
    timezone: str


def wait(session: Session, request: Wait, *, keep: bool = True) -> Batch[Waiting]:
    """Lets each ticket wait for the customer, or takes it back. Raises NotAllowed, and Usage for an unclear time."""
    session.must("wait", keep=keep)
    wake_at = wake_time(session, request.until) if request.until else None
    named = bool(request.until) and names_day(session, request.until)
    acting = session.act("wait")

    def decide(_desk: Desk, ticket: Ticket) -> Done[Waiting]:
        after = ticket.wait(acting, wake_at, named=named) if wake_at else ticket.wake(acting)
        return Done(ticket.number, Waiting(ticket, after, wake_at, session.config.timezone))

    return change_each(session, request.tickets, decide, seen=request.seen, keep=keep)


def wake_time(session: Session, text: str) -> datetime:
    """The instant that "5d", "calendar 4h", "2026-12-01" or "fredag 15" names, reckoned from now; raises Usage."""
    return moment(text, session.now, session.config.hours)


def names_day(session: Session, text: str) -> bool:
    """Whether "2026-12-01" or "fredag 15" is meant, and not "5d": such a ticket is not reminded."""
    return names_a_day(text, session.now, session.config.hours)
