"""What a ticket's history tells: its status, priority and owner at any instant, and when it began.

Read from messages and events alone (docs/figures.md), never from the ticket's present state. What was undone is left
out: a close or a merge that its own agent took back, and a removed spam mark, never happened.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import wraps
from operator import attrgetter
from typing import Protocol, TypeVar, cast

import msgspec

from ticketctl.domain.ticket.message import MAIL, Channel, Delivery, Message
from ticketctl.domain.ticket.ticket import (
    ASKED_RATING,
    IMPORTED,
    JOINED,
    PRIORITIES,
    SAYS_STATUS,
    STATUS_AFTER,
    Event,
    Priority,
    Status,
    Ticket,
)

T = TypeVar("T")
R = TypeVar("R")
_AT = attrgetter("at")
LONGEST_THERE = 24  # digits of a number of another system, as Zammad's of a day and a counter

UNDO_WITHIN = timedelta(hours=1)  # who closes and opens again within it has made a slip of the hand
PROMISED = "promised"  # the event of a date that a reply named, which is its `after`
ESCALATION = "escalation "  # the `why` of what an escalation step did begins so


class Instant(Protocol):
    @property
    def at(self) -> datetime: ...


class Said(Instant, Protocol):
    @property
    def delivered_at(self) -> datetime | None: ...
    @property
    def fetched_at(self) -> datetime | None: ...


class Happened(Instant, Protocol):
    @property
    def what(self) -> str: ...
    @property
    def after(self) -> str: ...


class Lived(Protocol):
    """What `lifespan` asks of a ticket: a store may have read no more."""

    @property
    def closed(self) -> bool: ...
    @property
    def opened_at(self) -> datetime: ...
    @property
    def closed_at(self) -> datetime | None: ...
    @property
    def messages(self) -> Sequence[Said]: ...
    @property
    def events(self) -> Sequence[Happened]: ...


class Period(msgspec.Struct, frozen=True):
    """A stretch of one status; `end` is None where it still lasts."""

    status: Status
    start: datetime
    end: datetime | None


class Reign(msgspec.Struct, frozen=True):
    """A stretch of one priority. `raised`: an escalation step began it, since time was running out."""

    priority: Priority
    start: datetime | None
    end: datetime | None
    raised: bool = False


def remembered(asked: Callable[[T], R]) -> Callable[[T], R]:
    """The same function, which remembers its answer for the ticket that it was asked about last: a report asks the
    same of one ticket many times in a row, and tickets never change."""
    known: T | None = None
    found: R = cast(R, None)

    @wraps(asked)
    def answer(ticket: T) -> R:
        nonlocal known, found
        if known is not ticket:
            found = asked(ticket)  # which may ask the same of another ticket
            known = ticket
        return found

    return answer


def counts(ticket: Ticket) -> bool:
    """Whether figures and deadlines look at it: no spam, no test, not merged away, not over before it came in, and a
    person's matter at all; one that came from another system once its customer has written here."""
    if ticket.spam or ticket.test or ticket.merged_into or ticket.resolution == "imported":
        return False
    if imported_at(ticket) and first_customer_message(ticket) is None:
        return False
    return first_customer_message(ticket) is not None or not any(message.machine for message in ticket.messages)


# --- what was undone ---


@remembered
def standing(ticket: Ticket) -> tuple[Event | None, ...]:
    """Each event, or None in the place of one that was undone, and of what undid it."""
    if {event.what for event in ticket.events}.isdisjoint(("reopened", "unmerged")):
        return ticket.events
    found: list[Event | None] = list(ticket.events)
    changes: list[int] = []
    for at, event in enumerate(ticket.events):
        if event.what not in STATUS_AFTER and event.what not in SAYS_STATUS:
            continue
        if changes and _undoes(event, ticket.events[changes[-1]]):
            undone = changes.pop()
            found[undone], found[at] = None, _left_behind(ticket.events[undone], event)
        else:
            changes.append(at)
    return tuple(found)


@remembered
def lasting(ticket: Ticket) -> tuple[Event, ...]:
    """The events without those that were undone."""
    events = standing(ticket)
    if events is ticket.events:
        return ticket.events
    return tuple([event for event in events if event is not None])


def _undoes(event: Event, before: Event) -> bool:
    """Whether `event` takes back `before`, the change of status before it."""
    own = event.actor == before.actor != "system"
    match before.what, event.what:
        case "closed", "reopened":
            spam = before.after == "spam" and event.actor != "system"
            return spam or (own and (event.why == "undo" or event.at - before.at <= UNDO_WITHIN))
        case "reopened", "closed":
            return own and event.why == "undo"
        case "merged into", "unmerged":
            return True
    return False


def _left_behind(undone: Event, event: Event) -> Event | None:
    """What a close that was taken back leaves: a ticket that was new has been opened, one that waited is back."""
    left = {"new": "opened", "waiting": "woken"}.get(undone.before) if undone.what == "closed" else None
    return msgspec.structs.replace(event, what=left) if left else None


