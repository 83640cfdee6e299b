"""What a ticket's history tells: its status, priority and owner at any instant, when it began, and how it was answered.

Read from messages and events alone (KPI.md), never from what the ticket says of itself now.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast

import msgspec

from ticketctl.domain.message import Delivery, Message
from ticketctl.domain.ticket import JOINED, PRIORITIES, SAYS_STATUS, STATUS_AFTER, Event, Priority, Status, Ticket


class Period(msgspec.Struct, frozen=True):
    """A stretch of one status; `end` is None where it still lasts."""

    status: Status
    start: datetime
    end: datetime | None


def counts(ticket: Ticket) -> bool:
    """Whether figures and deadlines look at it: no spam, no test, not merged away, not over before it came in, and a
    person's matter at all."""
    if ticket.spam or ticket.test or ticket.merged_into or ticket.resolution == "imported":
        return False
    return first_customer_message(ticket) is not None or not any(message.machine for message in ticket.messages)


def periods(ticket: Ticket) -> list[Period]:
    """The statuses it has had, in order and without gaps, from its first instant on."""
    changes: list[tuple[datetime, Status]] = [(began_at(ticket), "new")]
    for event in ticket.events:
        status = cast(Status, event.after) if event.what in SAYS_STATUS else STATUS_AFTER.get(event.what)
        if status is not None:
            changes.append((max(event.at, changes[-1][0]), status))
    ends = [at for at, _ in changes[1:]]
    return [Period(status, at, end) for (at, status), end in zip(changes, [*ends, None], strict=True)]


def as_of(ticket: Ticket, at: datetime) -> Ticket:
    """The ticket as it was at that instant: its status, priority, owner, messages and events. What had not left by then
    counts as queued."""
    if not ticket.events or ticket.events[-1].at <= at:
        return ticket
    status = next((one.status for one in reversed(periods(ticket)) if one.start <= at), "new")
    return msgspec.structs.replace(
        ticket,
        status=cast(Status, status),
        priority=priority_at(ticket, at),
        assignee=_value_at(ticket, "assigned", ticket.assignee, at),
        messages=tuple(_message_as_of(ticket, message, at) for message in ticket.messages if message.at <= at),
        events=tuple(event for event in ticket.events if event.at <= at),
    )


def _message_as_of(ticket: Ticket, message: Message, at: datetime) -> Message:
    what = f"delivery {message.key}"
    later = next((event for event in ticket.events if event.what == what and event.at > at), None)
    left = message.delivered_at if message.delivered_at and message.delivered_at <= at else None
    if later is None and left == message.delivered_at:
        return message
    before = cast(Delivery, later.before) if later else "queued"
    return msgspec.structs.replace(message, delivery=before, delivered_at=left)


def priority_at(ticket: Ticket, at: datetime) -> Priority:
    return _priority(_value_at(ticket, "priority", ticket.priority, at), ticket)


def priorities(ticket: Ticket, since: datetime | None = None) -> list[tuple[Priority, datetime | None]]:
    """The priorities it has had, in order, each with when it ended; None for the present one. Merges of `since` or
    later count as if they had left the priority alone: what was promised before them is not judged by it."""
    merged = by_merge(ticket.events)
    changes = [(at, event) for at, event in enumerate(ticket.events) if event.what == "priority"]
    value = changes[0][1].before if changes else ticket.priority
    past: list[tuple[str, datetime | None]] = []
    for at, event in changes:
        if since is not None and at in merged and event.at >= since:
            continue
        if not past or past[-1][1] != event.at:  # what lasted no time was in force for nobody
            past.append((value, event.at))
        value = event.after
    return [(_priority(one, ticket), end) for one, end in (*past, (value, None))]


def by_merge(events: Sequence[Event]) -> set[int]:
    """Which of the events merges wrote, and unmerges: what they brought and took stands right behind them."""
    found: set[int] = set()
    stroke: Event | None = None
    for at, event in enumerate(events):
        if event.what in ("merged from", "released", JOINED):
            stroke = event
        elif stroke is None or (stroke.at, stroke.actor, stroke.why) != (event.at, event.actor, event.why):
            stroke = None
        if stroke is not None:
            found.add(at)
    return found


def _priority(value: str, ticket: Ticket) -> Priority:
    return next((priority for priority in PRIORITIES if priority == value), ticket.priority)


def began_at(ticket: Ticket) -> datetime:
    """Its first customer message, or the instant it was opened where the team opened it itself."""
    first = first_customer_message(ticket)
    return min(ticket.opened_at, first.at) if first else ticket.opened_at


def first_customer_message(ticket: Ticket) -> Message | None:
    return next((message for message in ticket.messages if message.from_customer), None)


def opened_by_team(ticket: Ticket) -> bool:
    """A call, a visit, a matter of our own, or a mail that we wrote first: nobody waits for a first response."""
    if ticket.channel in ("phone", "visit", "system"):
        return True
    spoken = next((message for message in ticket.messages if message.from_customer or message.is_reply), None)
    return spoken is None or spoken.is_reply


def answers(ticket: Ticket) -> list[Message]:
    """Public replies by persons that the receiving server took, in order of writing."""
    return [message for message in ticket.messages if message.is_answer]


def answered_at(answer: Message) -> datetime:
    """When it left: the receiving server's acceptance."""
    return answer.delivered_at or answer.at


def _value_at(ticket: Ticket, what: str, now: str, at: datetime) -> str:
    """A field's value at an instant, from the changes after it."""
    return next((event.before for event in ticket.events if event.what == what and event.at > at), now)
