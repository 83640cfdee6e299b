"""Tickets with what is due on them, as `list`, `show` and `board` look at them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from ticketctl.domain.deadlines.due import next_due_at
from ticketctl.domain.deadlines.promises import running
from ticketctl.domain.deadlines.work_order import TicketInQueue, in_work_order
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.usecases.session import Dates, Session


def due_at(session: Session, ticket: Ticket) -> datetime | None:
    """When the next promise on the ticket is, or was, due, a target's or one of ours; None where none runs or its clock
    stands."""
    return next_due_at(ticket, session.config.targets, session.config.hours, session.now)


def in_order(session: Session, tickets: Iterable[Ticket]) -> list[TicketInQueue]:
    """What to do next first."""
    every = list(tickets)
    known = session.app.reckoned.by_revision(session.config)
    dates = {ticket.number: _dates(session, ticket, known) for ticket in every}
    promised = {number: owed for number, (_, owed) in dates.items() if owed}
    return in_work_order(every, lambda ticket: dates[ticket.number][0], session.now, promised)


def _dates(session: Session, ticket: Ticket, known: dict[tuple[int, int], Dates]) -> Dates:
    """When the next of its deadlines is due, and what a reply promised. Both stay the same until the ticket or
    rules.yaml changes: a clock that stands does not go on by itself, and one that runs has a date. So a process that
    lasts reckons them once a revision (tests/usecases/test_reckoned.py)."""
    key = (ticket.number, ticket.revision)
    if key not in known:
        promise = running(ticket)
        found = due_at(session, ticket), promise.due_at if promise else None
        if not ticket.revision:
            return found
        known[key] = found
    return known[key]
