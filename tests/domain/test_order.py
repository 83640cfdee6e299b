"""What to do next, and the state of the desk."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from ticketctl.domain.deadlines.work_order import TicketInQueue, in_work_order, state
from ticketctl.domain.ticket.message import Person
from ticketctl.domain.ticket.ticket import Ticket

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def ticket(number, age=1, **fields):
    return Ticket(number=number, subject="s", requester=Person("a@b.example"), opened_at=NOW - age * HOUR, **fields)


def ordered(*tickets, due=None):
    hours = due or {}
    found = in_work_order(tickets, lambda one: NOW + hours[one.number] * HOUR if one.number in hours else None, NOW)
    return [one.ticket.number for one in found]


def test_overdue_then_due_soonest_then_nothing_promised():
    assert ordered(*map(ticket, (1, 2, 3, 4, 5)), due={2: 3, 3: -1, 4: 2, 5: -9}) == [5, 3, 4, 2, 1]


def test_priority_beats_age_where_nothing_is_due():
    assert ordered(ticket(1, priority="low", age=9), ticket(2, age=8), ticket(3, priority="high")) == [3, 2, 1]


def test_what_waits_for_us_comes_before_what_waits_for_the_customer():
    asleep = ticket(1, age=9, status="waiting", wake_at=NOW + HOUR)
    awake = ticket(2, age=8, status="waiting", wake_at=NOW - HOUR)
    assert ordered(asleep, awake, ticket(3)) == [2, 3, 1]
    assert TicketInQueue(ticket(4, status="waiting"), None, NOW).asleep


def test_older_first_then_by_number():
    assert ordered(ticket(1), ticket(2, age=5), ticket(4), ticket(3)) == [2, 1, 3, 4]


def test_closed_last_and_the_latest_closed_first():
    early = ticket(1, status="closed", closed_at=NOW - 3 * HOUR)
    late = ticket(2, status="closed", closed_at=NOW - HOUR)
    assert ordered(early, late, ticket(3), due={1: -5}) == [3, 2, 1]
    assert not TicketInQueue(early, NOW - HOUR, NOW).overdue


def test_state_counts_each_group_and_owner():
    tickets = [
        ticket(1),
        ticket(2, status="open", assignee="bo", age=30),
        ticket(3, status="open"),
        ticket(4, status="waiting", assignee="bo", wake_at=NOW + 2 * HOUR, age=40),
        ticket(5, status="waiting", assignee="bo", wake_at=NOW + 30 * HOUR, age=50),
    ]
    due = {1: NOW - HOUR, 2: NOW - 2 * HOUR}
    now = state(in_work_order(tickets, lambda one: due.get(one.number), NOW), NOW + 15 * HOUR)

    def of(group):
        return [one.ticket.number for one in group]

    assert (of(now.unopened), of(now.unassigned), of(now.overdue), of(now.waking)) == ([1], [1, 3], [2, 1], [4])
    assert now.oldest.ticket.number == 5
    nobody, bo = now.owners
    assert (nobody.name, nobody.tickets, nobody.for_us, nobody.overdue) == ("", 2, 2, 1)
    assert (bo.name, bo.tickets, bo.for_us, bo.for_customer, bo.overdue) == ("bo", 3, 1, 2, 1)
    assert bo.oldest == NOW - 30 * HOUR, "the oldest of those that wait for us"


def test_an_empty_desk():
    now = state([], NOW)
    assert (now.all, now.owners, now.oldest) == ((), (), None)
