"""Tickets with their deadlines, as `list`, `show` and `board` look at them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from ticketctl.app import App
from ticketctl.domain.deadlines import next_due_at
from ticketctl.domain.order import Standing, standings
from ticketctl.domain.ticket import Ticket


def due_at(app: App, ticket: Ticket) -> datetime | None:
    """When the next promise on the ticket is due; None where none runs or its clock stands."""
    return next_due_at(ticket, app.config.targets, app.config.hours, app.now)


def in_order(app: App, tickets: Iterable[Ticket]) -> list[Standing]:
    """What to do next first."""
    return standings(tickets, lambda ticket: due_at(app, ticket), app.now)
