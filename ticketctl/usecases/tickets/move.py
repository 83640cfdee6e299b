"""A wrongly joined message goes to another ticket, or becomes a new one."""

from __future__ import annotations

import msgspec

from ticketctl.domain.changes import move_message as moving
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.ports.store import Desk
from ticketctl.usecases.intake.file_message import policy
from ticketctl.usecases.results import Changed, Done
from ticketctl.usecases.session import Session


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """`message` is its key in `ticket`."""

    ticket: int
    message: str
    target: int


class Split(msgspec.Struct, frozen=True, kw_only=True):
    """`subject` is the new ticket's; "": that of the message."""

    ticket: int
    message: str
    subject: str = ""


class Moved(Changed, frozen=True, kw_only=True):
    """The ticket that the message went to, before and after (of a split the new one, twice); `source` is the one that
    it came from, `message` its key there, and `key` its key now."""

    source: int
    message: str
    key: str


def move(session: Session, request: Move, *, keep: bool = True) -> Done[Moved]:
    """Raises NoSuchTicket, Refused, NotAllowed."""
    session.must("move", keep=keep)
    acting, number, message = session.act("move"), request.ticket, request.message
    with session.store.transaction(keep=keep) as desk:
        before, target = desk.get(number), desk.get(request.target)
        source, after, key = moving.move(acting, before, message, target, policy(session).is_ours)
        after = _saved(desk, before, source, after, message, key)
    return Done(number, Moved(before=target, after=after, source=number, message=message, key=key))


def split(session: Session, request: Split, *, keep: bool = True) -> Done[Moved]:
    """Raises NoSuchTicket, Refused, NotAllowed."""
    session.must("split", keep=keep)
    acting, number, message = session.act("split"), request.ticket, request.message
    with session.store.transaction(keep=keep) as desk:
        before, fresh = desk.get(number), desk.new_number()
        is_ours, subject = policy(session).is_ours, request.subject.strip()
        source, after = moving.split(acting, before, message, fresh, is_ours, subject)
        key = after.messages[0].key
        after = _saved(desk, before, source, after, message, key)
    return Done(number, Moved(before=after, after=after, source=number, message=message, key=key))


def _saved(desk: Desk, before: Ticket, source: Ticket, after: Ticket, message: str, key: str) -> Ticket:
    """Both tickets are saved, and the mails of the message in the outbox follow it."""
    for item in moving.moved_copies(desk.outbox(), before, message, after.number, key):
        desk.queue(item)
    desk.save(source)
    return desk.save(after)
