"""Tickets with what is due on them, as `list`, `show` and `board` look at them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from ticketctl.domain.deadlines.due import next_due_at
from ticketctl.domain.deadlines.promises import running
from ticketctl.domain.deadlines.work_order import TicketInQueue, in_work_order
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.usecases.session import Session


def due_at(session: Session, ticket: Ticket) -> datetime | None:
    """When the next promise on the ticket is, or was, due, a target's or one of ours; None where none runs or its clock
    stands."""
    return next_due_at(ticket, session.config.targets, session.config.hours, session.now)


def in_order(session: Session, tickets: Iterable[Ticket]) -> list[TicketInQueue]:
    """What to do next first."""
    every = list(tickets)
    promised = {ticket.number: promise.due_at for ticket in every if (promise := running(ticket))}
    return in_work_order(every, lambda ticket: due_at(session, ticket), session.now, promised)
