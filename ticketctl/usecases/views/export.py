"""Every ticket there is, for other programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from ticketctl.domain.privacy.retention import blobs_of
from ticketctl.domain.ticket.query import EVERYTHING
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.errors import NoSuchTicket
from ticketctl.usecases.readings import note_reading
from ticketctl.usecases.session import Session


def export(session: Session, files: Path | None = None) -> Iterator[Ticket]:
    """Whole tickets, archived ones too, in order of number and read one at a time; attachments and original mails go
    into the folder `files`, each under its sha256. That they were read is noted in the audit log. Raises
    StoreFailed."""
    session.must("export")
    note_reading(session, "export")
    save = _saver(session, files) if files else None
    with session.store.reading() as desk:
        for ticket in desk.find(EVERYTHING, archive=True, texts=True):
            if save is not None:
                for name in blobs_of(ticket):
                    save(name)
            yield ticket


def _saver(session: Session, folder: Path) -> Callable[[str], None]:
    """What saves a blob, if it is not there."""
    session.host.make_folder(folder)
    saved = set(session.host.names(folder))

    def save(name: str) -> None:
        with suppress(NoSuchTicket):  # what is missing here is missing there too
            if name in saved:
                return
            session.host.write_new(folder / name, session.store.blobs.get(name))
            saved.add(name)

    return save
