"""What a visitor sees of their chat: asked from time to time by their page, after a cursor."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from ticketctl.domain.chat.state import Desk, Life, changes_at, desk_at, idle_at, life_of, takes_longer, waits_since
from ticketctl.domain.chat.view import cursor, shown_at, unseen, visible
from ticketctl.domain.deadlines.business_hours import next_opening
from ticketctl.domain.ticket.message import Message
from ticketctl.errors import NoSuchTicket
from ticketctl.usecases.chat.presence import agents, types
from ticketctl.usecases.chat.visitor import chat_source, limits, ticket_of, visitor
from ticketctl.usecases.session import Session

LOOKED_AT = timedelta(minutes=2)  # so often the end of opening hours is looked for


class See(msgspec.Struct, frozen=True, kw_only=True):
    """`seen` is the cursor of what the page shows already."""

    source: str
    token: str
    seen: str = ""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One message as the visitor sees it: `by` is "" for their own, else the agent's name or "automatic"; `files` are
    names and bytes, opened by their place; `mailed`: it was sent by mail."""

    key: str
    at: datetime
    text: str
    ours: bool = False
    by: str = ""
    files: tuple[tuple[str, int], ...] = ()
    mailed: bool = False


class Chat(msgspec.Struct, frozen=True, kw_only=True):
    """`anew`: `lines` are all there are, and take the place of what the page shows. `typing` are agents. `longer`: the
    visitor has waited for longer than expected. `opens_at` is set while the desk is shut. `ends_at`: when it ends by
    itself. `address`: they have named one for answers by mail. `last_at`: when something was said last. `until`:
    nothing of this changes before, unless somebody does something. `revision` is that of the ticket."""

    number: int = 0
    revision: int = 0
    life: Life
    desk: Desk
    open: bool = True
    lines: tuple[Line, ...] = ()
    anew: bool = False
    cursor: str = ""
    typing: tuple[str, ...] = ()
    waits_since: datetime | None = None
    longer: bool = False
    opens_at: datetime | None = None
    ends_at: datetime | None = None
    address: bool = False
    last_at: datetime | None = None
    until: datetime


def see(session: Session, request: See) -> Chat:
    """Raises NoSuchTicket for what is no token of that chat."""
    session.must("chat see")
    source, who = chat_source(session, request.source), visitor(session, request.source, request.token)
    bounds, now = limits(source), session.now
    with session.store.reading() as desk:
        ticket = ticket_of(desk, who)
    there = agents(session)
    messages = visible(ticket, who.address) if ticket else ()
    number = ticket.number if ticket else 0
    anew, fresh = unseen(request.seen, number, messages) if number else (bool(request.seen), ())
    life = life_of(ticket, bounds, now)
    live = ticket if ticket and life == "live" else None
    opening = next_opening(now, session.config.hours)
    changes = changes_at(ticket, bounds, now)
    return Chat(
        number=number,
        revision=ticket.revision if ticket else 0,
        life=life,
        desk=desk_at(now, session.config.hours, [one.at for one in there]),
        open=source.open,
        lines=tuple(map(_line, fresh)),
        anew=anew,
        cursor=cursor(number, messages),
        typing=tuple(
            sorted({one.agent for one in there if live and one.number == number and types(one.typed_at, now)})
        ),
        waits_since=waits_since(live) if live else None,
        longer=takes_longer(live, bounds, now),
        opens_at=opening if opening > now else None,
        ends_at=idle_at(live, bounds) if live else None,
        address=any(one.reply_to for one in messages),
        last_at=shown_at(messages[-1]) if messages else None,
        until=min(filter(None, (changes, opening if opening > now else None, now + LOOKED_AT))),
    )


class ReadFile(msgspec.Struct, frozen=True, kw_only=True):
    """The file at that place of that message."""

    source: str
    token: str
    key: str
    place: int


def read_file(session: Session, request: ReadFile) -> tuple[str, bytes]:
    """Name and bytes. Raises NoSuchTicket where the visitor sees no such file."""
    session.must("chat see")
    who = visitor(session, request.source, request.token)
    with session.app.store.reading() as desk:
        ticket = ticket_of(desk, who)
    seen = visible(ticket, who.address) if ticket else ()
    files = next((one.attachments for one in seen if one.key == request.key), ())
    if not 0 <= request.place < len(files):
        raise NoSuchTicket("there is no such file in this chat", code="no_chat_file")
    return files[request.place].name, session.app.store.blobs.get(files[request.place].sha256)


def revisions(session: Session, numbers: frozenset[int]) -> dict[int, int]:
    """Of these tickets, as far as they are there: what tells whether a chat has changed."""
    from ticketctl.domain.ticket.query import Query

    with session.app.store.reading() as desk:
        return {one.number: one.revision for one in desk.find(Query(numbers=numbers))}


def _line(message: Message) -> Line:
    by = "" if message.direction == "in" else message.author or "automatic"
    at = shown_at(message)
    return Line(
        key=message.key,
        at=at,
        text=message.text,
        ours=message.direction == "out",
        by="automatic" if message.kind == "automatic" else by,
        files=tuple((one.name, one.size) for one in message.attachments),
        mailed=message.direction == "out" and message.channel == "email",
    )