@remembered
def closings(ticket: Ticket) -> list[Event]:
    """Every time that it was closed."""
    return [event for event in lasting(ticket) if event.what == "closed"]


# --- as it was ---


@remembered
def periods(ticket: Ticket) -> list[Period]:
    """The statuses it has had, in order and without gaps, from its first instant on."""
    changes: list[tuple[datetime, Status]] = [(began_at(ticket), "new")]
    for event in lasting(ticket):
        status = cast(Status, event.after) if event.what in SAYS_STATUS else STATUS_AFTER.get(event.what)
        if status is not None:
            changes.append((max(event.at, changes[-1][0]), status))
    ends = [at for at, _ in changes[1:]]
    return [Period(status, at, end) for (at, status), end in zip(changes, [*ends, None], strict=True)]


def as_of(ticket: Ticket, at: datetime, others: Mapping[int, Ticket] | None = None) -> Ticket:
    """The ticket as it was at that instant: its status, priority, owner, messages and events. What had not left by then
    counts as queued. A merge, and a mark as spam or test, of later are not there yet; the messages of a ticket that was
    merged later are found in `others`, by number."""
    if not ticket.events or ticket.events[-1].at <= at:
        return ticket
    then = _unmarked(_before_merges(ticket, at, others or {}), at)
    # what came later does not move its beginning
    then = msgspec.structs.replace(then, messages=tuple(one for one in then.messages if one.at <= at))
    events = tuple(event for event in lasting(then) if event.at <= at)
    status = next((one.status for one in reversed(periods(then)) if one.start <= at), "new")
    closing = next((event for event in reversed(events) if event.what == "closed"), None)
    waiting = next((event for event in reversed(events) if event.what == "waiting"), None)
    return msgspec.structs.replace(
        then,
        status=status,
        priority=priority_at(ticket, at),
        assignee=_value_at(ticket, "assigned", ticket.assignee, at),
        closed_at=closing.at if closing and status == "closed" else None,
        wake_at=datetime.fromisoformat(waiting.after) if waiting and status == "waiting" else None,
        messages=tuple(_message_as_of(then, message, at) for message in then.messages),
        events=events,
    )


def _before_merges(ticket: Ticket, at: datetime, others: Mapping[int, Ticket]) -> Ticket:
    """Without the merges of after that instant: neither what came from others, nor that it went into another."""
    merges = [event for event in ticket.events if event.what == "merged from" and event.at > at]
    foreign = tuple(f"{event.after.removeprefix('#')}." for event in merges)
    if foreign:
        start = merges[0].before
        ticket = msgspec.structs.replace(
            ticket,
            messages=tuple(one for one in ticket.messages if not one.key.startswith(foreign)),
            merged=tuple(one for one in ticket.merged if not one.prefix.startswith(foreign)),
            opened_at=datetime.fromisoformat(start) if start else ticket.opened_at,
        )
    merged = next((event for event in reversed(ticket.events) if event.what == "merged into"), None)
    if not ticket.merged_into or merged is None or merged.at <= at:
        return ticket
    return msgspec.structs.replace(
        ticket,
        merged_into=0,
        resolution="",
        messages=(*ticket.messages, *_carried(ticket, others)),
        events=tuple(event for event in ticket.events if event is not merged),
    )


def _carried(ticket: Ticket, others: Mapping[int, Ticket]) -> list[Message]:
    """Its messages, which are in the ticket that it was merged into, or in the one that that was merged into."""
    target = others.get(ticket.merged_into)
    if target is None:
        return []
    start = f"{ticket.number}."
    there = [*target.messages, *(_carried(target, others) if target.merged_into else ())]
    return [msgspec.structs.replace(one, key=one.key.removeprefix(start)) for one in there if one.key.startswith(start)]


