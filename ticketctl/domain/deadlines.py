"""Deadlines, from a ticket's history and the targets of its priority alone.

A first response is promised from the first customer message on, a next response from each message that is the first
after an answer, a resolution from the ticket's start. Waiting for the customer, and being closed, pause the clock of
the resolution and no other. A change of priority recomputes the deadline from the start, with its pauses kept; but a
promise that had been kept, or broken, by then stays so with the deadline it had: what was reported does not move.

Merged tickets: each requester is promised a response of their own. What a ticket had promised until it was merged is
decided by its own priority and pauses; where two had promised the same requester the same, the earlier one is owed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

import msgspec

from ticketctl.domain.hours import add, advance, between, clock
from ticketctl.domain.message import Message
from ticketctl.domain.parties import Party, ancestry, origin, parties
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
    decided = (_decided(made, targets, hours, now) for made in _promises(ticket, targets))
    return tuple(
        _deadline(promise, duration, due, hours, now)
        for promise, duration, due in filter(None, decided)
        if not promise.needless or due < (promise.ended_at or now)
    )


def overdue(ticket: Ticket, targets: Mapping[Priority, Target], hours: Hours, now: datetime) -> tuple[Deadline, ...]:
    """The promises that run and are past due, the oldest first."""
    late = (one for one in deadlines(ticket, targets, hours, now) if one.running and one.state == "breached")
    return tuple(sorted(late, key=lambda one: one.due_at))


def next_due_at(ticket: Ticket, targets: Mapping[Priority, Target], hours: Hours, now: datetime) -> datetime | None:
    """When the running promise is due that is due first (overdue ones come before all); None where none runs, or only
    one whose clock stands. `list` asks it of every ticket, and needs no more than that."""
    running = (made for made in _promises(ticket, targets) if made[0].ended_at is None and not made[0].paused)
    decided = (_decided(made, targets, hours, now) for made in running)
    return min((one[2] for one in decided if one), default=None)


# --- what was promised when ---


class _Story(NamedTuple):
    """The history that counts for what was promised in a ticket, until it was merged and from then on."""

    ticket: Ticket
    periods: Sequence[Period]

    @property
    def closings(self) -> list[datetime]:
        return [one.start for one in self.periods if one.status == "closed"]


class _Promise(msgspec.Struct, frozen=True, kw_only=True):
    kind: TargetKind
    occasion: str
    start: datetime
    ended_at: datetime | None
    in_force: Sequence[tuple[Priority, datetime | None]]
    needless: bool = False
    pauses: tuple[Pause, ...] = ()

    @property
    def paused(self) -> bool:
        """Whether its clock stands now."""
        return self.ended_at is None and bool(self.pauses) and self.pauses[-1][1] is None


_Made = tuple[_Promise, ...]  # one promise, as each of the merged tickets had made it; the earliest is owed


def _promises(ticket: Ticket, targets: Mapping[Priority, Target]) -> list[_Made]:
    """To each requester a response; the resolution to all of them."""
    if not targets or not counts(ticket):
        return []
    responses = (made for party in parties(ticket) for made in _responses(party))
    return [*responses, tuple(_resolution(story) for story in _stories(ticket).values())]


def _stories(ticket: Ticket) -> dict[str, _Story]:
    return {prefix: _Story(one, periods(one)) for prefix, one in ancestry(ticket).items()}


def _responses(party: Party) -> list[_Made]:
    """The first response, and a next response for each customer message that was the first after an answer or a
    close. Of tickets that were merged, each had promised a first response to its own first message."""
    ticket, stories = party.ticket, _stories(party.ticket)
    replies = answers(ticket)
    first = not opened_by_team(ticket)
    since: datetime | None = None
    begun: set[str] = set()  # those of the merged tickets of which a message was seen
    found: list[list[_Promise]] = []
    for message in ticket.messages:
        home = origin(ticket, message)
        story = stories[home]
        if not message.from_customer or (not first and _needs_no_answer(story.ticket, message, story.periods)):
            continue
        opens = bool(ticket.merged) and home not in begun and not opened_by_team(story.ticket)
        begun.add(home)
        settled = [*(reply.at for reply in replies), *story.closings]
        waits = since is not None and not any(since <= at <= message.at for at in settled)
        if not waits:
            since = message.at
            found.append([])
        kinds = dict.fromkeys([*([] if waits else [first]), *([True] if opens else [])])
        found[-1] += [_response(ticket, message, one, replies, story) for one in kinds]
        first = False
    return [tuple(made) for made in found]


def _needs_no_answer(ticket: Ticket, message: Message, history: Sequence[Period]) -> bool:
    """A call that is logged, or a mere thank-you that left the ticket closed."""
    if opened_by_team(ticket) and message.at <= ticket.opened_at:
        return True
    return any(
        period.status == "closed" and period.start <= message.at and (period.end is None or message.at < period.end)
        for period in history
    )


def _response(ticket: Ticket, message: Message, first: bool, replies: Sequence[Message], story: _Story) -> _Promise:
    """A promise whose answer came back runs again from its start, and is another occasion, so that its escalation
    steps are due again."""
    closings = [_end(story.periods)] if first else story.closings
    closed = next((at for at in closings if at and at >= message.at), None)
    reply = next((one for one in replies if one.at >= message.at), None)
    if reply and not first and closed and reply.at > closed:
        reply = None
    lost = next((one.key for one in reversed(ticket.messages) if one.came_back and one.at >= message.at), "")
    occasion = _occasion(first, ticket, message)
    return _Promise(
        kind="first_response" if first else "next_response",
        occasion=f"{occasion} ({lost} came back)" if lost and not reply else occasion,
        start=message.at,
        ended_at=answered_at(reply) if reply else closed,
        in_force=priorities(story.ticket, message.at),
        needless=reply is None and closed is not None,
    )


def _occasion(first: bool, ticket: Ticket, message: Message) -> str:
    """A ticket has one first response, and one for each that was merged into it."""
    if not first:
        return f"next_response {message.key}"
    home = origin(ticket, message).rstrip(".")
    return f"first_response #{home}" if home else "first_response"


def _resolution(story: _Story) -> _Promise:
    pauses = tuple((one.start, one.end) for one in story.periods if one.status in ("waiting", "closed"))
    start = began_at(story.ticket)
    return _Promise(
        kind="resolution",
        occasion="resolution",
        start=start,
        ended_at=_end(story.periods),
        in_force=priorities(story.ticket, start),
        pauses=pauses,
    )


def _end(history: Sequence[Period]) -> datetime | None:
    """When the ticket was closed, if it still is."""
    return history[-1].start if history[-1].status == "closed" else None


# --- and what became of it ---


def _decided(
    made: _Made, targets: Mapping[Priority, Target], hours: Hours, now: datetime
) -> tuple[_Promise, Duration, datetime] | None:
    """The one that is due first, with what it promised and when that is due; None where none promises anything."""
    found = [(one, *decided) for one in made if (decided := _in_force(one, targets, hours, now))]
    return min(found, key=lambda one: one[2], default=None)


def _in_force(
    promise: _Promise,
    targets: Mapping[Priority, Target],
    hours: Hours,
    now: datetime,
) -> tuple[Duration, datetime] | None:
    """What was promised, and when that is due, under the priority that decided it: the first under which it was due
    before the next change, else the one in force when it ended, or now. None where that one promises nothing."""
    until = promise.ended_at or now
    found: tuple[Duration, datetime] | None = None
    for priority, end in promise.in_force:
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
