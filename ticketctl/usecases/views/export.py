"""Tickets for other programs, or for a sheet of one's own: every one there is, or those that began on some days."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from ticketctl.domain.privacy.retention import blobs_of
from ticketctl.domain.reports import durations
from ticketctl.domain.reports.cases import Case, Frame, History, frame
from ticketctl.domain.reports.periods import Window, days
from ticketctl.domain.ticket.query import Query
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.domain.ticket.timeline import began_at
from ticketctl.errors import NoSuchTicket, Usage
from ticketctl.usecases.readings import note_reading
from ticketctl.usecases.session import Session


class Began(msgspec.Struct, frozen=True, kw_only=True):
    """Tickets that began on these days (both included, by the desk's clock); all, where none is given."""

    first: date | None = None
    last: date | None = None


class Measured(msgspec.Struct, frozen=True):
    """A ticket without its texts, with how long the first answer and the last solution took: None where the report
    counts none. `replies` counts public replies that arrived."""

    ticket: Ticket
    began: datetime
    first_response: Case | None
    resolution: Case | None
    replies: int


def export(session: Session, files: Path | None = None, began: Began | None = None) -> Iterator[Ticket]:
    """Whole tickets, archived ones too, in order of number and read one at a time; attachments and original mails go
    into the folder `files`, each under its sha256. That they were read is noted in the audit log. Raises
    StoreFailed, and Usage for days in the wrong order."""
    found = _exported(session, began or Began(), texts=True)
    return _saving(found, _saver(session, files)) if files else found


def export_measured(session: Session, began: Began) -> Iterator[Measured]:
    """The same without texts and files, each with its times."""
    whole = frame(
        days(date(1970, 1, 1), date(9000, 1, 1), ZoneInfo(session.config.timezone)),
        hours=session.config.hours,
        targets={},
        now=session.now,
    )
    return (_measured(ticket, whole) for ticket in _exported(session, began, texts=False))


def _measured(ticket: Ticket, whole: Frame) -> Measured:
    history = History(ticket, ticket, whole)
    responses = (*durations.first_response(history), *durations.first_response_chat(history))
    first = next((case for case in responses if case.counted), None)
    solved = next((case for case in durations.resolution_last(history) if case.counted), None)
    return Measured(ticket, began_at(ticket), first, solved, len(history.replies_then))


def _exported(session: Session, began: Began, *, texts: bool) -> Iterator[Ticket]:
    session.must("export")
    zone = ZoneInfo(session.config.timezone)
    if began.first is None and began.last is not None:
        raise Usage("the last day needs a first day", code="no_first_day")
    today = session.now.astimezone(zone).date()
    window = days(began.first, began.last or max(today, began.first), zone) if began.first else None
    query = Query(lived_from=window.start, lived_to=window.end) if window else Query()
    note_reading(session, "export")
    return _found(session, query, window, texts=texts)


def _found(session: Session, query: Query, window: Window | None, *, texts: bool) -> Iterator[Ticket]:
    store = session.app.store if texts else session.store  # whole, to be imported again, though `mask_shown` hides it
    with store.reading() as desk:
        for one in desk.find(query, archive=True, texts=texts):
            if window is None or window.holds(began_at(one)):
                yield one


def _saving(tickets: Iterator[Ticket], save: Callable[[str], None]) -> Iterator[Ticket]:
    for ticket in tickets:
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
