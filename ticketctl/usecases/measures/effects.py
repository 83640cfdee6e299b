"""What measures changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from zoneinfo import ZoneInfo

import msgspec

from ticketctl.domain.config import Config
from ticketctl.domain.reports.diary import Diary
from ticketctl.domain.reports.measure import Measure
from ticketctl.domain.reports.measures import WEEKS, Effect, effect, jointly, reading_from
from ticketctl.domain.ticket.query import Query
from ticketctl.errors import NextStep, NoSuchTicket
from ticketctl.ports.store import Desk
from ticketctl.usecases.absences import today
from ticketctl.usecases.session import Session
from ticketctl.usecases.views.period import field_called


class ReportMeasure(msgspec.Struct, frozen=True, kw_only=True):
    """`weeks` at most on each side."""

    number: int
    weeks: int = WEEKS


def report_measure(session: Session, request: ReportMeasure) -> Effect:
    """As of now; raises NoSuchTicket where there is no such measure."""
    session.must("measure report")
    with session.store.reading() as desk:
        measure = stored(desk, request.number)
        diary = diary_of(session, desk, [measure], request.weeks)
    return effect(measure, diary, today(session), request.weeks)


def list_measures(session: Session) -> list[Effect]:
    """All, in order of number; what is claimed holds for the whole list."""
    session.must("measure list")
    with session.store.reading() as desk:
        return _effects(session, desk, list(desk.measures()))


def running(session: Session, desk: Desk) -> list[Effect]:
    """Those that have started and not stopped; what is claimed holds for all of them together. For a report."""
    day = today(session)
    return _effects(
        session, desk, [one for one in desk.measures() if one.start <= day and not (one.stopped and one.stopped <= day)]
    )


def _effects(session: Session, desk: Desk, measures: Sequence[Measure]) -> list[Effect]:
    if not measures:
        return []
    day = today(session)
    diary = diary_of(session, desk, measures)
    return jointly([effect(one, diary, day) for one in measures])


def stored(desk: Desk, number: int) -> Measure:
    """Raises NoSuchTicket."""
    found = next((one for one in desk.measures() if one.number == number), None)
    if found is None:
        raise NoSuchTicket(
            "there is no measure {number}",
            code="no_measure",
            number=number,
            next_step=NextStep("measure list", then="shows those there are"),
        )
    return found


def diary_of(session: Session, desk: Desk, measures: Sequence[Measure], weeks: int = WEEKS) -> Diary:
    """Of what those measures need."""
    first = min(reading_from(min(one.start, today(session)), weeks) for one in measures)
    start = datetime.combine(first, time(), ZoneInfo(session.config.timezone))
    wants = {one.about.kind for one in measures if one.about}
    patterns = {one.key: one.tickets for one in desk.patterns() if one.living} if "pattern" in wants else {}
    tickets = desk.find(Query(lived_from=start), archive=True)
    return Diary(tickets, session.config.hours, category=category_field(session.config), patterns=patterns)


def category_field(config: Config) -> str:
    """The field that says the category, "" where rules.yaml has none."""
    return field_called(config, "category")
