"""How long things took: first response, resolution, waiting for the customer (docs/figures.md)."""

from __future__ import annotations

from datetime import timedelta

from ticketctl.domain.deadlines.business_hours import between
from ticketctl.domain.reports.cases import Case, Cases, History, Mark
from ticketctl.domain.ticket.answering import exchanges
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.domain.ticket.timeline import answered_at, first_customer_message, opened_by_team, periods


def first_response(history: History) -> Cases:
    """First customer message → first accepted reply by a person, of tickets that arrived in the window, but for chats.
    Unanswered while nobody has replied and it is not closed; where a close settled it (a call) there is no value. In a
    merged ticket each requester waits for their own."""
    return _first_responses(history, by_chat=False)


def first_response_chat(history: History) -> Cases:
    """The same of tickets that came by the chat of the team's own site, where minutes are long."""
    return _first_responses(history, by_chat=True)


def _first_responses(history: History, *, by_chat: bool) -> Cases:
    if history.left_out != "counted":
        return (history.out(history.left_out),)
    own = [one for one in history.circles if (one.channel == "chat") == by_chat]
    if not own:
        return (history.out("not_by_chat" if by_chat else "by_chat"),)
    return tuple([_first_response(history, party) for party in own])


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


def resolution_first(history: History) -> Cases:
    """Start → first close by a person, of tickets of which that lies in the window."""
    start = history.start_then
    if history.left_out != "counted" or history.ours_then:
        return (history.out(history.left_out if history.left_out != "counted" else "ours"),)
    close = next((one for one in history.closings if one.actor != "system"), None)
    if close is None:
        return (history.out("automatic" if history.closings else "open", start),)
    if not history.frame.window.holds(close.at):
        return (history.out("outside", start, Mark(close.at, "closed")),)
    if close is history.last_close:
        return (history.resolved,)
    return (history.lasting(start, Mark(close.at, "closed")),)


def resolution_last(history: History) -> Cases:
    """Start → last close, of tickets that a person closed in the window and that stayed closed until its end."""
    return (_resolution_last(history, ours=False),)


def own_matters(history: History) -> Cases:
    """The same of matters of our own, in which no customer ever wrote."""
    return (_resolution_last(history, ours=True),)


def waiting_for_customer(history: History) -> Cases:
    """How long each ticket that `resolution_last` counts waited for the customer, in all."""
    case = _resolution_last(history, ours=False)
    if not case.counted:
        return (case,)
    waits = [(one.start, one.end) for one in periods(history.then) if one.status == "waiting" and one.end]
    calendar = sum((end - start for start, end in waits), timedelta())
    business = sum((between(start, end, history.frame.hours) for start, end in waits), timedelta())
    return (Case(ticket=history.number, start=case.start, end=case.end, calendar=calendar, business=business),)


def _resolution_last(history: History, *, ours: bool) -> Case:
    if history.not_ended != "counted":
        return history.out(history.not_ended)
    start, last = history.start_then, history.last_close
    if last is None:
        return history.out("open", start)
    if history.ours_then != ours:
        return history.out("not_ours" if ours else "ours", start, Mark(last.at, "closed"))
    if last.actor == "system":
        return history.out("automatic", start, Mark(last.at, "closed"))
    return history.resolved
