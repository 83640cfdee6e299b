"""What a desk can tell a customer about its hours: whether somebody is there, when it opens, and the next holidays.

A weekend is nothing to tell of. A stretch of at least `LONG` shut days is, where a working day is among them:
Christmas, Midsummer, Easter.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from ticketctl.domain.deadlines.business_hours import between, next_opening
from ticketctl.domain.deadlines.deadlines import deadlines
from ticketctl.domain.settings.settings import Hours, Target
from ticketctl.domain.ticket.ticket import Priority, Ticket

LONG = 3  # days on which nobody is there, weekends among them
SOON = 2  # days ahead in which they are told of
LONGEST = 366  # days that are looked at
HALF_HOUR = timedelta(minutes=30)


class Outlook(msgspec.Struct, frozen=True, kw_only=True):
    """Instants are aware UTC. `opens_at`: None while it is open. `closed_from` is the first day of holidays that are
    near, None where none are or the desk next opens after them anyway; `back_at` is when it opens after them."""

    open_now: bool
    opens_at: datetime | None = None
    closed_from: date | None = None
    back_at: datetime | None = None


def outlook(now: datetime, hours: Hours, due: datetime | None = None) -> Outlook:
    """Of a desk with these hours; holidays are near that begin within two days, or before `due`."""
    if not any(hours.week.values()):
        return Outlook(open_now=True)
    opens_at = next_opening(now, hours)
    holidays = _holidays(now, hours, due)
    back_at = _opening_on(holidays[1], hours) if holidays else None
    return Outlook(
        open_now=opens_at == now,
        opens_at=None if opens_at == now else opens_at,
        closed_from=holidays[0] if holidays and back_at != opens_at else None,
        back_at=back_at,
    )


def answer_due(ticket: Ticket, targets: dict[Priority, Target], hours: Hours, now: datetime) -> datetime | None:
    """When the customer shall have an answer at the latest, in whole half hours while the desk is open; None where
    nothing is promised or the promise is broken."""
    responses = [
        one.due_at
        for one in deadlines(ticket, targets, hours, now)
        if one.kind != "resolution" and one.running and one.due_at > now
    ]
    return _rounded(min(responses), hours) if responses else None


def _rounded(due: datetime, hours: Hours) -> datetime:
    """To the next half hour by the desk's clock, but not past closing."""
    local = due.astimezone(ZoneInfo(hours.timezone))
    past = timedelta(minutes=local.minute % 30, seconds=local.second, microseconds=local.microsecond)
    later = due + (HALF_HOUR - past if past else timedelta())
    open_until = between(due, later, hours) == later - due or not any(hours.week.values())
    return later if open_until else due


def _holidays(now: datetime, hours: Hours, due: datetime | None) -> tuple[date, date] | None:
    """The first day of the holidays and the first one after them."""
    today = _day(now, hours)
    horizon = max(today + timedelta(days=SOON), _day(due, hours) if due else today)
    first = today
    while first <= horizon:
        after = first
        while not _open(after, hours) and (after - first).days < LONGEST:
            after += timedelta(days=1)
        days = [first + timedelta(days=step) for step in range((after - first).days)]
        if LONG <= len(days) < LONGEST and any(hours.week.get(day.weekday()) for day in days):
            return first, after
        first = after + timedelta(days=1)
    return None


def _open(day: date, hours: Hours) -> bool:
    return bool(hours.spans(day))


def _day(at: datetime, hours: Hours) -> date:
    return at.astimezone(ZoneInfo(hours.timezone)).date()


def _opening_on(day: date, hours: Hours) -> datetime:
    return next_opening(datetime.combine(day, time(), ZoneInfo(hours.timezone)), hours)
