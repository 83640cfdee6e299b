"""How long things took: first response, resolution, waiting for the customer (docs/measures.md)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import msgspec

from ticketctl.domain.deadlines.business_hours import between
from ticketctl.domain.reports.cases import Case, History, Mark
from ticketctl.domain.ticket.answering import exchanges
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.domain.ticket.timeline import answered_at, first_customer_message, opened_by_team, periods


def first_response(history: History) -> Iterator[Case]:
    """First customer message → first accepted reply by a person, of tickets that arrived in the window. Unanswered
    while nobody has replied and it is not closed; where a close settled it (a call) there is no value. In a merged
    ticket each requester waits for their own."""
    if history.left_out != "counted":
        yield history.out(history.left_out)
        return
    for party in history.circles:
        yield _first_response(history, party)


def _first_response(history: History, party: Ticket) -> Case:
    first = first_customer_message(party)
    if first is None:
        return history.out("ours")
    start = Mark(first.at, "received", first.key)
    if opened_by_team(party):
        return history.out("team_started", start)
    if not history.frame.window.holds(first.at):
        return history.out("outside", start)
    talk = exchanges(party)
    settled = talk[0].settled if talk else None
    if talk and settled is None:
        return history.out("unanswered", start)
    if settled is None or settled.reply is None:
        return history.out("settled", start, Mark(settled.at, "closed") if settled else None)
    return history.lasting(start, Mark(answered_at(settled.reply), "replied", settled.reply.key))


def resolution_first(history: History) -> Iterator[Case]:
    """Start → first close by a person, of tickets of which that lies in the window."""
    start, ours = history.start_then, first_customer_message(history.then) is None
    if history.left_out != "counted" or ours:
        yield history.out(history.left_out if history.left_out != "counted" else "ours")
        return
    close = next((one for one in history.closings if one.actor != "system"), None)
    if close is None:
        yield history.out("automatic" if history.closings else "open", start)
    elif not history.frame.window.holds(close.at):
        yield history.out("outside", start, Mark(close.at, "closed"))
    else:
        yield history.lasting(start, Mark(close.at, "closed"))


def resolution_last(history: History) -> Iterator[Case]:
    """Start → last close, of tickets that a person closed in the window and that stayed closed until its end."""
    yield _resolution_last(history, ours=False)


def own_matters(history: History) -> Iterator[Case]:
    """The same of matters of our own, in which no customer ever wrote."""
    yield _resolution_last(history, ours=True)


def waiting_for_customer(history: History) -> Iterator[Case]:
    """How long each ticket that `resolution_last` counts waited for the customer, in all."""
    case = _resolution_last(history, ours=False)
    if not case.counted:
        yield case
        return
    waits = [(one.start, one.end) for one in periods(history.then) if one.status == "waiting" and one.end]
    yield msgspec.structs.replace(
        case,
        calendar=sum((end - start for start, end in waits), timedelta()),
        business=sum((between(start, end, history.frame.hours) for start, end in waits), timedelta()),
    )


def _resolution_last(history: History, *, ours: bool) -> Case:
    if history.not_ended != "counted":
        return history.out(history.not_ended)
    start = history.start_then
    if not history.closings_then:
        return history.out("open", start)
    last = history.closings_then[-1]
    end = Mark(last.at, "closed")
    if (first_customer_message(history.then) is None) != ours:
        return history.out("not_ours" if ours else "ours", start, end)
    if last.actor == "system":
        return history.out("automatic", start, end)
    return history.lasting(start, end)
