"""Who has too much, and a reallocation that one request carries out."""

from __future__ import annotations

from ticketctl.domain.deadlines.reallocation import Reallocation, reallocation
from ticketctl.domain.deadlines.work_order import TicketInQueue
from ticketctl.domain.ticket.query import ACTIVE
from ticketctl.usecases.people import available, away
from ticketctl.usecases.session import Session
from ticketctl.usecases.views.next_due import in_order


def propose_reallocation(session: Session) -> Reallocation:
    """Nothing is changed by it; `reallocate` carries it out."""
    session.must("propose_reallocation")
    with session.store.reading() as desk:
        return among(session, in_order(session, desk.find(ACTIVE)))


def among(session: Session, active: list[TicketInQueue]) -> Reallocation:
    """The same of tickets that were read already."""
    absent = away(session)
    gone = [agent.name for agent in session.config.team if agent.role != "viewer" and agent.name in absent]
    return reallocation(active, available(session), gone)
