"""Taking the next ticket to do."""

from __future__ import annotations

import msgspec

from ticketctl.domain.ticket.query import Query
from ticketctl.domain.ticket.ticket import Status, Ticket
from ticketctl.errors import Refused
from ticketctl.ports.store import Desk
from ticketctl.usecases.people import must_be_here
from ticketctl.usecases.results import Changed, Done
from ticketctl.usecases.session import Session
from ticketctl.usecases.views.next_due import in_order

ACTIVE: frozenset[Status] = frozenset({"new", "open", "waiting"})


class Take(msgspec.Struct, frozen=True, kw_only=True):
    """`labels`: only a ticket with all of them. `anyway`: although the actor is away."""

    labels: tuple[str, ...] = ()
    anyway: bool = False


def take(session: Session, request: Take, *, keep: bool = True) -> Done[Changed] | None:
    """Assigns the most urgent unassigned ticket to the actor; None where there is none. Raises Refused, NotAllowed."""
    session.must("take", keep=keep)
    acting = session.act("take")
    if acting.actor == "system":
        raise Refused("system takes no tickets; say which agent does", code="system_takes_none")
    must_be_here(session, acting.actor, anyway=request.anyway)
    with session.store.transaction(keep=keep) as desk:
        ticket = _next(session, desk, request.labels)
        if ticket is None:
            return None
        return Done(ticket.number, Changed(ticket, desk.save(ticket.assign(acting, acting.actor))))


def _next(session: Session, desk: Desk, labels: tuple[str, ...]) -> Ticket | None:
    free = desk.find(Query(statuses=ACTIVE, assignee="", labels=frozenset(labels)))
    first = next((one for one in in_order(session, free) if not one.asleep), None)
    return desk.get(first.ticket.number) if first else None
