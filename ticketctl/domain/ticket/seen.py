"""What a customer may see of a ticket: the one place where that is decided, for every door."""

from __future__ import annotations

from ticketctl.domain.ticket.message import Message
from ticketctl.domain.ticket.parties import parties
from ticketctl.domain.ticket.ticket import Ticket

_LEFT = ("", "sent")  # "": of another system, or by a door that delivers at once


def seen_by_requester(ticket: Ticket) -> tuple[Message, ...]:
    """What the requester wrote, and what left for them: no note, no draft, nothing that is held, waits or failed, no
    question to others with its answer, no machine mail, and nothing of another customer whose ticket was merged into
    this one."""
    own = parties(ticket)[0].ticket
    return tuple(one for one in own.messages if _is_theirs(own, one))


def _is_theirs(ticket: Ticket, message: Message) -> bool:
    if message.kind not in ("message", "automatic") or message.machine is not None or message.aside:
        return False
    readers = {person.address for person in (*message.to, *message.cc, *message.bcc)}
    if message.direction == "out":
        return message.delivery in _LEFT and (not readers or ticket.requester.address in readers)
    known = message.sender == ticket.requester or ticket.takes_part(message.sender.address)
    return message.direction == "in" and (known or ticket.requester.address in readers)
