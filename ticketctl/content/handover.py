"""The note with which a ticket changes hands: all that the next person needs, made from the ticket's own data."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from ticketctl.content.terminal import line, shortened
from ticketctl.content.times import ahead, local
from ticketctl.domain.deadlines.work_order import Standing
from ticketctl.domain.ticket.message import Message
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.present.thread import View

LATEST = 3
ROOM = 160


def handover_note(giver: str, receiver: str, standing: Standing, next_step: str, view: View) -> str:
    """Some lines of text: status, deadline or wake-up date, the last messages each in a line, and what to do next.
    Times are local with the date, since the note is read later."""
    return "\n".join(_lines(giver, receiver, standing, next_step, view))


def _lines(giver: str, receiver: str, standing: Standing, next_step: str, view: View) -> Iterator[str]:
    ticket = standing.ticket
    yield f"Handed over from {giver} to {receiver}."
    yield f"Status: {', '.join(_facts(ticket))}; opened {local(ticket.opened_at, view.zone)}"
    yield f"Deadline: {_deadline(standing, view)}"
    if standing.promised is not None:
        yield f"Promised to the customer: {local(standing.promised, view.zone)}{_late(standing.promised, view)}"
    if ticket.wake_at is not None:
        yield f"Wakes: {local(ticket.wake_at, view.zone)}"
    latest = [message for message in ticket.messages if message.kind in ("message", "note")][-LATEST:]
    for message in latest:
        yield f"{local(message.at, view.zone)} {_who(message)}: {shortened(line(message.text), ROOM) or '(no text)'}"
    if not latest:
        yield "Nothing was written yet."
    yield f"Next: {next_step}"


def _facts(ticket: Ticket) -> list[str]:
    fields = [f"{name}={value}" for name, value in ticket.fields.items()]
    return [ticket.status, ticket.priority, *ticket.labels, *fields]


def _deadline(standing: Standing, view: View) -> str:
    if standing.due is None:
        return "none runs now"
    return f"{local(standing.due, view.zone)}{_late(standing.due, view)}"


def _late(due: datetime, view: View) -> str:
    return f", {ahead(due, view.now)}" if due <= view.now else ""


def _who(message: Message) -> str:
    if message.delivery == "draft":
        return f"{message.author} (draft, not sent)"
    if message.kind == "note":
        return f"{message.author or 'somebody'} (note)"
    if message.direction == "out":
        undelivered = message.delivery in ("failed", "bounced", "uncertain")
        return f"{message.author} replied{', NOT delivered' if undelivered else ''}"
    return line(message.sender.name or message.sender.address) or "the customer"
