"""The page of a ticket for a customer; what of it they may see is decided in seen.py."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from ticketctl.domain.ticket.message import Attachment, Message, Person
from ticketctl.domain.ticket.parties import parties
from ticketctl.domain.ticket.seen import seen_by
from ticketctl.domain.ticket.ticket import Ticket

BY_LINK = "by link"  # how Message.flagged says that it was written on the page of the ticket
Stage = Literal["received", "at_work", "your_turn", "closed"]


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """`ours`: we wrote it; `automatic`: a rule did. `by_link`: it was written on the page of the ticket."""

    key: str
    at: datetime
    ours: bool
    text: str
    files: tuple[Attachment, ...] = ()
    automatic: bool = False
    by_link: bool = False


class CustomerView(msgspec.Struct, frozen=True, kw_only=True):
    """`person` is who looks. `rating` 1–5, 0 for none."""

    number: int
    person: Person
    subject: str
    stage: Stage
    opened_at: datetime
    closed_at: datetime | None = None
    said: tuple[Said, ...] = ()
    rating: int = 0
    rating_text: str = ""


def view_of(ticket: Ticket, address: str) -> CustomerView | None:
    """The ticket as the requester of that address knows it, also where it was merged from several: what they wrote, and
    what has left us to them. No notes, drafts, history, what was held back, what others wrote. None for whoever is no
    requester of it."""
    party = next((one.ticket for one in parties(ticket) if one.ticket.requester.address == address != ""), None)
    if party is None or ticket.merged_into:
        return None
    return CustomerView(
        number=ticket.number,
        person=party.requester,
        subject=party.subject,
        stage=_stage(ticket),
        opened_at=party.opened_at,
        closed_at=ticket.closed_at,
        said=tuple(map(_said, seen_by(ticket, address))),
        rating=ticket.rating if ticket.requester.address == address else 0,
        rating_text=ticket.rating_text if ticket.requester.address == address else "",
    )


def _said(message: Message) -> Said:
    return Said(
        key=message.key,
        at=message.at,
        ours=message.direction == "out",
        text=message.text,
        files=message.attachments,
        automatic=message.kind == "automatic",
        by_link=BY_LINK in message.flagged.split(", "),
    )


def _stage(ticket: Ticket) -> Stage:
    if ticket.closed:
        return "closed"
    if ticket.status == "waiting":
        return "your_turn"
    return "received" if ticket.status == "new" else "at_work"
