"""Scheduled replies in the outbox: held back when somebody writes, let go when their time has come or a person says so.
Each function is given the desk of an open transaction."""

from __future__ import annotations

from datetime import datetime, timedelta

from ticketctl.domain.ticket.message import Message
from ticketctl.domain.ticket.outbound import Outbound
from ticketctl.domain.ticket.scheduling import (
    CLOSE,
    STAY_OPEN,
    came_between,
    departed,
    departing,
    held,
    is_scheduled,
)
from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.errors import Damaged, NoSuchTicket, Usage
from ticketctl.ports.store import Desk
from ticketctl.usecases.automation.ticket_events import Happened, happened, tell
from ticketctl.usecases.session import Session
from ticketctl.usecases.tickets.wait import DEFAULT_WAIT, names_day, wake_time

SHORT = 60  # seconds: an undo window that a script does not wait for


def hold_back(desk: Desk, ticket: Ticket, act: Act) -> Ticket:
    """The ticket, to be saved, after its scheduled replies past which somebody wrote are held back in the outbox."""
    if not any(one.leaves_at for one in ticket.messages):
        return ticket
    for item in list(desk.outbox()):
        if item.state == "queued" and is_scheduled(item) and (between := came_between(ticket, item.message_id)):
            back = held(item, between)
            desk.queue(back)
            ticket = ticket.delivered(act, _key(ticket, item), "held", back.error)
    return ticket


def still_scheduled(session: Session, desk: Desk, item: Outbound) -> bool:
    """Whether the reply whose time has come may not leave: somebody wrote in between, and it is held back now."""
    number = desk.find_message(item.message_id)
    if not number:
        return False
    before = desk.get(number)
    after = hold_back(desk, before, Act("system", session.now, "send"))
    if after is not before:
        desk.save(after)
    return after.message(_key(after, item)).delivery == "held"


def let_go(session: Session, desk: Desk, item: Outbound, released: Act | None = None) -> Outbound:
    """A scheduled reply, dated now, in the outbox as others are; `released` is who did not wait for its time."""
    item = departing(item, _dated(session, item), session.now)
    desk.queue(item)
    number = desk.find_message(item.message_id)
    if number:
        act = released or Act("system", session.now, "send")
        before = desk.get(number)
        after = departed(act, before, item.message_id, item.raw, released=released is not None)
        after = after.delivered(act, _key(after, item), "queued")
        if after != before:
            desk.save(after)
    return item


def _dated(session: Session, item: Outbound) -> str:
    """The blob of its bytes with the Date of now; bytes that are lost are told when it is tried."""
    try:
        raw = session.store.blobs.get(item.raw)
    except (Damaged, NoSuchTicket):
        return item.raw
    return session.store.blobs.put(session.medium_of(item.medium).redate(raw, session.now))


def as_asked(session: Session, desk: Desk, ticket: Ticket, message: Message) -> Happened:
    """What was asked for with a reply that was scheduled (to wait, to close), and what the rules do about replies, now
    that it was sent."""
    if not message.wait:
        return Happened(ticket)
    after = _as_asked(session, ticket, message)
    outcome = happened(session, desk, after, "agent_reply", message)
    if after.closed and not ticket.closed:
        closed = happened(session, desk, outcome.ticket, "closed")
        outcome = Happened(closed.ticket, (*outcome.remarks, *closed.remarks))
    tell(session, desk)
    return outcome


def _as_asked(session: Session, ticket: Ticket, message: Message) -> Ticket:
    """What somebody did with the ticket since is theirs."""
    if ticket.status not in ("new", "open") or message.wait == STAY_OPEN:
        return ticket
    act = Act(message.author, session.now, "reply that was scheduled")
    if message.wait == CLOSE:
        return ticket.close(act)
    try:
        return ticket.wait(act, wake_time(session, message.wait), named=names_day(session, message.wait))
    except Usage:  # the day that was meant is over
        return ticket.wait(act, wake_time(session, DEFAULT_WAIT))


def _key(ticket: Ticket, item: Outbound) -> str:
    return next((one.key for one in ticket.messages if one.message_id == item.message_id), item.message)


def send_time(session: Session, later: str) -> datetime | None:
    """The instant that `later` names, in the words of `wait`; None for ""; raises Usage."""
    if not later:
        return None
    try:
        return wake_time(session, later)
    except Usage as unclear:
        raise Usage("{field}: {reason}", code="in_field", reason=unclear, field="later") from None


def when_sent(session: Session, later: str) -> Session:
    """The session of that moment: times that a reply names are reckoned from when it is sent."""
    return session.at(send_time(session, later) or session.now)


def window(session: Session, *, watched: bool) -> timedelta:
    """How long replies can be taken back; nothing where a short window has nobody who could (`watched`: somebody
    sits there)."""
    seconds = session.config.outgoing.undo if session.config.outgoing else 0
    return timedelta(seconds=seconds if seconds > SHORT or watched else 0)
