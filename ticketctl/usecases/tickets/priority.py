"""How urgent a ticket is."""

from __future__ import annotations

from datetime import datetime

import msgspec

from ticketctl.domain.ticket.ticket import Priority, Ticket
from ticketctl.ports.store import Desk
from ticketctl.usecases.results import Batch, Changed, Done
from ticketctl.usecases.session import Session
from ticketctl.usecases.tickets.change import change_each
from ticketctl.usecases.views.next_due import due_at


class Prioritise(msgspec.Struct, frozen=True, kw_only=True):
    tickets: tuple[int, ...]
    priority: Priority
    seen: int | None = None


class Prioritised(Changed, frozen=True):
    """`due_at` is when its next target or promise is due (None: none runs), `now` when that was worked out."""

    now: datetime
    due_at: datetime | None


def prioritise(session: Session, request: Prioritise, *, keep: bool = True) -> Batch[Prioritised]:
    """Gives each ticket the priority; its deadlines are worked out anew. Raises NotAllowed."""
    session.must("priority", keep=keep)
    acting = session.act("priority")

    def decide(_desk: Desk, ticket: Ticket) -> Done[Prioritised]:
        after = ticket.prioritise(acting, request.priority)
        return Done(ticket.number, Prioritised(ticket, after, session.now, due_at(session, after)))

    return change_each(session, request.tickets, decide, seen=request.seen, keep=keep)
