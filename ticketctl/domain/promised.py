"""Dates that were promised to a customer on a ticket, read from its history: when each was made, is due, and was kept.

A promise is an event "promised" whose `after` is the moment. A later public reply by a person that the receiving server
accepted keeps it, so does a close by a person, or that somebody says so (a call); all no later than the moment. It is
gone, neither kept nor broken, where it was dropped or given another date before it was due without a reply that told
the customer, and where the reply that made it never arrived. What was broken once stays so.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

import msgspec

from ticketctl.domain.message import Message
from ticketctl.domain.ticket import LOST, Act, Event, Ticket
from ticketctl.domain.timeline import answered_at, answers
from ticketctl.errors import Refused, Usage

MADE, DROPPED, KEPT = "promised", "promise dropped", "promise kept"
Fulfilment = tuple[datetime, datetime]  # begun, arrived: a reply is written and then accepted


class Promise(msgspec.Struct, frozen=True):
    """`ended_at` is when it was kept, or was answered too late, or went away; None while it runs. `state` is that of
    the moment it is asked for: "running" (not due yet, or overdue and still owed), "kept", "broken", "gone"."""

    made_at: datetime
    due_at: datetime
    state: Literal["running", "kept", "broken", "gone"]
    ended_at: datetime | None = None

    def broken(self, now: datetime) -> bool:
        return self.state == "broken" or (self.state == "running" and self.due_at < now)


def promises(ticket: Ticket) -> list[Promise]:
    """Every date promised on the ticket, in order."""
    marks = [event for event in ticket.events if event.what in (MADE, DROPPED)]
    if not marks:
        return []
    fulfilled = sorted(_fulfilments(ticket), key=lambda pair: pair[1])
    found = []
    for at, event in enumerate(marks):
        if event.what == MADE:
            following = marks[at + 1] if at + 1 < len(marks) else None
            found.append(_promise(ticket, event, following, fulfilled))
    return found


def running(ticket: Ticket) -> Promise | None:
    """The promise that is still owed; None where there is none, or the ticket is closed."""
    if ticket.closed:
        return None
    every = promises(ticket)
    return every[-1] if every and every[-1].state == "running" else None


def _promise(ticket: Ticket, made: Event, following: Event | None, fulfilled: list[Fulfilment]) -> Promise:
    due = datetime.fromisoformat(made.after)
    own, next_own = reply_of(ticket, made), following and reply_of(ticket, following)
    if own is not None and own.delivery in LOST:
        return Promise(made.at, due, "gone", own.at)
    first = next((at for begun, at in fulfilled if begun > made.at), None)
    if first is not None and (following is None or next_own or first <= following.at):
        return Promise(made.at, due, "kept" if first <= due else "broken", first)
    if following is not None:
        return Promise(made.at, due, "gone" if following.at <= due else "broken", following.at)
    return Promise(made.at, due, "running")


def reply_of(ticket: Ticket, event: Event) -> Message | None:
    """The reply that promised it; None where `promise` noted it, and for an event of another kind."""
    if event.what != MADE:
        return None
    written = (one for one in ticket.messages if one.is_reply and one.author == event.actor)
    return next((one for one in written if one.at == event.at), None)


def _fulfilments(ticket: Ticket) -> Iterator[Fulfilment]:
    yield from ((one.at, answered_at(one)) for one in answers(ticket))
    yield from ((one.at, one.at) for one in ticket.events if one.what == "closed" and one.actor != "system")
    yield from ((one.at, one.at) for one in ticket.events if one.what == KEPT)


# --- changing ---


def promise(ticket: Ticket, act: Act, due: datetime) -> Ticket:
    """The ticket with that date promised, in the place of one that runs. Raises Refused, Usage where it is past."""
    if due <= act.at:
        raise Usage("a promise is for later; that moment has passed")
    if ticket.closed:
        raise Refused(f"#{ticket.number} is closed; `ticketctl reopen {ticket.number}` first")
    before = running(ticket)
    if before is not None and before.due_at == due:
        return ticket
    return ticket.changed(act, MADE, before.due_at.isoformat() if before else "", due.isoformat())


def keep(ticket: Ticket, act: Act) -> Ticket:
    """Kept without a reply, by a call or a visit."""
    return ticket.changed(act, KEPT, _owed(ticket).due_at.isoformat(), "")


def drop(ticket: Ticket, act: Act) -> Ticket:
    """It was none. One that is broken already stays so in the figures."""
    return ticket.changed(act, DROPPED, _owed(ticket).due_at.isoformat(), "")


def without_promise(act: Act, ticket: Ticket, key: str) -> Ticket:
    """The ticket without the running promise that the reply `key` made, which nobody will read."""
    made = next((event for event in reversed(ticket.events) if event.what in (MADE, DROPPED)), None)
    own = reply_of(ticket, made) if made else None
    return drop(ticket, act) if running(ticket) and own and own.key == key else ticket


def _owed(ticket: Ticket) -> Promise:
    owed = running(ticket)
    if owed is None:
        raise Refused(
            f"#{ticket.number} has no promise that runs; `ticketctl promise {ticket.number} friday` makes one"
        )
    return owed
