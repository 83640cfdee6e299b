"""Looks each morning for what comes unusually often, and keeps what it found: the board and the mails only read it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from ticketctl.domain.reports.measure import EarlyWarning
from ticketctl.ports.store import Desk
from ticketctl.usecases.absences import today
from ticketctl.usecases.session import Session

_WARNING, _LOOKED = "warning ", "warnings"
_FRESH = timedelta(days=14)  # for so long it is shown
_MISSED = 7  # days at most that are made up for, after cron did not run


def current(desk: Desk, day: date) -> list[EarlyWarning]:
    """What was found in the 14 days to `day`, the latest first."""
    found = [one for one in _active(desk) if timedelta() <= day - one.fired < _FRESH]
    return sorted(found, key=lambda one: (-one.fired.toordinal(), one.thing))


def _active(desk: Desk) -> Iterator[EarlyWarning]:
    for _, value in desk.facts(_WARNING):
        yield msgspec.json.decode(value, type=EarlyWarning)


def look_for_warnings(session: Session) -> list[EarlyWarning]:
    """What is found now, once a day; mailed to `report: to:`. Others are not kept waiting while it computes."""
    day = today(session)
    with session.store.reading() as desk:
        looked = desk.recall(_LOOKED)
        if looked >= day.isoformat():
            return []
        found, active = _looked(session, desk, _days(looked, day))
    with session.store.transaction() as desk:
        if desk.recall(_LOOKED) != looked:
            return []  # another run was faster
        for key, _ in list(desk.facts(_WARNING)):
            desk.remember(key, "")
        for one in active:
            desk.remember(f"{_WARNING}{one.thing.kind} {one.thing.value}", msgspec.json.encode(one).decode())
        desk.remember(_LOOKED, day.isoformat())
        if found:
            _notify(session, desk, found)
    return found


def _days(looked: str, now: date) -> list[date]:
    """The day `now`, and those before it on which nobody looked."""
    first = date.fromisoformat(looked) + timedelta(days=1) if looked else now
    first = max(first, now - timedelta(days=_MISSED - 1))
    return [first + timedelta(days=one) for one in range((now - first).days + 1)]


def _looked(session: Session, desk: Desk, days: Sequence[date]) -> tuple[list[EarlyWarning], list[EarlyWarning]]:
    from ticketctl.domain.reports.diary import Diary
    from ticketctl.domain.reports.early_warning import NEEDED, look
    from ticketctl.domain.ticket.query import Query
    from ticketctl.usecases.measures.effects import category_field

    start = datetime.combine(days[0] - timedelta(days=NEEDED), time(), ZoneInfo(session.config.timezone))
    patterns = list(desk.patterns())
    living = {one.key: one.tickets for one in patterns if one.living and not one.hidden}
    groups = [one.tickets for one in patterns if not (one.hidden or one.into or one.gone)]
    tickets = desk.find(Query(lived_from=start), archive=True)
    diary = Diary(tickets, session.config.hours, category=category_field(session.config), patterns=living)
    active, found = {one.thing: one for one in _active(desk)}, []
    for day in days:
        fresh, active = look(diary, day, active, groups)
        found += fresh
    return found, list(active.values())


def _notify(session: Session, desk: Desk, found: Sequence[EarlyWarning]) -> None:
    from ticketctl.content.early_warning import mail
    from ticketctl.usecases.outgoing.queue import queue_notice

    config = session.config
    if config.outgoing is not None and config.report.to:
        subject, body = mail(found, desk=config.name, language=config.language)
        queue_notice(session, desk, config.report.to, subject, body, "notification")
