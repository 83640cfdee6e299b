"""How a chat ends: its visitor ends it, or nothing was said for so long in which they had the turn.

The team ends it as it closes any ticket. What is owed stays: a ticket that waits for us is not closed by it.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from ticketctl.domain.chat.state import BY_CLOCK, BY_VISITOR, awaits_visitor, end, idle_at, is_chat
from ticketctl.domain.ticket.query import Query
from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.ports.store import Desk
from ticketctl.usecases.automation.ticket_events import happened, tell
from ticketctl.usecases.chat.visitor import limits_of, ticket_of, visitor
from ticketctl.usecases.session import Session
from ticketctl.usecases.tickets.close import missing_fields


class EndChat(msgspec.Struct, frozen=True, kw_only=True):
    source: str
    token: str


class ChatEnded(msgspec.Struct, frozen=True):
    """`number` is 0 where nothing had been said. `closed`: nothing was owed, and the ticket is closed by it."""

    number: int = 0
    closed: bool = False


def end_chat(session: Session, request: EndChat, *, keep: bool = True) -> ChatEnded:
    """By the visitor; once more does nothing more. Raises NoSuchTicket for what is no token of that chat."""
    session.must("chat end", keep=keep)
    who = visitor(session, request.source, request.token)
    with session.store.transaction(keep=keep) as desk:
        before = ticket_of(desk, who)
        if before is None:
            return ChatEnded()
        after = _ended(session, desk, before, Act("system", session.now, "the visitor ended the chat"), BY_VISITOR)
        if after is not before:
            after = desk.save(after)
            tell(session, desk)
    return ChatEnded(after.number, after.closed)


def end_idle(session: Session, desk: Desk) -> Iterator[int]:
    """Ends the chats in which the visitor has had the turn for too long, in an open transaction."""
    for outline in list(desk.find(Query(statuses=frozenset({"waiting"})))):
        if not is_chat(outline):
            continue
        idle = idle_at(outline, limits_of(session, outline))
        if idle and idle <= session.now:
            before = desk.get(outline.number)
            act = Act("system", session.now, "the visitor did not write any more")
            after = _ended(session, desk, before, act, BY_CLOCK)
            if after is not before:
                desk.save(after)
                yield after.number


def _ended(session: Session, desk: Desk, ticket: Ticket, act: Act, by: str) -> Ticket:
    """Closed too, where the visitor has their answer and the ticket has all that a closed one needs."""
    ticket = end(ticket, act, by)
    if ticket.closed or not awaits_visitor(ticket) or missing_fields(session, ticket):
        return ticket
    resolution = "solved" if by == BY_VISITOR else "no_answer"
    return happened(session, desk, ticket.close(act, resolution=resolution), "closed").ticket
