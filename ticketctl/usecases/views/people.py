"""What rests on one person: labels and areas that only they answer, and the open tickets of who is away soon."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec

from ticketctl.domain.reports.people import KeyPerson, key_persons
from ticketctl.domain.ticket.query import ACTIVE, Query
from ticketctl.errors import Usage
from ticketctl.usecases.absences import coming, today
from ticketctl.usecases.readings import note_listing
from ticketctl.usecases.session import Session
from ticketctl.usecases.views.next_due import in_order
from ticketctl.usecases.views.period import dimension_of

DAYS, SOON = 90, 7


class AwayWith(msgspec.Struct, frozen=True):
    """Who is away now or within SOON days, both days included, and their tickets that are not closed, the most urgent
    first."""

    person: str
    start: date
    end: date
    deputy: str
    tickets: tuple[int, ...]


class People(msgspec.Struct, frozen=True):
    key_persons: tuple[KeyPerson, ...]
    away: tuple[AwayWith, ...]


def people(session: Session) -> People:
    """Of the last DAYS days."""
    session.must("people")
    since, soon = session.now - timedelta(days=DAYS), today(session) + timedelta(days=SOON)
    try:
        area = dimension_of(session.config, "area").name
    except Usage:
        area = ""
    with session.store.reading() as desk:
        keys = key_persons(desk.find(Query(lived_from=since), archive=True), since, session.now, area)
        active = in_order(session, (one for one in desk.find() if ACTIVE.matches(one)))
        absent = tuple(
            AwayWith(name, away.start, away.end, away.deputy, tickets)
            for name, away in coming(session)
            if away.start <= soon
            and (tickets := tuple(one.ticket.number for one in active if one.ticket.assignee == name))
        )
        note_listing(session, "people", [number for one in absent for number in one.tickets])
    return People(keys, absent)
