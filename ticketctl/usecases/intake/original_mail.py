"""The mail behind a stored message, read again: the message no longer knows its headers, nor whether it may be
answered."""

from __future__ import annotations

from ticketctl.domain.ticket.message import Inbound, Message
from ticketctl.usecases.session import Session


def original(session: Session, message: Message | None) -> Inbound | None:
    """None where there never was a mail, where it is purged, or cannot be understood."""
    from ticketctl.channels.lists import as_sent
    from ticketctl.channels.mime import Unreadable, understand

    if message is None or not message.raw or not session.store.blobs.has(message.raw):
        return None
    try:
        return understand(as_sent(session.store.blobs.get(message.raw), session.config.lists), arrived_at=message.at)
    except Unreadable:
        return None
