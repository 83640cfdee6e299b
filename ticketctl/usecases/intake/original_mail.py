"""The mail behind a stored message, read again: the message no longer knows its headers, nor whether it may be
answered."""

from __future__ import annotations

from ticketctl.domain.ticket.message import Inbound, Message
from ticketctl.ports.medium import Unreadable
from ticketctl.usecases.session import Session


def original(session: Session, message: Message | None) -> Inbound | None:
    """None where there never was a mail, where it is purged, or cannot be understood."""
    if message is None or not message.raw or not session.store.blobs.has(message.raw):
        return None
    try:
        raw = session.store.blobs.get(message.raw)
        return session.medium_of(message.channel).parse(raw, arrived_at=message.at, lists=session.config.lists)
    except Unreadable:
        return None
