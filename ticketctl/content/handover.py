"""The note with which a ticket changes hands: all that the next person needs, made from the ticket's own data."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo

from ticketctl.content.terminal import line, shortened
from ticketctl.content.times import ahead, local
from ticketctl.domain.deadlines.work_order import TicketInQueue
from ticketctl.domain.ticket.message import Message
from ticketctl.domain.ticket.ticket import Ticket

LATEST = 3
ROOM = 160


def handover_note(giver: str, receiver: str, standing: TicketInQueue, next_step: str, zone: tzinfo) -> str:
    """Some lines of text: status, deadline or wake-up date, the last messages each in a line, and what to do next.
    Times are local with the date, since the note is read later."""
    return "\n".join(_lines(giver, receiver, standing, next_step, zone))


def _lines(giver: str, receiver: str, standing: TicketInQueue, next_step: str, zone: tzinfo) -> Iterator[str]:
    ticket = standing.ticket
    yield f"Handed over from {giver} to {receiver}."
    yield f"Status: {', '.join(_facts(ticket))}; opened {local(ticket.opened_at, zone)}"
    yield f"Deadline: {_deadline(standing, zone)}"
    if standing.promised is not None:
        yield f"Promised to the customer: {local(standing.promised, zone)}{_late(standing.promised, standing.now)}"
    if ticket.wake_at is not None:
        yield f"Wakes: {local(ticket.wake_at, zone)}"
    latest = [message for message in ticket.messages if message.kind in ("message", "note")][-LATEST:]
    for message in latest:
        yield f"{local(message.at, zone)} {_who(message)}: {shortened(line(message.text), ROOM) or '(no text)'}"
    if not latest:
        yield "Nothing was written yet."
    yield f"Next: {next_step}"


def _facts(ticket: Ticket) -> list[str]:
    fields = [f"{name}={value}" for name, value in ticket.fields.items()]
    return [ticket.status, ticket.priority, *ticket.labels, *fields]


def _deadline(standing: TicketInQueue, zone: tzinfo) -> str:
    if standing.due is None:
        return "none runs now"
    return f"{local(standing.due, zone)}{_late(standing.due, standing.now)}"


def _late(due: datetime, now: datetime) -> str:
    return f", {ahead(due, now)}" if due <= now else ""


def _who(message: Message) -> str:
    if message.delivery == "draft":
        return f"{message.author} (draft, not sent)"
    if message.kind == "note":
        return f"{message.author or 'somebody'} (note)"
    if message.direction == "out":
        undelivered = message.delivery in ("failed", "bounced", "uncertain")
        return f"{message.author} replied{', NOT delivered' if undelivered else ''}"
    return line(message.sender.name or message.sender.address) or "the customer"
