"""The labels of a ticket."""

from __future__ import annotations

import msgspec

from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.errors import Usage
from ticketctl.ports.store import Desk
from ticketctl.usecases.fields import checked_labels
from ticketctl.usecases.results import Batch, Changed, Done
from ticketctl.usecases.session import Session
from ticketctl.usecases.tickets.change import change_each


class Label(msgspec.Struct, frozen=True, kw_only=True):
    """What is in both is added."""

    tickets: tuple[int, ...]
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    seen: int | None = None


def label(session: Session, request: Label, *, keep: bool = True) -> Batch[Changed]:
    """Adds labels to each ticket and removes others. Raises NotAllowed, and Usage for a label that rules.yaml does not
    declare; one to remove may be any."""
    session.must("label", keep=keep)
    added = checked_labels(session.config, request.add)
    if not added and not request.remove:
        raise Usage("no label is given", code="no_labels")
    acting = session.act("label")

    def decide(_desk: Desk, ticket: Ticket) -> Done[Changed]:
        after = ticket.unlabel(acting, *request.remove).label(acting, *added)
        return Done(ticket.number, Changed(ticket, after))

    return change_each(session, request.tickets, decide, seen=request.seen, keep=keep)
