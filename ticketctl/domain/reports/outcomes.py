"""What became of tickets: answered, reopened, in time, promised, solved with how many replies, and why they came
(docs/figures.md)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from itertools import pairwise

from ticketctl.domain.deadlines.deadlines import Deadline
from ticketctl.domain.deadlines.promises import Promise, promises
from ticketctl.domain.reports.cases import REOPEN_DAYS, Case, Cases, History, Mark, days_between
from ticketctl.domain.settings.settings import TargetKind
from ticketctl.domain.ticket.answering import exchanges
from ticketctl.domain.ticket.parties import parties
from ticketctl.domain.ticket.ticket import Event, Ticket
from ticketctl.domain.ticket.timeline import answers, asked_for_rating, closings, lasting, opened_by_team

SATISFIED = 4  # of 5: the usual "top two" of a satisfaction score

# --- answers ---


def unanswered(history: History) -> Cases:
    """Tickets at the instant of which a requester waits for the first answer: since when, the longest of them."""
    if not history.in_stock:
        return (history.out(history.absent if history.absent != "counted" else "closed"),)
    waits = [
        (one.began, one.messages[0].key)
        for _, party in parties(history.then)
        if not opened_by_team(party) and not answers(party)
        for one in exchanges(party)
        if one.settled is None
    ]
    if not waits:
        team = all(opened_by_team(party) for _, party in parties(history.then))
        return (history.out("ours" if history.ours else "team_started" if team else "answered"),)
    since, key = min(waits)
    return (history.lasting(Mark(since, "received", key), Mark(history.instant, "instant")),)


def closed_unanswered(history: History) -> Cases:
    """Closed in the window before one of its requesters had any answer, by mail that is: the customer may have been
    called."""
    if history.left_out != "counted":
        return (history.out(history.left_out),)
    closes = [close.at for close in history.closings_then if history.frame.window.holds(close.at)]
    if not closes:
        return (history.out("outside"),)
    for _, party in parties(history.then):
        silent = [] if opened_by_team(party) else [close for close in closes if _silent(party, close)]
        if silent:
            return (Case(ticket=history.number, start=history.start_then, end=Mark(silent[0], "closed")),)
    return (history.out("ours" if history.ours else "answered", history.start_then, Mark(closes[0], "closed")),)


def _silent(party: Ticket, close: datetime) -> bool:
    wrote = any(message.from_customer and message.known_at <= close for message in party.messages)
    return wrote and not any(answer.at <= close for answer in answers(party))


def touches(history: History) -> Cases:
    """How many public replies each ticket had that was closed in the window."""
    return (_ended(history, len(history.replies_then) if history.not_ended == "counted" else 0),)


def one_touch(history: History) -> Cases:
    """Which of those were solved with exactly one."""
    return (_ended(history, history.not_ended == "counted" and len(history.replies_then) == 1),)


def rated(history: History) -> Cases:
    """Which of those gave a rating by the 14th day after the close, of those that were asked for one, or gave one
    unasked."""
    if history.not_ended != "counted":
        return (history.out(history.not_ended),)
    value = _rating(history)
    asked = bool(value) or asked_for_rating(history.ticket, history.instant)
    return (_ended(history, bool(value)) if asked else history.out("not_asked", history.start_then),)


def satisfied(history: History) -> Cases:
    """Which of those that gave a rating gave a 4 or a 5."""
    if history.not_ended != "counted":
        return (history.out(history.not_ended),)
    value = _rating(history)
    return (_ended(history, value >= SATISFIED) if value else history.out("not_rated", history.start_then),)


def _rating(history: History) -> int:
    """The last one that counts; 0 for none."""
    closed_at, zone = history.then.closed_at, history.frame.zone
    if not history.ticket.rating or closed_at is None:
        return 0
    given = (
        int(event.after.partition(" ")[0])
        for event in reversed(history.ticket.events)
        if event.what == "rated" and days_between(closed_at, event.at, zone) <= REOPEN_DAYS
    )
    return next(given, 0)


def _ended(history: History, count: int, group: str = "") -> Case:
    if history.not_ended != "counted":
        return history.out(history.not_ended)
    closed_at = history.then.closed_at or history.instant
    return Case(
        ticket=history.number, start=history.start_then, end=Mark(closed_at, "closed"), count=int(count), group=group
    )


# --- closing and reopening ---


def automatic_closes(history: History) -> Cases:
    """Closings by a rule in the window, also of tickets that were reopened later."""
    if history.left_out != "counted":
        return (history.out(history.left_out),)
    by_rule = [close for close in history.closes if close.actor == "system"]
    return tuple(
        [Case(ticket=history.number, start=history.start_then, end=Mark(one.at, "closed", one.why)) for one in by_rule]
    ) or (history.out("by_person" if history.closes else "outside"),)


def reopened(history: History) -> Cases:
    """Distinct tickets closed in the window, and whether the customer brought them back by the 14th day after."""
    if history.left_out != "counted" or not history.closes:
        return (history.out(history.left_out if history.left_out != "counted" else "outside"),)
    backs = customer_reopenings(history.ticket)
    for close in history.closes:
        for back in backs:
            if close.at <= back and days_between(close.at, back, history.frame.zone) <= REOPEN_DAYS:
                return (Case(ticket=history.number, start=Mark(close.at, "closed"), end=Mark(back, "reopened")),)
    return (Case(ticket=history.number, start=Mark(history.closes[0].at, "closed"), count=0),)


def customer_reopenings(ticket: Ticket) -> list[datetime]:
    """When customers' messages brought it back: the arrivals. An agent's own undo is none."""
    if not any(event.what == "reopened" for event in ticket.events):
        return []
    arrivals = {message.key: message.at for message in ticket.messages if message.from_customer}
    return [
        max(arrivals[before.after], _close_before(ticket, event))
        for before, event in pairwise(ticket.events)
        if event.what == "reopened" and before.what == "received" and before.after in arrivals
    ]


def _close_before(ticket: Ticket, event: Event) -> datetime:
    """A mail may have arrived just before the close and been fetched after it: it counts as of the close."""
    return max((close.at for close in closings(ticket) if close.at <= event.at), default=event.at)


def causes(history: History) -> Cases:
    """The cause of each ticket closed in the window (`group`), as it was set then or corrected until the ticket was
    opened again; counted as 0 where it has none."""
    cause = cause_of(history) if history.not_ended == "counted" else ""
    return (_ended(history, bool(cause), cause),)


def cause_of(history: History) -> str:
    ticket, instant = history.ticket, history.instant
    again = next((one.at for one in lasting(ticket) if one.what == "reopened" and one.at > instant), None)
    if again is None:
        return ticket.cause
    later = (one for one in ticket.events if one.what == "cause" and one.at > again)
    return next((one.before for one in later), ticket.cause)


# --- in time ---


def kept(kind: TargetKind) -> Callable[[History], Cases]:
    """Met of those targets of this kind that fell due in the window. Open and overdue is breached; not yet due is left
    out."""

    def cases(history: History) -> Cases:
        if history.left_out != "counted":
            return (history.out(history.left_out),)
        found = tuple([_kept(history, one) for one in history.deadlines if one.kind == kind])
        return found or (history.out("no_promise"),)

    return cases


def _kept(history: History, one: Deadline) -> Case:
    start, due = Mark(one.started_at, "received"), Mark(one.due_at, "due", one.occasion)
    if not history.frame.window.holds(one.due_at):
        return history.out("outside", start, due)
    if one.state == "pending" or one.due_at > history.frame.now:
        return history.out("not_due", start, due)
    return Case(ticket=history.number, start=start, end=due, count=int(one.state == "met"))


def promises_kept(history: History) -> Cases:
    """Of the dates promised in replies that fell due in the window, those kept by then. One that is gone (dropped, or
    the reply never arrived) is left out; overdue and still owed is broken."""
    if history.left_out != "counted":
        return (history.out(history.left_out),)
    return tuple([_promised(history, one) for one in promises(history.ticket)]) or (history.out("no_promise"),)


def _promised(history: History, one: Promise) -> Case:
    start, due = Mark(one.made_at, "promised"), Mark(one.due_at, "due")
    if not history.frame.window.holds(one.due_at):
        return history.out("outside", start, due)
    if one.state == "gone" or one.due_at > history.frame.now:
        return history.out("gone" if one.state == "gone" else "not_due", start, due)
    return Case(ticket=history.number, start=start, end=due, count=int(one.state == "kept"))
