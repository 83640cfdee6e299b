"""Tickets that are spam."""

from __future__ import annotations

import msgspec

from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.ports.store import Desk
from ticketctl.usecases.results import Batch, Changed, Done
from ticketctl.usecases.session import Session
from ticketctl.usecases.tickets.change import change_each


class MarkSpam(msgspec.Struct, frozen=True, kw_only=True):
    tickets: tuple[int, ...]
    seen: int | None = None


def mark_spam(session: Session, request: MarkSpam, *, keep: bool = True) -> Batch[Changed]:
    """Closes each ticket as spam. Raises NotAllowed."""
    session.must("spam", keep=keep)
    acting = session.act("spam")

    def decide(_desk: Desk, ticket: Ticket) -> Done[Changed]:
        return Done(ticket.number, Changed(ticket, ticket.mark_spam(acting)))

    return change_each(session, request.tickets, decide, seen=request.seen, keep=keep)
