"""What the customer was promised, and by when."""

from __future__ import annotations

import msgspec

from ticketctl.domain.deadlines import promises
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.ports.store import Desk
from ticketctl.usecases.reply.promise import due_time
from ticketctl.usecases.results import Batch, Changed, Done
from ticketctl.usecases.session import Session
from ticketctl.usecases.tickets.change import change_each


class Promise(msgspec.Struct, frozen=True, kw_only=True):
    """`when` is a day, a day and a time, or a time to wait; "kept" where a call or a visit kept the promise, "drop"
    where it was none."""

    tickets: tuple[int, ...]
    when: str
    seen: int | None = None


def promise(session: Session, request: Promise, *, keep: bool = True) -> Batch[Changed]:
    """Raises Usage where `when` cannot be read, NotAllowed."""
    session.must("promise", keep=keep)
    acting = session.act("promise")
    due = None if request.when in ("kept", "drop") else due_time(session, request.when)

    def decide(desk: Desk, ticket: Ticket) -> Done[Changed]:
        if due is not None:
            after = promises.promise(ticket, acting, due)
        else:
            after = (promises.keep if request.when == "kept" else promises.drop)(ticket, acting)
        return Done(ticket.number, Changed(ticket, after))

    return change_each(session, request.tickets, decide, seen=request.seen, keep=keep)
