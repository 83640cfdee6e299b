"""Tickets with what is due on them, as `list`, `show` and `board` look at them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from ticketctl.app import App
from ticketctl.domain.due import next_due_at
from ticketctl.domain.order import Standing, standings
from ticketctl.domain.promised import running
from ticketctl.domain.ticket import Ticket


def due_at(app: App, ticket: Ticket) -> datetime | None:
    """When the next promise on the ticket is, or was, due, a target's or one of ours; None where none runs or its clock
    stands."""
    return next_due_at(ticket, app.config.targets, app.config.hours, app.now)


def in_order(app: App, tickets: Iterable[Ticket]) -> list[Standing]:
    """What to do next first."""
    every = list(tickets)
    promised = {ticket.number: promise.due_at for ticket in every if (promise := running(ticket))}
    return standings(every, lambda ticket: due_at(app, ticket), app.now, promised)
