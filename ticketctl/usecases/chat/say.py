"""What a visitor says becomes a message of a ticket, durable when `say` returns.

Where it belongs is decided in the one transaction that stores it (`usecases/intake/receive.py`): the newest ticket of
the conversation, or a new one where that has rested for longer than `return_within`. The id that the visitor's page
made before its first attempt makes it one message, however often it is sent.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Literal

import msgspec

from ticketctl.domain.chat.state import CHAT
from ticketctl.domain.config import ChatSource
from ticketctl.domain.mail.filing import UNPROVEN
from ticketctl.domain.ticket.message import Person
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.errors import Refused, Usage
from ticketctl.ports.plain_message import PlainFile, PlainMessage
from ticketctl.usecases.chat.visitor import Visitor, open_source, ticket_of, visitor
from ticketctl.usecases.intake.receive import Receive, receive
from ticketctl.usecases.session import Session

LONGEST = 10_000  # characters of a message
_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_ADDRESS = re.compile(r"[^\s@<>,;\"]{1,64}@[^\s@<>,;\"]+\.[^\s@<>,;\"]{2,}")

Outcome = Literal["first", "goes_on", "reopened", "new"]
"""first: a ticket, the visitor's first. goes_on: with the ticket that there is. reopened: which was closed. new:
another ticket, since the one before has rested too long."""


class Say(msgspec.Struct, frozen=True, kw_only=True):
    """`client` is the id that the visitor's page made for this message. `name` and `email` are what they type of
    themselves; an address is where answers go once they have left, and proves nothing."""

    source: str
    token: str
    client: str
    text: str = ""
    files: tuple[PlainFile, ...] = ()
    name: str = ""
    email: str = ""


class Spoken(msgspec.Struct, frozen=True, kw_only=True):
    """`again`: it had come before. `number` is 0 where it was set aside whole, for a person to look at."""

    number: int
    key: str = ""
    again: bool = False
    outcome: Outcome = "goes_on"


def say(session: Session, request: Say, *, keep: bool = True) -> Spoken:
    """Raises NoSuchTicket for what is no token, Refused where the chat is off, Usage for what is missing or too much,
    Busy, StoreFailed; then nothing was kept, and the same request may come again."""
    session.must("chat say", keep=keep)
    source, who = open_source(session, request.source), visitor(session, request.source, request.token)
    with session.app.store.reading() as desk:
        before = ticket_of(desk, who)
    _must_be_complete(source, request, first=before is None)
    received = receive(
        session, Receive(source=source.name, channel=CHAT, message=_message(source, who, request, before)), keep=keep
    )
    if not (keep and received.ticket):
        return Spoken(number=received.ticket, key=received.key, again=received.again)
    with session.app.store.reading() as desk:
        after = desk.get(received.ticket)
    return Spoken(number=received.ticket, key=received.key, again=received.again, outcome=_outcome(after, received.key))


def _message(source: ChatSource, who: Visitor, request: Say, before: Ticket | None) -> PlainMessage:
    name = " ".join(request.name.split())[:80] or _name_before(before, who)
    address = request.email.strip().lower()
    return PlainMessage(
        id=f"{sha256(f'{who.conversation} {request.client}'.encode()).hexdigest()[:32]}@{CHAT}.invalid",
        sender=Person(who.address, name, CHAT),
        text=request.text,
        conversation=who.conversation,
        quiet=source.return_within * 3600,
        files=request.files,
        reply_to=(Person(address, name),) if address else (),
        nature=(UNPROVEN,) if address else (),
    )


def _name_before(before: Ticket | None, who: Visitor) -> str:
    own = (one.sender.name for one in (before.messages if before else ()) if one.sender.address == who.address)
    return next(own, "")


def _outcome(ticket: Ticket, key: str) -> Outcome:
    if ticket.messages[0].key == key:
        return "new" if ticket.links else "first"
    after = False
    for event in ticket.events:
        if event.what == "received":
            after = event.after == key
        elif after and event.what == "reopened":
            return "reopened"
    return "goes_on"


def _must_be_complete(source: ChatSource, request: Say, *, first: bool) -> None:
    if not _ID.fullmatch(request.client):
        raise Usage("a message of a chat needs an id of 8 to 64 letters and digits", code="chat_id")
    if not (request.text.strip() or request.files):
        raise Usage("the message is empty", code="chat_empty")
    if len(request.text) > LONGEST:
        raise Usage("the message is longer than {most} characters", code="chat_too_long", most=LONGEST)
    if request.email and not _ADDRESS.fullmatch(request.email.strip()):
        raise Usage("{address!r} is not a mail address", code="chat_address", address=request.email)
    missing = [one for one in source.ask if first and not getattr(request, one).strip()]
    if missing:
        raise Usage("the chat asks for {what} first", code="chat_asks", what=", ".join(missing))
    if len(request.files) > source.files:
        raise Usage("at most {most} files", code="chat_files", most=source.files)
    if sum(len(one.data) for one in request.files) > source.megabytes * 1_000_000:
        raise Refused("the files are larger than {most} MB", code="chat_megabytes", most=source.megabytes)
