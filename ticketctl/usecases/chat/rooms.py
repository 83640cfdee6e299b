"""The chats as the team sees them: who waits how long, whose page is open, who types."""

from __future__ import annotations

from datetime import datetime

import msgspec

from ticketctl.domain.chat.state import Life, has_ended, is_chat, life_of, mail_of, waits_since
from ticketctl.domain.ticket.query import ACTIVE
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.usecases.chat.presence import AgentSeen, VisitorSeen, agents, types, visitors
from ticketctl.usecases.chat.visitor import limits_of
from ticketctl.usecases.session import Session


class FindChats(msgspec.Struct, frozen=True, kw_only=True):
    """Those that are live, or wait for us, and whichever `also` names."""

    also: frozenset[int] = frozenset()


class Room(msgspec.Struct, frozen=True, kw_only=True):
    """`waits_since` is None where the visitor does not wait. `here`: their page is open; `read` is the key of the last
    message that it showed. `mail` is an address that they named ("": none). `ended`: they, or the clock, ended it.
    `writing` are the colleagues who type in it."""

    ticket: Ticket
    life: Life
    waits_since: datetime | None = None
    ended: bool = False
    here: bool = False
    types: bool = False
    read: str = ""
    mail: str = ""
    writing: tuple[str, ...] = ()

    @property
    def number(self) -> int:
        return self.ticket.number


def find_chats(session: Session, request: FindChats) -> tuple[Room, ...]:
    """Who waits longest comes first, then who does not wait, the newest last."""
    session.must("chats")
    with session.store.reading() as desk:
        outlines = [one for one in desk.find(ACTIVE) if is_chat(one)]
        tickets = [desk.get(one.number) for one in outlines]
        tickets += [desk.get(number) for number in sorted(request.also - {one.number for one in outlines})]
    there, open_pages = agents(session), visitors(session)
    rooms = [_room(session, one, open_pages.get(one.number), there=there) for one in tickets]
    shown = [one for one in rooms if one.life == "live" or one.waits_since or one.number in request.also]
    return tuple(sorted(shown, key=lambda one: (one.waits_since is None, one.waits_since or session.now, one.number)))


def find_room(session: Session, number: int) -> Room | None:
    """The chat of that ticket; None where it is none. Raises NoSuchTicket."""
    session.must("chats")
    with session.store.reading() as desk:
        ticket = desk.get(number)
    if not is_chat(ticket):
        return None
    return _room(session, ticket, visitors(session).get(number), there=agents(session))


def has_left(session: Session, ticket: Ticket) -> bool:
    """Whether the visitor would not see what is written now: no page of theirs is open, or they ended the chat."""
    return has_ended(ticket) or ticket.number not in visitors(session)


def _room(session: Session, ticket: Ticket, page: VisitorSeen | None, *, there: list[AgentSeen]) -> Room:
    return Room(
        ticket=ticket,
        life=life_of(ticket, limits_of(session, ticket), session.now),
        waits_since=waits_since(ticket),
        ended=has_ended(ticket),
        here=page is not None,
        types=page is not None and types(page.typed_at, session.now),
        read=page.read if page else "",
        mail=mail_of(ticket),
        writing=tuple(
            sorted({one.agent for one in there if one.number == ticket.number and types(one.typed_at, session.now)})
        ),
    )
