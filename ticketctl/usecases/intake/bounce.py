"""A bounce marks the message that it is about as not delivered."""

from __future__ import annotations

from collections.abc import Sequence

from ticketctl.domain.ticket.message import Bounce, BouncedRecipient, Person
from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.ports.medium import Medium, Unsafe


def record_bounce(medium: Medium, ticket: Ticket, message_id: str, bounce: Bounce, act: Act) -> Ticket:
    """Marks our message as not delivered: only the one with our Message-ID, only for somebody it was written to, only
    if the report says that no more tries are made. Otherwise the ticket stays as it is."""
    ours = next((one for one in ticket.messages if one.direction == "out" and one.message_id == message_id), None)
    if ours is None or ours.delivery in ("", "draft"):
        return ticket
    gone = [
        one for one in bounce.recipients if _is_final(one) and _is_among(medium, one, (*ours.to, *ours.cc, *ours.bcc))
    ]
    if not gone:
        return ticket
    to = ", ".join(f"{one.address} {one.status or ''}".strip() for one in gone)
    if any(_is_among(medium, one, ours.to) for one in gone):
        return ticket.delivered(act, ours.key, "bounced", to)
    return ticket.changed(act, f"delivery {ours.key}", ours.delivery, f"{ours.delivery}, but not to {to}")


def _is_final(recipient: BouncedRecipient) -> bool:
    """Whether it will not arrive any more, be the reason for good or not."""
    if recipient.given_up:
        return True
    if recipient.permanent is None:
        return (recipient.status or "").startswith("5")
    return recipient.permanent


def _is_among(medium: Medium, recipient: BouncedRecipient, persons: Sequence[Person]) -> bool:
    return _comparable(medium, recipient.address) in {_comparable(medium, person.address) for person in persons}


def _comparable(medium: Medium, address: str) -> str:
    try:
        return medium.address(address.lower())
    except Unsafe:
        return address.lower()
