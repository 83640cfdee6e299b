"""What is owed on a ticket and when: the targets of its priority, and the date that a reply promised.

`escalate`, `board`, `list`, `show` and `report` all ask here what is due and what is overdue, so that they agree.
Overdue is what is past its `due_at` and still owed; a promise whose clock stands, since the ticket waits for the
customer, is not due, but one that had run out before stays overdue.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from ticketctl.domain.deadlines.business_hours import between
from ticketctl.domain.deadlines.deadlines import Deadline, deadlines, earliest_due
from ticketctl.domain.deadlines.promises import Promise, running
from ticketctl.domain.settings.settings import Hours, Target
from ticketctl.domain.ticket.ticket import Priority, Ticket


def owed(ticket: Ticket, targets: Mapping[Priority, Target], hours: Hours, now: datetime) -> tuple[Deadline, ...]:
    """What somebody has to think of now, due soonest first: its clock runs, or it has run out."""
    found = [one for one in deadlines(ticket, targets, hours, now, running=True) if one.counts_down]
    promise = running(ticket)
    if promise is not None:
        found.append(as_deadline(promise, hours, now))
    return tuple(sorted(found, key=lambda one: one.due_at))


def overdue(ticket: Ticket, targets: Mapping[Priority, Target], hours: Hours, now: datetime) -> tuple[Deadline, ...]:
    """The promises that are owed and past due, the oldest first."""
    return tuple(one for one in owed(ticket, targets, hours, now) if one.overdue)


def next_due_at(ticket: Ticket, targets: Mapping[Priority, Target], hours: Hours, now: datetime) -> datetime | None:
    """When the first of what is owed is, or was, due; None where nothing is."""
    promise = running(ticket)
    dates = (earliest_due(ticket, targets, hours, now), promise.due_at if promise else None)
    return min(filter(None, dates), default=None)


def as_deadline(promise: Promise, hours: Hours, now: datetime) -> Deadline:
    """A running promise of a date, which no waiting pauses."""
    whole = between(promise.made_at, promise.due_at, hours)
    share = round(between(promise.made_at, now, hours) / whole, 4) if whole else 1.0
    return Deadline(
        kind="promise",
        occasion=f"promise {promise.due_at.isoformat()}",
        started_at=promise.made_at,
        due_at=promise.due_at,
        used=min(share, 0.99) if now < promise.due_at else max(share, 1.0),
        state="breached" if promise.due_at < now else "pending",
    )


def asleep(ticket: Ticket, at: datetime) -> bool:
    """Whether it waits for the customer: its wake-up date has not come, and we owe nothing that we promised by then."""
    if ticket.status != "waiting" or (ticket.wake_at is not None and ticket.wake_at <= at):
        return False
    promise = running(ticket)
    return promise is None or promise.due_at > at
