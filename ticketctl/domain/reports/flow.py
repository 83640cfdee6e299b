"""What came and went, and what was there: arrivals, closings, the backlog, who writes (docs/figures.md)."""

from __future__ import annotations

import msgspec

from ticketctl.domain.deadlines.due import asleep, overdue
from ticketctl.domain.reports.cases import Case, Cases, History, Mark
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.domain.ticket.timeline import answered_at, first_customer_message, lasting

OURS = "ours"  # among the channels: a matter of our own, in which no customer ever wrote
ON_US, ON_CUSTOMER = "waiting_on_us", "waiting_on_customer"


def arrivals(history: History) -> Cases:
    """Tickets that began in the window; `group` is the channel, or OURS."""
    if history.left_out != "counted":
        return (history.out(history.left_out),)
    if not history.frame.window.holds(history.began):
        return (history.out("outside", history.start),)
    return (Case(ticket=history.number, start=history.start, group=arrived_by(history.ticket)),)


def arrived_by(ticket: Ticket) -> str:
    """The channel of its customer's first message; OURS where no customer ever wrote."""
    first = first_customer_message(ticket)
    if first is None:
        return OURS
    return "email" if ticket.channel == "system" and first.message_id else ticket.channel


def closes(history: History) -> Cases:
    """Closings in the window, as often as they happened."""
    if history.left_out != "counted" or not history.closes:
        return (history.out(history.left_out if history.left_out != "counted" else "outside"),)
    return tuple(
        [Case(ticket=history.number, start=history.start_then, end=Mark(one.at, "closed")) for one in history.closes]
    )


def net(history: History) -> Cases:
    """Arrivals less closings."""
    came, went = arrivals(history), closes(history)
    found = [one for one in came if one.counted]
    found += [msgspec.structs.replace(one, count=-1) for one in went if one.counted]
    return tuple(found) or came


def reopenings(history: History) -> Cases:
    """Reopenings in the window by anybody, as often as they happened."""
    if history.left_out != "counted":
        return (history.out(history.left_out),)
    window = history.frame.window
    back = [one for one in history.ticket.events if one.what == "reopened" and window.holds(one.at)]
    kept = lasting(history.ticket) if back else ()
    found = tuple(
        [
            Case(ticket=history.number, start=history.start_then, end=Mark(one.at, "reopened", one.why))
            for one in kept
            if one.what == "reopened" and window.holds(one.at)
        ]
    )
    return found or (history.out("outside"),)


def backlog(history: History) -> Cases:
    """What was not closed at the instant, with its age since it began; `group` is whom it waits for."""
    if not history.in_stock:
        return (history.out(history.absent if history.absent != "counted" else "closed"),)
    at = history.instant
    group = ON_CUSTOMER if asleep(history.then, at) else ON_US
    return (history.lasting(history.start_then, Mark(at, "instant"), group=group),)


def late(history: History) -> Cases:
    """What was open and past a deadline at the instant: by how much, the longest of its deadlines."""
    if not history.in_stock:
        return (history.out(history.absent if history.absent != "counted" else "closed"),)
    frame = history.frame
    owed = overdue(history.then, frame.targets, frame.hours, frame.instant)
    if not owed:
        return (history.out("not_due" if frame.targets else "no_promise"),)
    return (history.lasting(Mark(owed[0].due_at, "due", owed[0].occasion), Mark(frame.instant, "instant")),)


def answers_written(history: History) -> Cases:
    """Replies that left in the window; `group` is who wrote them."""
    if history.absent != "counted":
        return (history.out(history.absent),)
    window = history.frame.window
    found = [(one, answered_at(one)) for one in history.replies_then]
    return tuple(
        [
            Case(ticket=history.number, end=Mark(at, "replied", one.key), group=one.author)
            for one, at in found
            if window.holds(at)
        ]
    ) or (history.out("outside"),)
