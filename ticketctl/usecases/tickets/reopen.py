"""Opening closed tickets again."""

from __future__ import annotations

from functools import partial

import msgspec

from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.ports.store import Desk
from ticketctl.usecases.automation.ticket_events import happened, tell
from ticketctl.usecases.results import Batch, Changed, Done
from ticketctl.usecases.session import Session
from ticketctl.usecases.tickets.change import change_each


class Reopen(msgspec.Struct, frozen=True, kw_only=True):
    tickets: tuple[int, ...]
    seen: int | None = None


def reopen(session: Session, request: Reopen, *, keep: bool = True) -> Batch[Changed]:
    """Opens each ticket again, and runs the rules for that. Raises NotAllowed."""
    session.must("reopen", keep=keep)
    acting = session.act("reopen")

    def decide(desk: Desk, ticket: Ticket) -> Done[Changed]:
        outcome = happened(session, desk, ticket.reopen(acting), "reopened")
        return Done(ticket.number, Changed(ticket, outcome.ticket), outcome.remarks)

    finish = partial(tell, session)
    return change_each(session, request.tickets, decide, seen=request.seen, keep=keep, finish=finish)
