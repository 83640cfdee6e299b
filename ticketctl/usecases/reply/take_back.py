"""Taking back a reply that still waits in the outbox: it is a draft again. `undo` does so too, with what it undoes."""

from __future__ import annotations

import msgspec

from ticketctl.domain.changes.undo import one_draft
from ticketctl.domain.deadlines.promises import without_promise
from ticketctl.domain.reply.several_requesters import same_reply
from ticketctl.domain.ticket.outbound import Outbound
from ticketctl.domain.ticket.scheduling import takeable, taken_back
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.errors import NextStep, Refused
from ticketctl.ports.store import Desk
from ticketctl.usecases.outgoing.outbox import SHOWN_ID, found
from ticketctl.usecases.results import Changed, Done
from ticketctl.usecases.session import Session


class TakeBack(msgspec.Struct, frozen=True, kw_only=True):
    """The reply `message` on the ticket ("": its newest one) with all its mails; or `mail`, by what MailNamed calls
    it."""

    ticket: int = 0
    message: str = ""
    mail: str = ""


class TakenBack(Changed, frozen=True):
    """`keys` are of the mails that it was: drafts now, or one draft made of them."""

    keys: tuple[str, ...] = ()


def take_back(session: Session, request: TakeBack, *, keep: bool = True) -> Done[TakenBack]:
    """A ticket that only waited for the answer to it is open again. Raises Refused where somebody may have got it,
    NoSuchTicket, Usage for a mail that may be several."""
    session.must("take_back", keep=keep)
    acting = session.act("outbox cancel")
    with session.store.transaction(keep=keep) as desk:
        before, keys = _named(desk, request.mail) if request.mail else _newest(desk, request)
        after = before
        for key in keys:
            after = taken_back(acting, without_promise(acting, after, key), key)
        drop_taken_back(desk, before, after)
        if after.status == "waiting" and before.last(direction="out") in [before.message(key) for key in keys]:
            after = after.wake(acting)  # it waited for the answer to what nobody gets
        after = desk.save(one_draft(acting, after, keys))
    return Done(after.number, TakenBack(before, after, tuple(keys)))


def free(desk: Desk, ticket: Ticket) -> frozenset[str]:
    """The keys of its replies that can still be taken back: they wait in the outbox, and nobody has got them."""
    waiting = {item.message_id for item in desk.outbox() if takeable(item)}
    return frozenset(one.key for one in ticket.messages if one.is_reply and one.message_id in waiting)


def drop_taken_back(desk: Desk, before: Ticket, after: Ticket) -> None:
    """Out of the outbox what was a reply in `before` and is none in `after`: a draft, or part of one. Raises Refused
    where it is just being sent."""
    replies = {one.key for one in after.messages if one.is_reply}
    gone = {one.message_id for one in before.messages if one.is_reply and one.key not in replies}
    for item in list(desk.outbox()):
        if item.message_id in gone:
            if not takeable(item):
                raise Refused(
                    "#{number}: the reply is just being sent and cannot be taken back",
                    code="reply_just_sent",
                    number=before.number,
                )
            desk.drop_outbound(item.id)


def _named(desk: Desk, which: str) -> tuple[Ticket, list[str]]:
    """The ticket, and the keys of the mails that are called so."""
    items = [_must_be_free(item) for item in found(desk, which)]
    ticket = desk.get(desk.find_message(items[0].message_id) or items[0].ticket)
    ids = {item.message_id for item in items}
    return ticket, [one.key for one in ticket.messages if one.message_id in ids]


def _must_be_free(item: Outbound) -> Outbound:
    name = item.id[:SHOWN_ID]
    if item.kind != "reply":
        step = NextStep("send", more=name, given={"drop": True}, then="takes it out of the outbox")
        raise Refused("{mail} is not a reply", code="not_a_reply", mail=name, next_step=step)
    if not takeable(item):
        raise Refused(
            "{mail} is {state}: somebody may have got it already", code="mail_departed", mail=name, state=item.state
        )
    return item


def _newest(desk: Desk, request: TakeBack) -> tuple[Ticket, list[str]]:
    """The ticket, and the keys of the mails that the reply became, one to each requester."""
    ticket = desk.get(request.ticket)
    replies = [one for one in ticket.messages if one.is_reply and request.message in ("", one.key)]
    if not replies:
        raise Refused("#{number} has no such reply", code="no_reply", number=ticket.number)
    keys = [one.key for one in same_reply(ticket, replies[-1])]
    if not free(desk, ticket).issuperset(keys):
        raise Refused("#{number}: somebody may have got the reply already", code="departed", number=ticket.number)
    return ticket, keys
