"""`show --why`: what is promised on a ticket, which rules have run, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator

from ticketctl.content.terminal import line
from ticketctl.content.times import ahead, local
from ticketctl.domain.deadlines.deadlines import Deadline, deadlines
from ticketctl.domain.deadlines.promises import Promise, promises
from ticketctl.domain.reply.several_requesters import awaits_answer, same_reply
from ticketctl.domain.ticket.answering import exchanges
from ticketctl.domain.ticket.parties import parties
from ticketctl.domain.ticket.ticket import LOST, Ticket
from ticketctl.present.thread import Line, View, wrapped
from ticketctl.usecases.session import Session


def reasons(session: Session, ticket: Ticket, view: View) -> Iterator[Line]:
    promised = deadlines(ticket, session.config.targets, session.config.hours, session.now)
    yield Line("")
    yield Line("Promises", "head")
    for one in promised:
        yield from wrapped(_promise(one, view), view.width, "  ", kind="warning" if one.state == "breached" else "")
    for word in promises(ticket):
        yield from wrapped(_word(word, view), view.width, "  ", kind="warning" if word.broken(view.now) else "")
    if not promised:
        yield Line(f"  none for a ticket that is {ticket.priority} and {ticket.status}")
    if ticket.fired:
        yield Line("")
        yield Line("Rules and steps that ran", "head")
        for fired in ticket.fired:
            told = f"{local(fired.at, view.zone)}  {fired.rule} ({fired.occasion})"
            yield from wrapped(told, view.width, "  ")
    yield Line("")
    yield from wrapped(f"Next: {next_step(ticket)}", view.width, "", kind="head")


def _promise(one: Deadline, view: View) -> str:
    name = one.occasion.replace("_", " ", 1)
    when = local(one.due_at, view.zone)
    if one.ended_at is not None:
        kept = "kept" if one.state == "met" else "broken"
        return f"{name}: due {when}, {kept} {local(one.ended_at, view.zone)}"
    if one.paused:
        return f"{name}: the clock stands while we wait for the customer; {when} if it ran on now"
    return f"{name}: due {when} ({ahead(one.due_at, view.now)}, {one.used:.0%} used)"


def _word(one: Promise, view: View) -> str:
    """What a reply promised, or `promise` noted."""
    told = f"our word of {local(one.made_at, view.zone)}: due {local(one.due_at, view.zone)}"
    if one.ended_at is None:
        return f"{told} ({ahead(one.due_at, view.now)})"
    return f"{told}, {'dropped' if one.state == 'gone' else one.state} {local(one.ended_at, view.zone)}"


def next_step(ticket: Ticket) -> str:
    """What a person would do now, as a command."""
    number = ticket.number
    if ticket.merged_into:
        return f"`ticketctl show {ticket.merged_into}`: it was merged into that one"
    if ticket.closed:
        return "nothing; the customer's next mail opens it again" if not ticket.spam else "nothing; it is spam"
    if draft := next((one for one in ticket.messages if one.delivery == "draft"), None):
        return f"`ticketctl reply {number}` finishes the draft {draft.key}"
    replies = [one for one in ticket.messages if one.is_reply]
    if any(one.delivery == "held" for one in replies):
        return f"a reply is held back: `ticketctl outbox release {number}`, or `ticketctl outbox cancel {number}`"
    lost = [one for one in (same_reply(ticket, replies[-1]) if replies else ()) if one.delivery in LOST]
    if lost:
        again = f" --to {lost[0].to[0].address}" if len(parties(ticket)) > 1 and lost[0].to else ""
        return f"a reply was not delivered: check the address, then `ticketctl reply {number}{again}`"
    if ticket.status == "waiting":
        return "the customer’s answer; it comes back by itself"
    if not ticket.assignee:
        return f"`ticketctl assign {number} me`, or an agent’s name"
    if waiting := [one.requester for _, one in parties(ticket)[1:] if awaits_answer(one)]:
        who = waiting[0].address or waiting[0].name
        return f"`ticketctl reply {number}`: {line(who)} waits for {ticket.assignee}"
    own = parties(ticket)[0].ticket
    if any(one.settled is None for one in exchanges(own, [one for one in own.messages if one.is_reply])):
        return f"`ticketctl reply {number}`: the customer waits for {ticket.assignee}"
    return f"`ticketctl wait {number} 5d` for the customer, or `ticketctl close {number}`"
