"""One file that hangs on a message."""

from __future__ import annotations

import msgspec

from ticketctl.domain.ticket.message import Attachment
from ticketctl.domain.ticket.seen import seen_by_requester
from ticketctl.errors import NoSuchTicket
from ticketctl.usecases.readings import note_reading
from ticketctl.usecases.session import Session


class GetFile(msgspec.Struct, frozen=True, kw_only=True):
    """The file with that hash on a message of the ticket. `as_customer`: only on what the requester may see."""

    ticket: int
    sha256: str
    as_customer: bool = False


class Got(msgspec.Struct, frozen=True):
    attachment: Attachment
    data: bytes


def get_file(session: Session, request: GetFile) -> Got:
    """Raises NoSuchTicket where the ticket has no such file, Damaged."""
    session.must("file")
    with session.store.reading() as desk:
        ticket = desk.get(request.ticket)
    messages = seen_by_requester(ticket) if request.as_customer else ticket.messages
    files = (one for message in messages for one in message.attachments)
    found = next((one for one in files if one.sha256 == request.sha256), None)
    if found is None:
        raise NoSuchTicket("#{number} has no such file", code="no_such_file", number=ticket.number)
    note_reading(session, "attachments", ticket)
    return Got(found, session.store.blobs.get(found.sha256))
