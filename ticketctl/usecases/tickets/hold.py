"""A legal hold: nothing of a ticket is deleted or anonymised, by retention or by an erasure, until it is lifted."""

from __future__ import annotations

import msgspec

from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.errors import Refused
from ticketctl.ports.store import Desk
from ticketctl.usecases.results import Batch, Changed, Done
from ticketctl.usecases.session import Session
from ticketctl.usecases.tickets.change import change_each


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """`why` is needed to hold; it is no place for personal data. `lift` ends the hold."""

    tickets: tuple[int, ...]
    why: str = ""
    lift: bool = False


def hold(session: Session, request: Hold, *, keep: bool = True) -> Batch[Changed]:
    """Where a hold is lifted, an erasure that it had stopped is carried out. Raises Refused without a reason,
    NotAllowed."""
    session.must("hold", keep=keep)
    if not request.lift and not request.why.strip():
        raise Refused("give a reason for the hold", code="hold_without_reason")
    acting = session.act("hold")

    def decide(desk: Desk, ticket: Ticket) -> Done[Changed]:
        return Done(ticket.number, Changed(ticket, ticket.hold(acting, "" if request.lift else request.why.strip())))

    done = change_each(session, request.tickets, decide, keep=keep)
    if keep and request.lift and session.app.erasures.newest():
        from ticketctl.usecases.privacy.erase import clean_again

        clean_again(session)
    return done
