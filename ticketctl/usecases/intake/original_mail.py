"""The mail behind a stored message, read again: the message no longer knows its headers, nor whether it may be
answered."""

from __future__ import annotations

from ticketctl.domain.ticket.message import Inbound, Message
from ticketctl.usecases.session import App


def original(app: App, message: Message | None) -> Inbound | None:
    """None where there never was a mail, where it is purged, or cannot be understood."""
    from ticketctl.channels.lists import as_sent
    from ticketctl.channels.mime import Unreadable, understand

    if message is None or not message.raw or not app.store.blobs.has(message.raw):
        return None
    try:
        return understand(as_sent(app.store.blobs.get(message.raw), app.config.lists), arrived_at=message.at)
    except Unreadable:
        return None
