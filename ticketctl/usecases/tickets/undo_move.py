"""`undo` of move and split: the message comes back from the ticket where it is."""

from __future__ import annotations

from ticketctl.domain.changes import merge as merging
from ticketctl.domain.changes import move_message as moving
from ticketctl.domain.ticket.ticket import Act, Event, Ticket
from ticketctl.errors import Refused
from ticketctl.ports.store import Desk
from ticketctl.usecases.intake.file_message import policy
from ticketctl.usecases.session import Session
from ticketctl.usecases.tickets.change import Change


def moved_back(session: Session, desk: Desk, ticket: Ticket, acting: Act, event: Event) -> Change:
    """The ticket with its message again; the other one is saved. What a split made, and nobody has written in since, is
    merged back whole. `event` is "moved away". Raises Refused where the message has gone further."""
    place, key = event.after.removeprefix("#").split(" ")
    other = desk.get(int(place))
    if not any(message.key == key for message in other.messages):
        raise Refused(
            f"#{ticket.number}: {event.before} is not in #{place} any more; `ticketctl show {place}` tells where"
        )
    if all(message.key == key for message in other.messages):
        for item in merging.moved(list(desk.outbox()), other.number, ticket.number):
            desk.queue(item)
        after, closed = merging.merge(acting, ticket, other)
        desk.save(closed)
        return Change(after, f"#{ticket.number} undone: #{place} is merged back, with {event.before}")
    source, after, back = moving.move(acting, other, key, ticket, policy(session).is_ours)
    for item in moving.moved_copies(desk.outbox(), other, key, ticket.number, back):
        desk.queue(item)
    desk.save(source)
    return Change(after, f"#{ticket.number} undone: {event.before} is back from #{place}, as {back}")
