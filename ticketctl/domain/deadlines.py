"""Deadlines, from a ticket's history and the targets of its priority alone.

A first response is promised from the first customer message on, a next response from each message that is the first
after an answer, a resolution from the ticket's start. Waiting for the customer, and being closed, pause the clock of
the resolution and no other. A change of priority recomputes the deadline from the start, with its pauses kept; but a
promise that had been kept, or broken, by then stays so with the deadline it had: what was reported does not move.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from ticketctl.domain.hours import add, advance, between, clock
from ticketctl.domain.message import Message
from ticketctl.domain.settings import Duration, Hours, Target, TargetKind
from ticketctl.domain.ticket import Priority, Ticket
from ticketctl.domain.timeline import (
    Period,
    answered_at,
    answers,
    began_at,
    counts,
    opened_by_team,
    periods,
    priorities,
)

State = Literal["met", "breached", "pending"]
DeadlineKind = TargetKind | Literal["promise"]
Pause = tuple[datetime, datetime | None]


class Deadline(msgspec.Struct, frozen=True, kw_only=True):
    """One promise on one ticket: a target's, or a date that a reply promised ("promise"). `occasion` tells it from the
    ticket's others ("first_response", "next_response m4", "resolution"; "first_response (m2 came back)" after a bounce;
    "promise 2026-11-27T16:00:00+00:00"). `used` is the share of its time that has passed (1.0 = due; of a kept one: had
    passed). `ended_at` is when it was kept, or when closing the ticket ended it; None while it runs. `paused`: waiting
    for the customer now; `due_at` is then what it would be if we had it back at once."""

    kind: DeadlineKind
    occasion: str
    started_at: datetime
    due_at: datetime
    used: float
    state: State
    ended_at: datetime | None = None
    paused: bool = False

    @property
    def running(self) -> bool:
        return self.ended_at is None


def deadlines(ticket: Ticket, targets: Mapping[Priority, Target], hours: Hours, now: datetime) -> tuple[Deadline, ...]:
    """Every promise made on the ticket so far, responses before the resolution. A response that closing made needless
    before it was due is left out: it was neither kept nor broken. Spam, tests, machine mail and merged tickets have
    none."""
    in_force = priorities(ticket)
    found = []
    for promise in _promises(ticket, targets):
        decided = _in_force(promise, in_force, targets, hours, now)
        if decided and (not promise.needless or decided[1] < (promise.ended_at or now)):
            found.append(_deadline(promise, *decided, hours, now))
    return tuple(found)


def overdue(ticket: Ticket, targets: Mapping[Priority, Target], hours: Hours, now: datetime) -> tuple[Deadline, ...]:
    """The promises that run and are past due, the oldest first."""
    late = (one for one in deadlines(ticket, targets, hours, now) if one.running and one.state == "breached")
    return tuple(sorted(late, key=lambda one: one.due_at))


def next_due_at(ticket: Ticket, targets: Mapping[Priority, Target], hours: Hours, now: datetime) -> datetime | None:
    """When the running promise is due that is due first (overdue ones come before all); None where none runs, or only
    one whose clock stands. `list` asks it of every ticket, and needs no more than that."""
    in_force = priorities(ticket)
    running = (one for one in _promises(ticket, targets) if one.ended_at is None and not one.paused)
    decided = (_in_force(promise, in_force, targets, hours, now) for promise in running)
    return min((one[1] for one in decided if one), default=None)


# --- what was promised when ---


class _Promise(msgspec.Struct, frozen=True, kw_only=True):
    kind: TargetKind
    occasion: str
    start: datetime
    ended_at: datetime | None
    needless: bool = False
    pauses: tuple[Pause, ...] = ()

    @property
    def paused(self) -> bool:
        """Whether its clock stands now."""
        return self.ended_at is None and bool(self.pauses) and self.pauses[-1][1] is None


def _promises(ticket: Ticket, targets: Mapping[Priority, Target]) -> list[_Promise]:
    if not targets or not counts(ticket):
        return []
    history = periods(ticket)
    return [*_responses(ticket, history), _resolution(ticket, history)]


def _responses(ticket: Ticket, history: Sequence[Period]) -> Iterator[_Promise]:
    """The first response, and a next response for each customer message that was the first after an answer or a
    close."""
    replies = answers(ticket)
    closings = [period.start for period in history if period.status == "closed"]
    first = not opened_by_team(ticket)
    since: datetime | None = None
    for message in ticket.messages:
        if not message.from_customer or (not first and _needs_no_answer(ticket, message, history)):
            continue
        settled = [*(reply.at for reply in replies), *closings]
        if since is not None and not any(since <= at <= message.at for at in settled):
            continue
        since = message.at
        lost = next((one.key for one in reversed(ticket.messages) if one.came_back and one.at >= message.at), "")
        yield _response(message, first, replies, [_end(history)] if first else closings, lost)
        first = False


def _needs_no_answer(ticket: Ticket, message: Message, history: Sequence[Period]) -> bool:
    """A call that is logged, or a mere thank-you that left the ticket closed."""
    if opened_by_team(ticket) and message.at <= ticket.opened_at:
        return True
    return any(
        period.status == "closed" and period.start <= message.at and (period.end is None or message.at < period.end)
        for period in history
    )


def _response(
    message: Message, first: bool, replies: Sequence[Message], closings: Sequence[datetime | None], lost: str
) -> _Promise:
    """`lost` is the newest reply that came back: the promise runs again from its start, and is another occasion, so
    that its escalation steps are due again."""
    kind: TargetKind = "first_response" if first else "next_response"
    occasion = kind if first else f"{kind} {message.key}"
    closed = next((at for at in closings if at and at >= message.at), None)
    reply = next((one for one in replies if one.at >= message.at), None)
    if reply and not first and closed and reply.at > closed:
        reply = None
    ended = answered_at(reply) if reply else closed
    return _Promise(
        kind=kind,
        occasion=f"{occasion} ({lost} came back)" if lost and not reply else occasion,
        start=message.at,
        ended_at=ended,
        needless=reply is None and closed is not None,
    )


def _resolution(ticket: Ticket, history: Sequence[Period]) -> _Promise:
    pauses = tuple((one.start, one.end) for one in history if one.status in ("waiting", "closed"))
    return _Promise(
        kind="resolution", occasion="resolution", start=began_at(ticket), ended_at=_end(history), pauses=pauses
    )


def _end(history: Sequence[Period]) -> datetime | None:
    """When the ticket was closed, if it still is."""
    return history[-1].start if history[-1].status == "closed" else None


# --- and what became of it ---


def _in_force(
    promise: _Promise,
    in_force: Sequence[tuple[Priority, datetime | None]],
    targets: Mapping[Priority, Target],
    hours: Hours,
    now: datetime,
) -> tuple[Duration, datetime] | None:
    """What was promised, and when that is due, under the priority that decided it: the first under which it was due
    before the next change, else the one in force when it ended, or now. None where that one promises nothing."""
    until = promise.ended_at or now
    found: tuple[Duration, datetime] | None = None
    for priority, end in in_force:
        if end is not None and end <= promise.start:
            continue
        duration: Duration | None = getattr(targets.get(priority, Target()), promise.kind)
        found = (duration, _due(promise, duration, until, hours)) if duration else None
        if end is None or end > until or (found and found[1] <= end):
            break
    return found


def _due(promise: _Promise, duration: Duration, until: datetime, hours: Hours) -> datetime:
    due = add(promise.start, duration, hours)
    if not promise.pauses:
        return due
    hours = clock(duration, hours)
    return _run(promise, until, between(promise.start, due, hours), hours)[1]


def _deadline(promise: _Promise, duration: Duration, due: datetime, hours: Hours, now: datetime) -> Deadline:
    until = promise.ended_at or now
    clocked = clock(duration, hours)
    budget = between(promise.start, add(promise.start, duration, hours), clocked)
    spent, _ = _run(promise, until, budget, clocked)
    state: State = "breached" if due < until else "pending" if promise.ended_at is None else "met"
    return Deadline(
        kind=promise.kind,
        occasion=promise.occasion,
        started_at=promise.start,
        due_at=due,
        used=round(spent / budget, 4) if budget else 1.0,
        state=state,
        ended_at=promise.ended_at,
        paused=promise.paused,
    )


def _run(promise: _Promise, until: datetime, budget: timedelta, hours: Hours) -> tuple[timedelta, datetime]:
    """The time spent outside the pauses by `until`, and the instant at which the budget was, or will be, used up."""
    spent, due, at = timedelta(), None, promise.start
    for pause_start, pause_end in (*promise.pauses, (until, None)):
        stretch = between(at, min(pause_start, until), hours)
        if due is None and spent + stretch >= budget:
            due = advance(at, budget - spent, hours)
        spent += stretch
        at = max(at, min(pause_end or until, until))
    return spent, due or advance(at, budget - spent, hours)
