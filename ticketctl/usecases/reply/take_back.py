"""Taking back a reply that still waits in the outbox: it is a draft again."""

from __future__ import annotations

from ticketctl.domain.changes.undo import one_draft
from ticketctl.domain.deadlines.promises import without_promise
from ticketctl.domain.reply.several_requesters import same_reply
from ticketctl.domain.ticket.scheduling import taken_back
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.errors import Refused
from ticketctl.usecases.outgoing.schedule import drop_taken_back, free
from ticketctl.usecases.results import Changed, Done
from ticketctl.usecases.session import Session


def take_back(session: Session, number: int, message: str = "") -> Done[Changed]:
    """The reply `message`, or the newest one, with all its mails. A ticket that only waited for the answer to it is
    open again. Raises Refused where somebody may have got it, NoSuchTicket."""
    session.must("reply")
    acting = session.act("take back")
    with session.store.transaction() as desk:
        before = desk.get(number)
        keys = _mails(before, message)
        if not free(desk, before).issuperset(keys):
            raise Refused("#{number}: somebody may have got the reply already", code="departed", number=number)
        after = before
        for key in keys:
            after = taken_back(acting, without_promise(acting, after, key), key)
        drop_taken_back(desk, before, after)
        if after.status == "waiting" and before.last(direction="out") in [before.message(key) for key in keys]:
            after = after.wake(acting)
        after = desk.save(one_draft(acting, after, keys))
    return Done(number, Changed(before, after))


def _mails(ticket: Ticket, key: str) -> list[str]:
    """The keys of the mails that the reply became, one to each requester."""
    replies = [one for one in ticket.messages if one.is_reply and key in ("", one.key)]
    if not replies:
        raise Refused("#{number} has no such reply", code="no_reply", number=ticket.number)
    return [one.key for one in same_reply(ticket, replies[-1])]
