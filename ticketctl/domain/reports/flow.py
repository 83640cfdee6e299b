"""What came and went, and what was there: arrivals, closings, the backlog, who writes (docs/measures.md)."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from ticketctl.domain.deadlines.due import asleep, overdue
from ticketctl.domain.reports.cases import Case, History, Mark
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.domain.ticket.timeline import answered_at, first_customer_message, lasting

OURS = "ours"  # among the channels: a matter of our own, in which no customer ever wrote
ON_US, ON_CUSTOMER = "waiting_on_us", "waiting_on_customer"


def arrivals(history: History) -> Iterator[Case]:
    """Tickets that began in the window; `group` is the channel, or OURS."""
    if history.left_out != "counted":
        yield history.out(history.left_out)
    elif not history.frame.window.holds(history.began):
        yield history.out("outside", history.start)
    else:
        yield Case(ticket=history.number, start=history.start, group=arrived_by(history.ticket))


def arrived_by(ticket: Ticket) -> str:
    """The channel of its customer's first message; OURS where no customer ever wrote."""
    first = first_customer_message(ticket)
    if first is None:
        return OURS
    return "email" if ticket.channel == "system" and first.message_id else ticket.channel


def closes(history: History) -> Iterator[Case]:
    """Closings in the window, as often as they happened."""
    if history.left_out != "counted" or not history.closes:
        yield history.out(history.left_out if history.left_out != "counted" else "outside")
        return
    for close in history.closes:
        yield Case(ticket=history.number, start=history.start, end=Mark(close.at, "closed"))


def net(history: History) -> Iterator[Case]:
    """Arrivals less closings."""
    came, went = list(arrivals(history)), list(closes(history))
    found = [one for one in came if one.counted]
    found += [msgspec.structs.replace(one, count=-1) for one in went if one.counted]
    yield from found or came


def reopenings(history: History) -> Iterator[Case]:
    """Reopenings in the window by anybody, as often as they happened."""
    if history.left_out != "counted":
        yield history.out(history.left_out)
        return
    found = [] if not history.closings else [
        event for event in lasting(history.ticket)
        if event.what == "reopened" and history.frame.window.holds(event.at)
    ]  # fmt: skip
    for event in found:
        yield Case(ticket=history.number, start=history.start, end=Mark(event.at, "reopened", event.why))
    if not found:
        yield history.out("outside")


def backlog(history: History) -> Iterator[Case]:
    """What was not closed at the instant, with its age since it began; `group` is whom it waits for."""
    if not history.in_stock:
        yield history.out(history.absent if history.absent != "counted" else "closed")
        return
    at = history.frame.instant
    group = ON_CUSTOMER if asleep(history.then, at) else ON_US
    yield history.lasting(history.start_then, Mark(at, "instant"), group=group)


def late(history: History) -> Iterator[Case]:
    """What was open and past a deadline at the instant: by how much, the longest of its deadlines."""
    if not history.in_stock:
        yield history.out(history.absent if history.absent != "counted" else "closed")
        return
    frame = history.frame
    owed = overdue(history.then, frame.targets, frame.hours, frame.instant)
    if not owed:
        yield history.out("not_due" if frame.targets else "no_promise")
        return
    yield history.lasting(Mark(owed[0].due_at, "due", owed[0].occasion), Mark(frame.instant, "instant"))


def answers_written(history: History) -> Iterator[Case]:
    """Replies that left in the window; `group` is who wrote them."""
    if history.absent != "counted":
        yield history.out(history.absent)
        return
    found = [one for one in history.replies_then if history.frame.window.holds(answered_at(one))]
    for one in found:
        yield Case(ticket=history.number, end=Mark(answered_at(one), "replied", one.key), group=one.author)
    if not found:
        yield history.out("outside")
