"""What a customer may see of a ticket: the one place where that is decided, for every door. The page of a ticket, its
files, the API, a chat and its transcript all ask here."""

from __future__ import annotations

from ticketctl.domain.ticket.message import Message, Person
from ticketctl.domain.ticket.parties import parties
from ticketctl.domain.ticket.ticket import Ticket

LEFT = ("", "sent", "bounced", "uncertain")  # deliveries of what has left us; "": of another system, or at once
TYPED_BY_US = "logged by "  # how Message.why of a call or visit begins: the words are a colleague's


def seen_by(ticket: Ticket, address: str) -> tuple[Message, ...]:
    """The ticket as the requester of that address knows it, also where it was merged from several. Nothing for whoever
    is no requester of it."""
    party = next((one.ticket for one in parties(ticket) if one.ticket.requester.address == address != ""), None)
    return tuple(one for one in party.messages if is_for(one, address) or _imported(one)) if party else ()


def seen_by_requester(ticket: Ticket) -> tuple[Message, ...]:
    return seen_by(ticket, ticket.requester.address)


def is_for(message: Message, address: str) -> bool:
    """Whether whoever has that address wrote it, or it has left us for them: no note, no draft, nothing that is held,
    waits or failed, no question to others, no machine mail, nothing that others wrote."""
    if message.kind not in ("message", "automatic") or message.machine is not None or message.aside or not address:
        return False
    if message.direction == "out":
        return message.delivery in LEFT and address in {one.address for one in _readers(message)}
    own = message.direction == "in" and message.kind == "message" and message.sender.address == address
    return own and not message.why.startswith(TYPED_BY_US)


def _imported(message: Message) -> bool:
    """An answer in another system, whose export does not say to whom."""
    said = message.kind in ("message", "automatic") and message.machine is None and not message.aside
    return said and message.direction == "out" and message.delivery == "" and not _readers(message)


def _readers(message: Message) -> tuple[Person, ...]:
    return (*message.to, *message.cc, *message.bcc)
