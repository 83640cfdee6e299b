"""Sending queued mail: a commit before each connection, the network outside the desk's lock, a commit after it.

One run sends at a time. Whoever holds the sending lock knows that a mail found `sending` was left by a run that died.
What is queued while a run lasts is sent with it, so that a run that skips loses nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Container

import msgspec

from ticketctl.domain.config import SmtpOut
from ticketctl.domain.ticket.delivery import (
    Accepted,
    NotAccepted,
    Outcome,
    abandoned,
    begin,
    due,
    finish,
    remaining,
    shown,
)
from ticketctl.domain.ticket.outbound import HOOK, Outbound
from ticketctl.domain.ticket.scheduling import is_scheduled
from ticketctl.domain.ticket.ticket import Act
from ticketctl.errors import ChannelFailed, Damaged, NoSuchTicket, Usage
from ticketctl.ports.channels import SendFailed
from ticketctl.ports.store import Desk
from ticketctl.usecases.outgoing.push import any_waits, queue_pushes
from ticketctl.usecases.outgoing.queue import PUSH
from ticketctl.usecases.outgoing.schedule import as_asked, let_go, still_scheduled
from ticketctl.usecases.outgoing.sent_folder import make_copies, want_copy
from ticketctl.usecases.outgoing.webhooks import may_try, note_try
from ticketctl.usecases.results import Remark
from ticketctl.usecases.session import Session
from ticketctl.usecases.upkeep.jobs import alone, note_work, stuck
from ticketctl.usecases.upkeep.restore import must_have_looked

SPARE = 120.0  # seconds beyond the deadline of a mail: secrets are asked for, a host name is looked up


class Send(msgspec.Struct, frozen=True):
    """All that is due, or of it only the mails with these Message-IDs."""

    only: frozenset[str] | None = None


class Sent(msgspec.Struct, frozen=True):
    """The mails that were tried as they are after it, those too that a dead run left behind. `elsewhere`: another run
    is sending and takes them along."""

    mails: tuple[Outbound, ...] = ()
    elsewhere: bool = False
    remarks: tuple[Remark, ...] = ()


def send(session: Session, request: Send, *, keep: bool = True) -> Sent:
    """Sends what is due and puts copies of replies into the Sent folder. `keep=False` is what would be sent. Raises
    ChannelFailed where another run hangs."""
    session.must("send", keep=keep)
    if not keep:
        with session.store.reading() as desk:
            return Sent(tuple(item for item in due(desk.outbox(), session.now) if _wanted(item, request.only)))
    sent = send_due(session, request.only)
    return msgspec.structs.replace(sent, remarks=(*sent.remarks, *make_copies(session)))


def send_due(session: Session, only: frozenset[str] | None = None) -> Sent:
    """Tries everything that is due, once, oldest first, or of it only the mails with these Message-IDs. Raises
    ChannelFailed where another run hangs."""
    with session.store.reading() as desk:
        must_have_looked(desk)
        pushes = only is None and any_waits(session, desk)
        waiting = _sending(desk) or due(desk.outbox(), session.now)
    if pushes:
        with session.store.transaction() as desk, session.store.blobs.together():
            queue_pushes(session, desk)
            waiting = waiting or due(desk.outbox(), session.now)
    if not waiting:
        return Sent()
    with alone(session, "send") as mine:
        if not mine:
            if trouble := hangs(session):
                raise ChannelFailed("{trouble}", code="send_hangs", trouble=trouble)
            return Sent(elsewhere=True)
        _must_reach_one(session, {item.medium for item in waiting})
        try:
            return _run(session, only)
        finally:
            for sink in session.app.sinks.values():
                sink.close()


def _must_reach_one(session: Session, media: Collection[str]) -> None:
    """What nothing can send is not begun; where other media can be sent, it must not stop those. Raises Usage."""
    missing: Usage | None = None
    for medium in sorted(media):
        try:
            session.app.sink(medium)
        except Usage as error:
            missing = error
        else:
            return
    if missing is not None:
        raise missing


def hangs(session: Session) -> str:
    """That another run has been at one mail for longer than it may take; "" where there is none."""
    sink = session.config.outgoing.sink if session.config.outgoing else None
    deadline = sink.deadline if isinstance(sink, SmtpOut) else 0
    found = stuck(session, "send", deadline + SPARE)
    return f"sending hangs: {found}; nothing is sent until that process is ended (kill it)" if found else ""


def _run(session: Session, only: frozenset[str] | None) -> Sent:
    remarks: list[Remark] = []
    with session.store.transaction() as desk:
        done = {item.id: _record(session, desk, abandoned(item, session.now), remarks) for item in _sending(desk)}
        item = _next(session, desk, only, done)
    while item is not None:
        outcome, stop = _tried(session, item)
        with session.store.transaction() as desk:
            done[item.id] = _record(session, desk, finish(item, outcome, session.now), remarks)
            note_try(desk, item, outcome, session.now)
            item = None if stop else _next(session, desk, only, done)
        if stop:
            raise stop
    return Sent(tuple(done.values()), remarks=tuple(remarks))


def _sending(desk: Desk) -> list[Outbound]:
    return [item for item in desk.outbox() if item.state == "sending"]


def _wanted(item: Outbound, only: frozenset[str] | None) -> bool:
    return only is None or item.message_id in only


def _next(session: Session, desk: Desk, only: frozenset[str] | None, done: Container[str]) -> Outbound | None:
    """The next mail to try, begun. A scheduled one past which somebody wrote is held back. What customers wait for
    comes before notices to a service that may be dead."""
    for item in sorted(due(desk.outbox(), session.now), key=_last):
        if item.id in done or not _wanted(item, only) or not may_try(desk, item, session.now):
            continue
        if is_scheduled(item):
            if still_scheduled(session, desk, item):
                continue
            item = let_go(session, desk, item)
        begun = begin(item)
        desk.queue(begun)
        return begun
    return None


def _last(item: Outbound) -> tuple[bool, bool, bool]:
    """Of webhooks those that were never tried come first: one that its receiver does not take stops no other."""
    return item.medium == PUSH, item.medium == HOOK, item.medium == HOOK and item.attempts > 0


def _tried(session: Session, item: Outbound) -> tuple[Outcome, BaseException | None]:
    """What came of it, and the Ctrl-C or signal that ended the try, which goes on once the outcome is recorded."""
    note_work(session, "send")
    try:
        raw = session.store.blobs.get(item.raw)
        receipt = session.app.sink(item.medium).send(item.sender, remaining(item), raw)
    except SendFailed as error:
        stop = error.__cause__ if isinstance(error.__cause__, KeyboardInterrupt | SystemExit) else None
        return _not_accepted(error), stop
    except (Damaged, NoSuchTicket) as error:
        return NotAccepted(f"its bytes are lost: {error}", permanent=True), None
    except Usage as error:  # nothing sends its medium
        return NotAccepted(str(error)), None
    return Accepted(receipt.refused), None


def _not_accepted(error: SendFailed) -> NotAccepted:
    return NotAccepted(
        str(error),
        permanent=error.permanent,
        uncertain=error.uncertain,
        everything=error.everything,
        wait=error.wait,
    )


def _record(session: Session, desk: Desk, item: Outbound, remarks: list[Remark]) -> Outbound:
    """The outbox keeps what was not sent; the ticket's history has the rest. Adds to `remarks`."""
    if shown(item)[0] == "sent":
        want_copy(session, desk, item)
    if item.state == "sent":
        desk.drop_outbound(item.id)
    else:
        desk.queue(item)
    remarks += show_on_ticket(session, desk, item)
    return item


def show_on_ticket(session: Session, desk: Desk, item: Outbound, detail: str = "") -> tuple[Remark, ...]:
    """The state of the mail on its ticket, with what a sent reply does to it; and what a rule could not do. The message
    is found by its Message-ID: merging moves messages to other tickets, under other keys."""
    number = desk.find_message(item.message_id) if item.message else None
    if not number:
        return ()
    ticket = desk.get(number)
    delivery, said = shown(item)
    own = (one for one in ticket.messages if one.message_id == item.message_id and one.direction == "out")
    message = next(own, None)
    if message is None:
        return ()
    after = ticket.delivered(Act("system", session.now, "send"), message.key, delivery, detail or said)
    remarks: tuple[Remark, ...] = ()
    if delivery == "sent" and after is not ticket:
        after, remarks = as_asked(session, desk, after, message)
    if after is not ticket:
        desk.save(after)
    return remarks
