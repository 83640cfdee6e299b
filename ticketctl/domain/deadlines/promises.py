"""Dates that were promised to a customer on a ticket, read from its history: when each was made, is due, and was kept.

A promise is an event "promised" whose `after` is the moment. A later public reply by a person that the receiving server
accepted keeps it, so does a close by a person, or that somebody says so (a call); all no later than the moment. It is
gone, neither kept nor broken, where it was dropped or given another date before it was due without a reply that told
the customer, and where the reply that made it never arrived. What was broken once stays so.

A promise that a rule made (`promise: calendar 30d`: a time that the law gives) runs beside those of replies. No reply
ends it and no other date takes its place: a close by a person does, or that somebody says it was kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Literal

import msgspec

from ticketctl.domain.ticket.message import Message
from ticketctl.domain.ticket.parties import parties
from ticketctl.domain.ticket.ticket import LOST, Act, Event, Ticket
from ticketctl.domain.ticket.timeline import PROMISED, answered_at, answers, by_undone_merge
from ticketctl.errors import NextStep, Refused, Usage

MADE, DROPPED, KEPT = PROMISED, "promise dropped", "promise kept"
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
    if any(event.what == "released" for event in ticket.events):
        undone = by_undone_merge(ticket.events)
        marks = [one for at, one in enumerate(ticket.events) if one.what in (MADE, DROPPED) and at not in undone]
    made = [(at, event) for at, event in enumerate(marks) if event.what == MADE]
    return [_promise(ticket, event, _following(event, marks[at + 1 :])) for at, event in made]


def by_rule(made: Event) -> bool:
    return made.why.startswith("rule ")


def _following(made: Event, later: list[Event]) -> Event | None:
    """What took its place or dropped it: of the others of its kind the next, and a drop that names its date."""
    ours = (one for one in later if (one.what == MADE and by_rule(one) == by_rule(made)) or _drops(one, made))
    return next(ours, None)


def _drops(event: Event, made: Event) -> bool:
    return event.what == DROPPED and (event.before == made.after or not by_rule(made))


def running(ticket: Ticket) -> Promise | None:
    """The promise that is still owed; None where there is none, or the ticket is closed."""
    if ticket.closed:
        return None
    owed = [one for one in promises(ticket) if one.state == "running"]
    return min(owed, key=lambda one: one.due_at, default=None)


def _promise(ticket: Ticket, made: Event, following: Event | None) -> Promise:
    due = datetime.fromisoformat(made.after)
    own, next_own = _mails_of(ticket, made), following and reply_of(ticket, following)
    if own and all(one.delivery in LOST for one in own):
        return Promise(made.at, due, "gone", own[0].at)
    first = _fulfilled_at(ticket, made, own)
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


def _mails_of(ticket: Ticket, made: Event) -> list[Message]:
    """The mails of the reply that promised it, one to each requester."""
    own = reply_of(ticket, made)
    return [one for one in ticket.messages if own and one.is_reply and one.reply_key == own.reply_key]


def _fulfilled_at(ticket: Ticket, made: Event, own: list[Message]) -> datetime | None:
    if by_rule(made):
        return _first_since(made, _ended(ticket, made.after))
    return _kept_at(ticket, made, own)


def _kept_at(ticket: Ticket, made: Event, own: list[Message]) -> datetime | None:
    """When all to whom it was promised had their answer: of a merged ticket's requesters those who got that reply, or
    who came with the promise; else the first answer to any of them."""
    owed = _promised_to(ticket, made, {one.key for one in own if one.delivery not in LOST})
    if not owed:
        return _first_since(made, _fulfilments(ticket))
    each = [_first_since(made, [*_fulfilments(one), *_ended(ticket)]) for one in owed]
    return None if None in each else max(one for one in each if one)


def _promised_to(ticket: Ticket, made: Event, keys: set[str]) -> list[Ticket]:
    """The ticket as those know it who were promised that; none where it is no merged ticket, or not known."""
    if not ticket.merged:
        return []
    if not keys:
        behind = ticket.events[: ticket.events.index(made)]
        brought = next((one.after for one in reversed(behind) if one.what == "merged from" and one.at == made.at), "")
        return [one.ticket for one in parties(ticket) if brought == f"#{one.number}"]
    return [one.ticket for one in parties(ticket) if keys & {mail.key for mail in one.ticket.messages}]


def _first_since(made: Event, fulfilled: Iterable[Fulfilment]) -> datetime | None:
    ordered = sorted(fulfilled, key=lambda pair: pair[1])
    return next((at for begun, at in ordered if begun > made.at), None)


def _fulfilments(ticket: Ticket) -> Iterator[Fulfilment]:
    yield from ((one.at, answered_at(one)) for one in answers(ticket))
    yield from _ended(ticket)


def _ended(ticket: Ticket, due: str = "") -> Iterator[Fulfilment]:
    """`due`: of the promises that were said to be kept only the one of that date."""
    yield from ((one.at, one.at) for one in ticket.events if one.what == "closed" and one.actor != "system")
    yield from ((one.at, one.at) for one in ticket.events if one.what == KEPT and due in ("", one.before))


# --- changing ---


def promise(ticket: Ticket, act: Act, due: datetime) -> Ticket:
    """The ticket with that date promised, in the place of one that runs. Raises Refused, Usage where it is past."""
    if due <= act.at:
        raise Usage("a promise is for later, and that moment has passed", code="promise_in_the_past")
    ticket.must_not_be_closed()
    owed = [one for one in promises(ticket) if one.state == "running"]
    if any(one.due_at == due for one in owed):
        return ticket
    before = owed[-1] if owed else None
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
        step = NextStep("promise", ticket.number, "friday", "makes one")
        raise Refused("#{number} has no promise that runs", code="no_promise", number=ticket.number, next_step=step)
    return owed
