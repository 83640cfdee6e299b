"""Tickets with their deadlines, as `list`, `show` and `board` look at them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from ticketctl.app import App
from ticketctl.domain.deadlines import next_due_at
from ticketctl.domain.order import Standing, standings
from ticketctl.domain.promised import running
from ticketctl.domain.ticket import Ticket


def due_at(app: App, ticket: Ticket) -> datetime | None:
    """When the next promise on the ticket is due, a target's or one of ours; None where none runs or its clock
    stands."""
    promise = running(ticket)
    return _due(app, ticket, promise.due_at if promise else None)


def in_order(app: App, tickets: Iterable[Ticket]) -> list[Standing]:
    """What to do next first."""
    every = list(tickets)
    promised = {ticket.number: promise.due_at for ticket in every if (promise := running(ticket))}
    return standings(every, lambda ticket: _due(app, ticket, promised.get(ticket.number)), app.now, promised)


def _due(app: App, ticket: Ticket, promised: datetime | None) -> datetime | None:
    target = next_due_at(ticket, app.config.targets, app.config.hours, app.now)
    return min((at for at in (target, promised) if at), default=None)
