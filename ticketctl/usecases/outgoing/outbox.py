"""The outbox: what is in it, one mail of it found by what people call it, and what a person decides about that."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from ticketctl.domain.ticket.delivery import retried
from ticketctl.domain.ticket.outbound import Outbound
from ticketctl.domain.ticket.scheduling import is_scheduled, of_ticket
from ticketctl.domain.ticket.ticket import Act
from ticketctl.errors import NextStep, NoSuchTicket, Refused, Usage
from ticketctl.ports.store import Desk
from ticketctl.usecases.outgoing.schedule import let_go
from ticketctl.usecases.outgoing.send import show_on_ticket
from ticketctl.usecases.session import Session

SHOWN_ID = 8
LONGEST_NUMBER = 7  # digits: longer is a mail's id, which has 32


class MailNamed(msgspec.Struct, frozen=True):
    """`which` is the ticket that it is a reply on (17, #17), or the first characters of the mail's id."""

    which: str


def outbox(session: Session) -> tuple[Outbound, ...]:
    """All of it, oldest first."""
    session.must("outbox")
    with session.store.reading() as desk:
        return tuple(sorted(desk.outbox(), key=lambda item: (item.queued_at, item.id)))


def release(session: Session, request: MailNamed, *, keep: bool = True) -> tuple[Outbound, ...]:
    """A reply that is held back or waits for its time may be sent now: its mails, one to each requester. Raises
    Refused where it was tried already, NoSuchTicket, Usage."""
    session.must("release", keep=keep)
    acting = session.act("outbox release")

    def released(desk: Desk, item: Outbound) -> None:
        if item.state not in ("queued", "held"):
            step = NextStep("send", more=item.id[:SHOWN_ID], given={"retry": True}, then="tries it again")
            raise Refused(
                "{mail} is {state}", code="mail_not_waiting", mail=item.id[:SHOWN_ID], state=item.state, next_step=step
            )
        if is_scheduled(item):
            let_go(session, desk, item, acting)
        else:
            desk.queue(retried(item))

    return _each(session, request, released, keep=keep)


def retry(session: Session, request: MailNamed, *, keep: bool = True) -> tuple[Outbound, ...]:
    """It may be sent again now, whatever became of it. Raises Refused where it is just being sent, NoSuchTicket,
    Usage."""
    session.must("retry", keep=keep)
    acting = session.act("send again")

    def again(desk: Desk, item: Outbound) -> None:
        if is_scheduled(item):
            let_go(session, desk, item, acting)
            return
        item = retried(item)
        desk.queue(item)
        show_on_ticket(session, desk, item)

    return _each(session, request, again, keep=keep)


def drop(session: Session, request: MailNamed, *, keep: bool = True) -> tuple[Outbound, ...]:
    """Out of the outbox for good: what was dropped, as it was. Raises Refused where it is just being sent,
    NoSuchTicket, Usage."""
    session.must("drop", keep=keep)
    acting = session.act("drop from the outbox")
    return _each(session, request, lambda desk, item: _dropped(session, desk, item, acting), keep=keep)


def found(desk: Desk, which: str) -> list[Outbound]:
    """The mail whose id begins so, or the mails of the only reply of the ticket 17 or #17, one to each requester.
    Raises NoSuchTicket where there is none, Usage where there are several."""
    number = which.removeprefix("#")
    if number.isdecimal() and len(number) <= LONGEST_NUMBER:
        items = of_ticket(desk.outbox(), int(number))
        if which.startswith("#") or items:
            return _only(items, which)
    return _only([item for item in desk.outbox() if item.id.startswith(which.lower())], which)


def _only(items: list[Outbound], which: str) -> list[Outbound]:
    if not items:
        step = NextStep("outbox", then="shows what there is")
        raise NoSuchTicket("no mail {which!r} in the outbox", code="no_such_mail", which=which, next_step=step)
    if len({(item.ticket, item.queued_at, item.kind == "reply" or item.id) for item in items}) > 1:
        ids = ", ".join(item.id[:SHOWN_ID] for item in items)
        text = "{which!r} may be {count} mails; write the id of one: {ids}"
        raise Usage(text, code="several_mails", which=which, count=len(items), ids=ids)
    return items


def _each(
    session: Session, request: MailNamed, change: Callable[[Desk, Outbound], None], *, keep: bool
) -> tuple[Outbound, ...]:
    with session.store.transaction(keep=keep) as desk, session.store.blobs.together(keep=keep):
        items = found(desk, request.which)
        for item in items:
            change(desk, item)
    return tuple(items)


def _dropped(session: Session, desk: Desk, item: Outbound, acting: Act) -> None:
    if item.state == "sending":
        raise Refused("{mail} is just being sent", code="being_sent", mail=item.id[:SHOWN_ID])
    desk.drop_outbound(item.id)
    if item.pending:
        failed = msgspec.structs.replace(item, state="failed")
        show_on_ticket(session, desk, failed, f"taken out of the outbox by {acting.actor}")
