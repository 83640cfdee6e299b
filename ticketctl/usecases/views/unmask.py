"""The sealed original of a mail that was masked on arrival."""

from __future__ import annotations

import msgspec

from ticketctl.errors import Refused, Usage
from ticketctl.usecases.readings import note_reading
from ticketctl.usecases.session import Session
from ticketctl.usecases.tickets.change import stored_ticket


class Unmask(msgspec.Struct, frozen=True, kw_only=True):
    """`message` is its key in the ticket, "" for the last that has an original. `identity` is what a file of age's
    secret keys holds."""

    ticket: int
    identity: str
    message: str = ""


class Unmasked(msgspec.Struct, frozen=True):
    ticket: int
    message: str
    raw: bytes


def unmask(session: Session, request: Unmask) -> Unmasked:
    """The original bytes, of which the audit log has who wanted to read them, and why. Raises NotAllowed,
    NoSuchTicket; Usage without a reason; Refused where there is no sealed original, or the key does not open it."""
    session.must("unmask")
    if not session.reason:
        raise Usage("say why you open it, in a few words and without names", code="unmask_without_reason")
    ticket = stored_ticket(session, request.ticket)
    note_reading(session, "unmask", ticket)  # a try with the wrong key too
    blobs = session.store.blobs
    for one in reversed(ticket.messages):
        if request.message in ("", one.key) and one.raw and blobs.has(one.raw):
            raw = session.medium.unseal(blobs.get(one.raw), request.identity)
            if raw is not None:
                return Unmasked(ticket.number, one.key, raw)
    raise Refused("#{number} has no sealed original", code="nothing_sealed", number=ticket.number)
