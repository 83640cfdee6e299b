"""What rests on one person: labels and areas that only they answer, and the open tickets of who is away soon; and what
the desk asks for and nothing uses."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec

from ticketctl.domain.reply.asked_data import SnippetText, UnusedData, unused_data
from ticketctl.domain.reports.people import KeyPerson, key_persons
from ticketctl.domain.rules.unused_fields import named_fields, unused_fields
from ticketctl.domain.ticket.query import ACTIVE, Query
from ticketctl.ports.store import Desk
from ticketctl.usecases.absences import coming, today
from ticketctl.usecases.readings import note_listing
from ticketctl.usecases.session import Session
from ticketctl.usecases.views.next_due import in_order
from ticketctl.usecases.views.period import field_called

DAYS, SOON, UNUSED = 90, 7, 180


class AwayWith(msgspec.Struct, frozen=True):
    """Who is away now or within SOON days, both days included, and their tickets that are not closed, the most urgent
    first."""

    person: str
    start: date
    end: date
    deputy: str
    tickets: tuple[int, ...]


class Unused(msgspec.Struct, frozen=True):
    """`fields` that nothing used, and `data` that snippets asked for in vain, of the last UNUSED days."""

    fields: tuple[str, ...] = ()
    data: tuple[UnusedData, ...] = ()


class People(msgspec.Struct, frozen=True):
    key_persons: tuple[KeyPerson, ...]
    away: tuple[AwayWith, ...]
    unused: Unused = Unused()


def people(session: Session) -> People:
    """Of the last DAYS days; what is unused, of the last UNUSED days."""
    session.must("people")
    since, soon = session.now - timedelta(days=DAYS), today(session) + timedelta(days=SOON)
    area = field_called(session.config, "area")
    with session.store.reading() as desk:
        keys = key_persons(desk.find(Query(lived_from=since), archive=True), since, session.now, area)
        active = in_order(session, (one for one in desk.find() if ACTIVE.matches(one)))
        absent = tuple(
            AwayWith(name, away.start, away.end, away.deputy, tickets)
            for name, away in coming(session)
            if away.start <= soon
            and (tickets := tuple(one.ticket.number for one in active if one.ticket.assignee == name))
        )
        needless = _unused(session, desk)
        note_listing(session, "people", [number for one in absent for number in one.tickets])
    return People(keys, absent, needless)


def _unused(session: Session, desk: Desk) -> Unused:
    """Of fields nothing is known where no ticket is as old as that. Raises BadSnippet."""
    from ticketctl.content.snippet_grammar import read

    config, since = session.config, session.now - timedelta(days=UNUSED)
    paths = sorted((session.folder / "snippets").glob("*/*.j2"))
    texts = [SnippetText(one.stem, read(one)) for one in paths]
    lived = tuple(desk.find(Query(lived_from=since), archive=True))
    data = unused_data(texts, config.fields, lived, since, session.now)
    if not any(True for _ in desk.find(Query(opened_to=since), archive=True)):
        return Unused((), data)
    named = named_fields(config.rules, config.privacy.retention, (one.text for one in texts))
    return Unused(unused_fields(config.fields.values(), named, lived, since, session.now), data)
