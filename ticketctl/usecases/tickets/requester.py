"""Whose matter a ticket is."""

from __future__ import annotations

import msgspec

from ticketctl.domain.changes import requester as whose
from ticketctl.domain.ticket.message import Person
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.errors import Usage
from ticketctl.ports.store import Desk
from ticketctl.usecases.people import person
from ticketctl.usecases.reply.headers import own_addresses
from ticketctl.usecases.results import Batch, Changed, Done
from ticketctl.usecases.session import Session
from ticketctl.usecases.tickets.change import change_each


class SetRequester(msgspec.Struct, frozen=True, kw_only=True):
    """`requester` is an address, with a name or without; of a caller without mail a name or a telephone number."""

    ticket: int
    requester: str


def set_requester(session: Session, request: SetRequester, *, keep: bool = True) -> Batch[Changed]:
    """Raises Usage where that is nobody, or an address of the desk's; NotAllowed."""
    session.must("requester", keep=keep)
    acting, found = session.act("requester"), person(request.requester)
    if session.config.outgoing and found.address in own_addresses(session):
        raise Usage("{address} is an address of our own; name the customer", code="own_address", address=found.address)

    def decide(desk: Desk, ticket: Ticket) -> Done[Changed]:
        return Done(ticket.number, Changed(ticket, whose.change(ticket, acting, _known(ticket, found))))

    return change_each(session, (request.ticket,), decide, keep=keep)


def _known(ticket: Ticket, found: Person) -> Person:
    """With the name that the ticket knows for the address, where none is given."""
    named = (one for one in (ticket.requester, *ticket.participants) if one.address == found.address and one.name)
    return found if found.name or not found.address else next(named, found)
