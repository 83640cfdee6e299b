"""Deadlines, from a ticket's history and the targets of its priority alone.

A first response is promised from the first customer message on, a next response from each message that is the first
after an answer, a resolution from the ticket's start. Waiting for the customer, and being closed, pause the clock of
the resolution and no other, and never make it due earlier. A change of priority recomputes the deadline from the start,
with its pauses kept; but a promise that had been kept, or broken, by then stays so with the deadline it had: what was
reported does not move. Where an escalation step raised the priority, since time ran out, the new time runs from there
on: it breaks no other promise backwards, and puts none off.

Merged tickets: each requester is promised a response of their own. What a ticket had promised until it was merged is
decided by its own priority and pauses; where two had promised the same requester the same, the earlier one is owed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

import msgspec

from ticketctl.domain.deadlines.business_hours import add, advance, between, clock, next_opening
from ticketctl.domain.settings.settings import Duration, Hours, Target, TargetKind
from ticketctl.domain.ticket.answering import Exchange, exchanges
from ticketctl.domain.ticket.message import Message
from ticketctl.domain.ticket.parties import Party, ancestry, origin, parties
from ticketctl.domain.ticket.ticket import Priority, Ticket
from ticketctl.domain.ticket.timeline import (
    Period,
    Reign,
    began_at,
    counts,
    opened_by_team,
    periods,
    reigns,
    remembered,
)

State = Literal["met", "breached", "pending"]
DeadlineKind = TargetKind | Literal["promise"]
Pause = tuple[datetime, datetime | None]


class Deadline(msgspec.Struct, frozen=True, kw_only=True):
    """One promise on one ticket: a target's, or a date that a reply promised ("promise"). `occasion` tells it from the
    ticket's others ("first_response", "next_response m4", "resolution"; "first_response (m2 came back)" after a bounce;
    "promise 2026-11-27T16:00:00+00:00"). `used` is the share of its time that has passed (of a kept one: had passed):
    1.0 or more from `due_at` on, and never before. `state` is "breached" after `due_at`. `ended_at` is when it was
    kept, or when closing the ticket ended it; None while it runs. `paused`: waiting for the customer now; `due_at` is
    then what it would be if we had it back at once, or when it ran out before."""

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

    @property
    def overdue(self) -> bool:
        """Whether it is still owed after its time, though the ticket waits for the customer by now."""
        return self.running and self.state == "breached"

    @property
    def counts_down(self) -> bool:
        """Whether somebody has to think of it now: its clock runs, or it has run out."""
        return self.overdue or (self.running and not self.paused)


def deadlines(
    ticket: Ticket,
    targets: Mapping[Priority, Target],
    hours: Hours,
    now: datetime,
    *,
    running: bool = False,
    shares: bool = True,
) -> tuple[Deadline, ...]:
    """Every promise made on the ticket so far, responses before the resolution. A response that closing made needless
    before it was due is left out: it was neither kept nor broken. Spam, tests, machine mail and merged tickets have
    none. `running` leaves out what was kept or ended, which most promises of a long ticket were. Without `shares`,
    `used` only says whether the time is over (1.0) or not (0.0)."""
    every = _found(ticket, targets, hours, now, running)
    return tuple([_deadline(promise, found, now, shares) for promise, found in every])


def earliest_due(ticket: Ticket, targets: Mapping[Priority, Target], hours: Hours, now: datetime) -> datetime | None:
    """When the first of those is due that count down (Deadline.counts_down); None where none does. A list of tickets
    asks no more than this."""
    found = _found(ticket, targets, hours, now, running=True)
    return min((one.due for promise, one in found if _counts_down(promise, one, now)), default=None)


def _counts_down(promise: _Promise, found: _Reckoning, now: datetime) -> bool:
    return promise.ended_at is None and (not promise.paused or found.due < now)


def _found(
    ticket: Ticket, targets: Mapping[Priority, Target], hours: Hours, now: datetime, running: bool
) -> list[tuple[_Promise, _Reckoning]]:
    kept: list[tuple[_Promise, _Reckoning]] = []
    for made in _promises(ticket, targets, running):
        decided = _decided(made, targets, hours, now)
        if decided and not (decided[0].needless and decided[1].due >= (decided[0].ended_at or now)):
            kept.append(decided)
    return kept


# --- what was promised when ---


class _Story(NamedTuple):
    """The history that counts for what was promised in a ticket, until it was merged and from then on."""

    ticket: Ticket
    periods: Sequence[Period]


class _Promise(msgspec.Struct, frozen=True, kw_only=True):
    kind: TargetKind
    occasion: str
    start: datetime
    ended_at: datetime | None
    in_force: Sequence[Reign]
    needless: bool = False
    pauses: tuple[Pause, ...] = ()

    @property
    def paused(self) -> bool:
        """Whether its clock stands now."""
        return self.ended_at is None and bool(self.pauses) and self.pauses[-1][1] is None


_Made = tuple[_Promise, ...]  # one promise, as each of the merged tickets had made it; the earliest is owed


def _promises(ticket: Ticket, targets: Mapping[Priority, Target], running: bool) -> list[_Made]:
    """To each requester a response; the resolution to all of them. `running`: those that have not ended."""
    if not targets or not counts(ticket):
        return []
    stories = _stories(ticket)
    responses = (
        made
        for party in parties(ticket)
        for made in _responses(party, stories if party.ticket is ticket else _stories(party.ticket), running)
    )
    every = [*responses, tuple([_resolution(story) for story in stories.values()])]
    return [made for made in every if any(one.ended_at is None for one in made)] if running else every


def _stories(ticket: Ticket) -> dict[str, _Story]:
    return {prefix: _Story(one, periods(one)) for prefix, one in ancestry(ticket).items()}


def _responses(party: Party, stories: Mapping[str, _Story], running: bool) -> Iterator[_Made]:
    """The first response, and a next response for each customer message that was the first after an answer or a
    close. Of tickets that were merged, each had promised a first response to its own first message."""
    ticket = party.ticket
    every, ours = exchanges(ticket), opened_by_team(ticket)
    begun: set[str] = set()  # those of the merged tickets of which a message was seen
    for at, exchange in enumerate(every):
        if running and exchange.settled and not ticket.merged:
            continue
        head, first = exchange.messages[0], at == 0 and not ours
        start = min(one.began for one in every) if first else head.at
        if not ticket.merged:
            yield (_response(ticket, exchange, head, start, first, stories),)
            continue
        made = {first: [_response(ticket, exchange, head, start, first, stories)]}
        for message in exchange.messages:
            home = origin(ticket, message)
            opens = home not in begun and not opened_by_team(stories[home].ticket)
            begun.add(home)
            if opens and not (first and message is head):
                made.setdefault(True, []).append(_response(ticket, exchange, message, message.at, True, stories))
        yield (*made.get(first, ()), *made.get(not first, ()))


def _response(
    ticket: Ticket, exchange: Exchange, message: Message, start: datetime, first: bool, stories: Mapping[str, _Story]
) -> _Promise:
    """Where a reply to it came back the promise runs again from its start, and is another occasion, so that its
    escalation steps are due again."""
    settled, story = exchange.settled, stories[origin(ticket, message)]
    answered = settled is not None and settled.reply is not None
    occasion = _occasion(first, ticket, message)
    lost = next((one.key for one in _came_back(ticket) if one.at >= message.at), "")
    return _Promise(
        kind="first_response" if first else "next_response",
        occasion=f"{occasion} ({lost} came back)" if lost and not answered else occasion,
        start=start,
        ended_at=exchange.ended,
        in_force=reigns(story.ticket, start),
        needless=settled is not None and not answered,
    )


@remembered
def _came_back(ticket: Ticket) -> list[Message]:
    """Replies that did not arrive, the latest first."""
    return [one for one in reversed(ticket.messages) if one.came_back]


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
        in_force=reigns(story.ticket, start),
        pauses=pauses,
    )


def _end(history: Sequence[Period]) -> datetime | None:
    """When the ticket was closed, if it still is."""
    return history[-1].start if history[-1].status == "closed" else None


# --- and what became of it ---


class _Reckoning(msgspec.Struct, frozen=True):
    """What is promised by a duration from `start` on, in the time of `hours`. `run`: how much was promised, and how
    much of that has passed, where pauses made it necessary to reckon that already."""

    due: datetime
    start: datetime
    hours: Hours
    run: tuple[timedelta, timedelta] | None = None

    def share(self, until: datetime) -> float:
        """How much of the time promised has passed by then."""
        budget, spent = self.run or (
            between(self.start, self.due, self.hours),
            between(self.start, until, self.hours),
        )
        return round(spent / budget, 4) if budget else 1.0


def _decided(
    made: _Made, targets: Mapping[Priority, Target], hours: Hours, now: datetime
) -> tuple[_Promise, _Reckoning] | None:
    """The one that is due first, with when that is; None where none promises anything."""
    if len(made) == 1:
        decided = _in_force(made[0], targets, hours, now)
        return (made[0], decided) if decided else None
    found = [(one, decided) for one in made if (decided := _in_force(one, targets, hours, now))]
    return min(found, key=lambda one: one[1].due, default=None)


_NO_TARGET = Target()


def _in_force(promise: _Promise, targets: Mapping[Priority, Target], hours: Hours, now: datetime) -> _Reckoning | None:
    """What was promised, and when that is due, under the priority that decided it: the first under which it was due
    before the next change, else the one in force when it ended, or now. None where that one promises nothing."""
    until = promise.ended_at or now
    found: _Reckoning | None = None
    for reign in promise.in_force:
        if reign.end is not None and reign.end <= promise.start:
            continue
        duration: Duration | None = getattr(targets.get(reign.priority, _NO_TARGET), promise.kind)
        if reign.raised and reign.start and reign.start > promise.start:
            found = _sooner(found, _reckoned(promise, reign.start, duration, until, hours) if duration else None)
        else:
            found = _reckoned(promise, promise.start, duration, until, hours) if duration else None
        if reign.end is None or reign.end > until or (found and found.due <= reign.end):
            break
    return found


def _sooner(one: _Reckoning | None, other: _Reckoning | None) -> _Reckoning | None:
    return min((found for found in (one, other) if found), key=lambda found: found.due, default=None)


def _reckoned(promise: _Promise, start: datetime, duration: Duration, until: datetime, hours: Hours) -> _Reckoning:
    """A promise of days that ends when the desk opens is due then, not at the closing before, though no opening hours
    lie between."""
    clocked, due = clock(duration, hours), add(start, duration, hours)
    if not promise.pauses or not any(pause_start < until for pause_start, _ in promise.pauses):
        return _Reckoning(due, start, clocked)
    budget = between(start, due, clocked)
    at_opening = advance(start, budget, clocked) < due
    spent, later = _run(start, promise.pauses, until, budget, clocked, at_opening)
    return _Reckoning(max(due, later), start, clocked, (budget, spent))


def _deadline(promise: _Promise, found: _Reckoning, now: datetime, shares: bool) -> Deadline:
    until = promise.ended_at or now
    state: State = "breached" if found.due < until else "pending" if promise.ended_at is None else "met"
    share = found.share(until) if shares else 0.0
    return Deadline(
        kind=promise.kind,
        occasion=promise.occasion,
        started_at=promise.start,
        due_at=found.due,
        used=min(share, 0.99) if until < found.due else max(share, 1.0),
        state=state,
        ended_at=promise.ended_at,
        paused=promise.paused,
    )


def _run(
    start: datetime, pauses: Sequence[Pause], until: datetime, budget: timedelta, hours: Hours, at_opening: bool
) -> tuple[timedelta, datetime]:
    """The time spent outside the pauses by `until`, and the instant at which the budget was, or will be, used up:
    where `at_opening` the one at which the clock would go on."""
    spent, due, at = timedelta(), None, start
    for pause_start, pause_end in (*pauses, (until, None)):
        stretch = between(at, min(pause_start, until), hours)
        if due is None and (spent + stretch > budget or (spent + stretch == budget and not at_opening)):
            due = _used_up(at, budget - spent, hours, at_opening)
        spent += stretch
        at = max(at, min(pause_end or until, until))
    return spent, due or _used_up(at, budget - spent, hours, at_opening)


def _used_up(at: datetime, rest: timedelta, hours: Hours, at_opening: bool) -> datetime:
    end = advance(at, rest, hours)
    return next_opening(end, hours) if at_opening else end