def _unmarked(ticket: Ticket, at: datetime) -> Ticket:
    """Without marks as spam or test that were set after that instant."""
    marks = {event.what for event in ticket.events if event.what in ("spam", "test") and event.after and event.at > at}
    if not marks:
        return ticket
    return msgspec.structs.replace(
        ticket, spam=ticket.spam and "spam" not in marks, test=ticket.test and "test" not in marks
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


def reigns(ticket: Ticket, since: datetime | None = None) -> list[Reign]:
    """The priorities it has had, in order. Merges of `since` or later count as if they had left the priority alone:
    what was promised before them is not judged by it."""
    changes = _priority_changes(ticket)
    if not changes:
        return [Reign(ticket.priority, None, None)]
    merged = by_merge(ticket.events)
    value, start, raised = changes[0][1].before, None, False
    past: list[Reign] = []
    for at, event in changes:
        if since is not None and at in merged and event.at >= since:
            continue
        if not past or past[-1].end != event.at:  # what lasted no time was in force for nobody
            past.append(Reign(_priority(value, ticket), start, event.at, raised))
        value, start, raised = event.after, event.at, event.why.startswith(ESCALATION)
    return [*past, Reign(_priority(value, ticket), start, None, raised)]


@remembered
def _priority_changes(ticket: Ticket) -> list[tuple[int, Event]]:
    return [(at, event) for at, event in enumerate(ticket.events) if event.what == "priority"]


def by_merge(events: Sequence[Event]) -> set[int]:
    """Which of the events merges wrote, and unmerges: what they brought and took stands right behind them."""
    return {at for _, places in _merge_strokes(events) for at in places}


def by_undone_merge(events: Sequence[Event]) -> set[int]:
    """Which of them wrote a merge that was taken back, and the unmerge that did it: neither happened."""
    found: set[int] = set()
    merges: dict[str, list[int]] = {}
    for stroke, places in _merge_strokes(events):
        if stroke.what == "merged from":
            merges[stroke.after] = places
        elif stroke.what == "released":
            found.update(places, merges.pop(stroke.before, ()))
    return found


def _merge_strokes(events: Sequence[Event]) -> list[tuple[Event, list[int]]]:
    found: list[tuple[Event, list[int]]] = []
    stroke: Event | None = None
    for at, event in enumerate(events):
        if event.what in ("merged from", "released", JOINED):
            stroke = event
            found.append((event, [at]))
        elif stroke is not None and (stroke.at, stroke.actor, stroke.why) == (event.at, event.actor, event.why):
            found[-1][1].append(at)
        else:
            stroke = None
    return found


def _priority(value: str, ticket: Ticket) -> Priority:
    return next((priority for priority in PRIORITIES if priority == value), ticket.priority)


# --- from when to when ---


@remembered
def lifespan(ticket: Lived) -> tuple[datetime, datetime | None]:
    """The first and the last instant that its history names, dates promised in replies among them; the last is None
    while it is not closed. Outside it nothing of it has happened; only its deadlines may fall later, by what targets
    promise."""
    dates = [ticket.opened_at, *map(_AT, ticket.messages), *map(_AT, ticket.events)]
    first = min(dates)
    if not ticket.closed:
        return first, None
    dates += [datetime.fromisoformat(event.after) for event in ticket.events if event.what == PROMISED]
    dates += [date for one in ticket.messages for date in (one.delivered_at, one.fetched_at) if date is not None]
    return first, max((*dates, ticket.closed_at or first))


# --- how it began ---


def began_at(ticket: Ticket) -> datetime:
    """The arrival of its first customer message, whatever opened it; where none ever wrote, when we opened it."""
    first = first_customer_message(ticket)
    return first.at if first else ticket.opened_at


@remembered
def first_customer_message(ticket: Ticket) -> Message | None:
    """The one that arrived first, however late it was fetched. What was said in another system was promised nothing
    here."""
    since = imported_at(ticket)
    customers = [one for one in ticket.messages if one.from_customer and not (since and one.at <= since)]
    return min(customers, key=_AT, default=None)


def number_there(ticket: Ticket) -> int:
    """The number that it had in the system that it was imported from, where it has another here, else 0. Leading zeros
    do not count; a number with letters is none."""
    there = ticket.events[0].before.rpartition(" ")[2] if imported_at(ticket) else ""
    number = int(there) if there.isdecimal() and there.isascii() and len(there) <= LONGEST_THERE else 0
    return number if number != ticket.number else 0


def imported_at(ticket: Ticket) -> datetime | None:
    """When it came in from another system; None where it began here. The event is its first."""
    first = ticket.events[0] if ticket.events else None
    return first.at if first and first.what == IMPORTED else None


def answered_after(ticket: Ticket, message: Message) -> bool:
    """Whether a reply of ours stands behind that message."""
    keys = [one.key for one in ticket.messages]
    return any(one.is_reply for one in ticket.messages[keys.index(message.key) :])


def came_by(ticket: Ticket, message: Message) -> Channel:
    """The door of a message; what was typed in here came by that of its ticket."""
    typed = message.direction != "out" and not (message.message_id or message.raw)
    return ticket.channel if typed and message.channel == MAIL else message.channel


@remembered
def opened_by_team(ticket: Ticket) -> bool:
    """A call, a visit, a matter of our own, or a mail that we wrote first: nobody waits for a first response."""
    if ticket.channel in ("phone", "visit", "system"):
        return True
    spoken = next((message for message in ticket.messages if message.from_customer or message.is_reply), None)
    return spoken is None or spoken.is_reply


@remembered
def answers(ticket: Ticket) -> list[Message]:
    """Public replies by persons that the receiving server took, in order of writing."""
    return [message for message in ticket.messages if message.is_answer]


def asked_for_rating(ticket: Ticket, until: datetime) -> bool:
    """Whether a mail with the question was written by then and sent: one that waits, failed or was taken back has
    asked nobody."""
    keys = {event.after for event in ticket.events if event.what == ASKED_RATING and event.at <= until}
    return bool(keys) and any(one.key in keys and one.delivery in ("sent", "uncertain") for one in ticket.messages)


def answered_at(answer: Message) -> datetime:
    """When it left: the receiving server's acceptance."""
    return answer.delivered_at or answer.at


def _value_at(ticket: Ticket, what: str, now: str, at: datetime) -> str:
    """A field's value at an instant, from the changes after it."""
    return next((event.before for event in ticket.events if event.what == what and event.at > at), now)
