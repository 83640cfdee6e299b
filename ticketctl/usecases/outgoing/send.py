"""Letting queued mail leave: a commit before each connection, the network outside the desk's lock, a commit after it.

One run sends at a time. Whoever holds the sending lock knows that a mail found `sending` was left by a run that died.
What is queued while a run lasts leaves with it, so that a run that skips loses nothing.
"""

from __future__ import annotations

from collections.abc import Container

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
from ticketctl.domain.ticket.outbound import Outbound
from ticketctl.domain.ticket.scheduling import is_scheduled
from ticketctl.domain.ticket.ticket import Act
from ticketctl.errors import ChannelFailed, Damaged, NoSuchTicket
from ticketctl.ports.channels import SendFailed
from ticketctl.ports.store import Desk
from ticketctl.usecases.outgoing.schedule import as_asked, let_go, still_scheduled
from ticketctl.usecases.outgoing.sent_folder import want_copy
from ticketctl.usecases.session import Session
from ticketctl.usecases.upkeep.jobs import alone, note_work, stuck

SPARE = 120.0  # seconds beyond the deadline of a mail: secrets are asked for, a host name is looked up


class _All:
    def __contains__(self, message_id: object) -> bool:
        return True


def send_due(session: Session, only: Container[str] | None = None) -> list[Outbound] | None:
    """Tries everything that is due, once, oldest first, or of it only the mails with these Message-IDs. Returns the
    mails as they are after it, those too that a dead run left behind; None where another run is sending. Raises
    ChannelFailed where that one hangs."""
    with session.store.reading() as desk:
        waiting = _sending(desk) or due(desk.outbox(), session.now)
    if not waiting:
        return []
    with alone(session, "send") as mine:
        if not mine:
            if told := hangs(session):
                raise ChannelFailed(told)
            return None
        sink = session.sink
        try:
            return _run(session, _All() if only is None else only)
        finally:
            sink.close()


def hangs(session: Session) -> str:
    """Told of another run that has been at one mail for longer than it may take; "" where there is none."""
    sink = session.config.outgoing.sink if session.config.outgoing else None
    deadline = sink.deadline if isinstance(sink, SmtpOut) else 0
    told = stuck(session, "send", deadline + SPARE)
    return f"`ticketctl send` hangs: {told}; nothing leaves until it is ended (kill it)" if told else ""


def _run(session: Session, only: Container[str]) -> list[Outbound]:
    with session.store.transaction() as desk:
        done = {item.id: _record(session, desk, abandoned(item, session.now)) for item in _sending(desk)}
        item = _next(session, desk, only, done)
    while item is not None:
        outcome, stop = _tried(session, item)
        with session.store.transaction() as desk:
            done[item.id] = _record(session, desk, finish(item, outcome, session.now))
            item = None if stop else _next(session, desk, only, done)
        if stop:
            raise stop
    return list(done.values())


def _sending(desk: Desk) -> list[Outbound]:
    return [item for item in desk.outbox() if item.state == "sending"]


def _next(session: Session, desk: Desk, only: Container[str], done: Container[str]) -> Outbound | None:
    """The next mail to try, begun. A scheduled one past which somebody wrote is held back."""
    for item in due(desk.outbox(), session.now):
        if item.id in done or item.message_id not in only:
            continue
        if is_scheduled(item):
            if still_scheduled(session, desk, item):
                continue
            item = let_go(session, desk, item)
        begun = begin(item)
        desk.queue(begun)
        return begun
    return None


def _tried(session: Session, item: Outbound) -> tuple[Outcome, BaseException | None]:
    """What came of it, and the Ctrl-C or signal that ended the try, which goes on once the outcome is recorded."""
    note_work(session, "send")
    try:
        raw = session.store.blobs.get(item.raw)
        receipt = session.sink.send(item.sender, remaining(item), raw)
    except SendFailed as error:
        stop = error.__cause__ if isinstance(error.__cause__, KeyboardInterrupt | SystemExit) else None
        return NotAccepted(str(error), permanent=error.permanent, uncertain=error.uncertain), stop
    except (Damaged, NoSuchTicket) as error:
        return NotAccepted(f"its bytes are lost: {error}", permanent=True), None
    return Accepted(receipt.refused), None


def _record(session: Session, desk: Desk, item: Outbound) -> Outbound:
    """The outbox keeps what has not left; the ticket's history tells the rest."""
    if shown(item)[0] == "sent":
        want_copy(session, desk, item)
    if item.state == "sent":
        desk.drop_outbound(item.id)
    else:
        desk.queue(item)
    show_on_ticket(session, desk, item)
    return item


def show_on_ticket(session: Session, desk: Desk, item: Outbound, detail: str = "") -> None:
    """Found by its Message-ID: merging moves messages to other tickets, under other keys."""
    number = desk.find_message(item.message_id) if item.message else None
    if not number:
        return
    ticket = desk.get(number)
    delivery, told = shown(item)
    for message in ticket.messages:
        if message.message_id == item.message_id and message.direction == "out":
            after = ticket.delivered(Act("system", session.now, "send"), message.key, delivery, detail or told)
            if delivery == "sent" and after is not ticket:
                after = as_asked(session, desk, after, message)
            if after is not ticket:
                desk.save(after)
            return
