"""Who owns a ticket."""

from __future__ import annotations

import msgspec

from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.ports.store import Desk
from ticketctl.usecases.people import chooser, receiver
from ticketctl.usecases.results import Batch, Changed, Done
from ticketctl.usecases.session import Session
from ticketctl.usecases.tickets.change import change_each, must_be_as_seen


class Assign(msgspec.Struct, frozen=True, kw_only=True):
    """`to` is a name of the team, "me", a turn (least_loaded, round_robin), "deputy", or "none". `anyway`: also
    somebody who is away."""

    tickets: tuple[int, ...]
    to: str
    anyway: bool = False
    seen: int | None = None


def assign(session: Session, request: Assign, *, keep: bool = True) -> Batch[Changed]:
    """Gives each ticket to an agent, or to nobody. Raises Usage, NotAllowed; Refused where nobody can be chosen."""
    session.must("assign", keep=keep)
    choose = chooser(session, request.to, anyway=request.anyway)
    acting = session.act("assign")

    def decide(desk: Desk, ticket: Ticket) -> Done[Changed]:
        chosen = choose(desk, ticket)
        name = chosen.name if chosen else ""
        after = ticket if ticket.assignee == name else ticket.assign(acting, name)
        return Done(ticket.number, Changed(ticket, after))

    return change_each(session, request.tickets, decide, seen=request.seen, keep=keep)


class Gift(msgspec.Struct, frozen=True):
    """Ticket `number`, as it was at revision `seen`, goes to the agent `to`."""

    number: int
    seen: int
    to: str


class Reallocate(msgspec.Struct, frozen=True):
    gifts: tuple[Gift, ...]


def reallocate(session: Session, request: Reallocate, *, keep: bool = True) -> Batch[Changed]:
    """A ticket that was changed meanwhile stays where it is; the others go. Raises Usage, Refused for somebody who may
    be given none, NotAllowed."""
    session.must("reallocate", keep=keep)
    takers = {one.number: receiver(session, one.to).name for one in request.gifts}
    seen = {one.number: one.seen for one in request.gifts}
    acting = session.act("assign")

    def decide(_desk: Desk, ticket: Ticket) -> Done[Changed]:
        must_be_as_seen(ticket, seen[ticket.number])
        return Done(ticket.number, Changed(ticket, ticket.assign(acting, takers[ticket.number])))

    return change_each(session, list(takers), decide, keep=keep)
