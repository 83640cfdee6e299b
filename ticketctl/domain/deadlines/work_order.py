"""What to do next: the order of `list`, and the state of a desk that `board` shows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from functools import cached_property

import msgspec

from ticketctl.domain.deadlines.due import asleep
from ticketctl.domain.ticket.ticket import PRIORITIES, Ticket
from ticketctl.domain.ticket.timeline import began_at

Due = Callable[[Ticket], datetime | None]


class TicketInQueue(msgspec.Struct, frozen=True, dict=True):
    """A ticket and when the next of its deadlines is (None: none runs, or the clock stands). `promised` is the date
    that a reply promised and that is still owed."""

    ticket: Ticket
    due: datetime | None
    now: datetime
    promised: datetime | None = None

    @cached_property
    def began(self) -> datetime:
        """From when on its age counts: the customer's first message."""
        return began_at(self.ticket)

    @property
    def overdue(self) -> bool:
        return self.due is not None and self.due < self.now and not self.ticket.closed

    @property
    def asleep(self) -> bool:
        """Whether it waits for the customer, its wake-up date has not come, and we owe nothing by now."""
        return asleep(self.ticket, self.now)


def in_work_order(
    tickets: Iterable[Ticket], due: Due, now: datetime, promised: Mapping[int, datetime] | None = None
) -> list[TicketInQueue]:
    """Each ticket with its next deadline, what to do next first; `promised` by number."""
    owed = promised or {}
    return sorted((TicketInQueue(one, due(one), now, owed.get(one.number)) for one in tickets), key=urgency)


def urgency(one: TicketInQueue) -> tuple[object, ...]:
    """Sorts overdue before due soonest before nothing promised; among equals by priority, waiting for us before
    waiting for the customer, oldest first. Closed tickets come last, the latest closed first."""
    ticket = one.ticket
    if ticket.closed:
        closed_at = ticket.closed_at or ticket.opened_at
        return (3, -closed_at.timestamp(), 0, False, 0.0, ticket.number)
    group = 0 if one.overdue else 1 if one.due else 2
    due = one.due.timestamp() if one.due else 0.0
    return (group, due, PRIORITIES.index(ticket.priority), one.asleep, one.began.timestamp(), ticket.number)


class Owner(msgspec.Struct, frozen=True, kw_only=True):
    """One agent's workload, "" for unassigned tickets: counts of tickets that are not closed; `oldest` of those that
    wait for us, else of all."""

    name: str
    tickets: int
    for_us: int
    for_customer: int
    overdue: int
    oldest: datetime


class State(msgspec.Struct, frozen=True, kw_only=True):
    """A desk at this moment; each group in order of urgency. `waking` are those whose wake-up date comes before the
    day ends, or has come; `promised` those with an answer promised by then; `away` those whose owner is away."""

    all: tuple[TicketInQueue, ...]
    unopened: tuple[TicketInQueue, ...]
    unassigned: tuple[TicketInQueue, ...]
    overdue: tuple[TicketInQueue, ...]
    waking: tuple[TicketInQueue, ...]
    promised: tuple[TicketInQueue, ...]
    away: tuple[TicketInQueue, ...]
    owners: tuple[Owner, ...]
    oldest: TicketInQueue | None


def state(active: Iterable[TicketInQueue], day_end: datetime, away: Collection[str] = ()) -> State:
    """`active` are all tickets that are not closed, in work order; `day_end` is when today is over, `away` who is
    not here."""
    every = tuple(active)
    by_owner: dict[str, list[TicketInQueue]] = {}
    for one in every:
        by_owner.setdefault(one.ticket.assignee, []).append(one)
    return State(
        all=every,
        unopened=tuple(one for one in every if one.ticket.status == "new"),
        unassigned=tuple(one for one in every if not one.ticket.assignee),
        overdue=tuple(one for one in every if one.overdue),
        waking=tuple(one for one in every if one.ticket.wake_at is not None and one.ticket.wake_at < day_end),
        promised=tuple(one for one in every if one.promised is not None and one.promised < day_end),
        away=tuple(one for one in every if one.ticket.assignee in away),
        owners=tuple(_owner(name, by_owner[name]) for name in sorted(by_owner)),
        oldest=min(every, key=lambda one: one.began, default=None),
    )


def _owner(name: str, own: list[TicketInQueue]) -> Owner:
    for_us = [one for one in own if not one.asleep]
    return Owner(
        name=name,
        tickets=len(own),
        for_us=len(for_us),
        for_customer=len(own) - len(for_us),
        overdue=sum(one.overdue for one in own),
        oldest=min(one.began for one in for_us or own),
    )
