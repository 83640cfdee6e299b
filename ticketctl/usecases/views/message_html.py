"""A mail as its writer laid it out, for a page that shows it sanitised."""

from __future__ import annotations

import msgspec

from ticketctl.errors import NoSuchTicket
from ticketctl.ports.medium import Unreadable
from ticketctl.usecases.readings import note_reading
from ticketctl.usecases.session import Session


class ShowHtml(msgspec.Struct, frozen=True, kw_only=True):
    ticket: int
    message: str


def message_html(session: Session, request: ShowHtml) -> str:
    """The HTML as it came: whoever shows it must sanitise it. Raises NoSuchTicket where the message has none, its bytes
    are purged, or `mask_shown` leaves only the text to be shown."""
    session.must("message_html")
    with session.store.reading() as desk:
        ticket = desk.get(request.ticket)
    message = ticket.message(request.message)
    note_reading(session, "show", ticket)
    found = ""
    if message.raw and not session.masked_where_shown and session.app.store.blobs.has(message.raw):
        try:
            found = session.medium_of(message.channel).markup(session.app.store.blobs.get(message.raw))
        except Unreadable:
            found = ""
    if not found:
        raise NoSuchTicket(
            "#{number} {message} has no HTML", code="no_html", number=request.ticket, message=request.message
        )
    return found
