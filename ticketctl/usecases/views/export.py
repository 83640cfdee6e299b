"""Every ticket there is, for other programs."""

from __future__ import annotations

from collections.abc import Iterator

from ticketctl.domain.ticket.query import EVERYTHING
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.usecases.readings import note_reading
from ticketctl.usecases.session import Session


def export(session: Session) -> Iterator[Ticket]:
    """Whole tickets, archived ones too, in order of number and read one at a time. That they were read is noted in the
    audit log."""
    session.must("export")
    note_reading(session, "export")
    with session.store.reading() as desk:
        yield from desk.find(EVERYTHING, archive=True, texts=True)
