"""Handing the open tickets of one agent over to another."""

from __future__ import annotations

import msgspec

from ticketctl.content.handover import HandoverNote
from ticketctl.content.times import zone
from ticketctl.domain.deadlines.promises import running
from ticketctl.domain.deadlines.work_order import TicketInQueue
from ticketctl.domain.reply.next_step import next_step
from ticketctl.domain.ticket.query import ACTIVE, Query
from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.errors import Usage
from ticketctl.ports.store import Desk
from ticketctl.usecases.people import meant, own_note, receiver
from ticketctl.usecases.results import Batch, Changed, Done
from ticketctl.usecases.session import Session
from ticketctl.usecases.views.next_due import due_at, in_order


class Handover(msgspec.Struct, frozen=True, kw_only=True):
    """`giver` and `receiver` may be "me". `labels`: only tickets with all of them. `anyway`: also to somebody away."""

    giver: str
    receiver: str
    labels: tuple[str, ...] = ()
    anyway: bool = False


def handover(session: Session, request: Handover, *, keep: bool = True) -> Batch[Changed]:
    """All of the giver's open tickets, the most urgent first; none is changed where one fails. Each gets an internal
    note, its last message. Raises Usage, Refused, NotAllowed."""
    session.must("handover", keep=keep)
    acting = session.act("handover")
    giver = acting.actor if request.giver == "me" else request.giver
    taker = receiver(session, request.receiver, anyway=request.anyway).name
    if taker == giver:
        raise Usage("{giver} has them already; name another agent to hand over to", code="same_agent", giver=giver)
    done = []
    with session.store.transaction(keep=keep) as desk:
        for number in _numbers(session, desk, giver, request.labels):
            before = desk.get(number)
            after = _handed_over(session, acting, before, giver, taker)
            done.append(Done(number, Changed(before, desk.save(after))))
    return tuple(done)


def _numbers(session: Session, desk: Desk, giver: str, labels: tuple[str, ...]) -> list[int]:
    """What moves, most urgent first. Raises Usage where nobody is called so."""
    query = Query(statuses=ACTIVE.statuses, assignee=giver, labels=frozenset(labels))
    found = [one.ticket.number for one in in_order(session, desk.find(query))]
    if not found and session.config.agent(giver) is None:
        known = [agent.name for agent in session.config.team]
        raise Usage(
            "no agent {giver!r} in team: of rules.yaml, and no open ticket of theirs{meant}",
            code="no_agent_nor_tickets",
            giver=giver,
            meant=meant(giver, known),
        )
    return found


def _handed_over(session: Session, acting: Act, ticket: Ticket, giver: str, taker: str) -> Ticket:
    after = ticket.assign(acting, taker)
    owed = running(after)
    standing = TicketInQueue(after, due_at(session, after), session.now, owed.due_at if owed else None)
    note = HandoverNote(
        giver=giver,
        receiver=taker,
        standing=standing,
        next=next_step(after),
        zone=zone(session.config.timezone),
        language=session.config.language,
    )
    return after.write(acting, own_note(session, ticket, note.text, "hand-over note"))
