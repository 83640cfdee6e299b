"""A text as a draft: because that was asked for, or because what was written could not be sent and must not be lost."""

from __future__ import annotations

from typing import Literal

import msgspec

from ticketctl.domain.reply.snippet_usage import snippet_of
from ticketctl.domain.ticket.message import Message
from ticketctl.domain.ticket.scheduling import STAY_OPEN
from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.ports.store import Desk
from ticketctl.usecases.automation.ticket_events import tell
from ticketctl.usecases.outgoing.queue import ReplyMail, with_draft
from ticketctl.usecases.people import away
from ticketctl.usecases.reply.recipients import drafted
from ticketctl.usecases.reply.request import ReplyRequest
from ticketctl.usecases.reply.start import must_take_replies
from ticketctl.usecases.results import Changed, Done
from ticketctl.usecases.session import Session
from ticketctl.usecases.tickets.change import must_be_as_seen


class Answered(Changed, frozen=True):
    """A ticket with a reply or a draft."""

    @property
    def taken(self) -> bool:
        """It was nobody's, and is the writer's by it."""
        return bool(self.after.assignee) and not self.before.assignee


FROM_SNIPPET = "reply with snippet "


class Kept(msgspec.Struct, frozen=True):
    """Where a text is that could not be sent: the draft on ticket `number` (after a merge, the one that it went into),
    or in the reply that was queued all the same."""

    number: int
    how: Literal["draft", "queued"]


def keep_draft(session: Session, request: ReplyRequest) -> Done[Answered]:
    """The text as a draft on the ticket. Raises Refused for a ticket that takes no replies, NoSuchTicket."""
    session.must("reply")
    with session.store.transaction() as desk:
        before = desk.get(request.ticket)
        must_take_replies(session, before, request)
        must_be_as_seen(before, request.revision)
        acting = session.act(why(request, draft_of(before, request)))
        after = desk.save(_drafted(session, taken(session, before, acting), request, acting))
        tell(session, desk)
    return Done(after.number, Answered(before, after))


def keep_text(session: Session, request: ReplyRequest) -> Kept:
    """What was written as a draft, after any trouble: wherever the ticket is now, closed or merged, and not twice.
    Raises TicketctlError or OSError where not even that can be stored."""
    with session.store.transaction() as desk:
        ticket = _where_it_is(desk, request.ticket)
        if ticket.number != request.ticket:
            request = msgspec.structs.replace(request, draft="")
        if any(one.text == request.text and one.at == session.now and one.is_reply for one in ticket.messages):
            return Kept(ticket.number, "queued")
        session.must("reply")
        desk.save(_drafted(session, ticket, request, session.act("reply that was not sent")))
    return Kept(ticket.number, "draft")


def draft_of(ticket: Ticket, request: ReplyRequest) -> Message | None:
    """The message that the request goes on with, where it is there still."""
    return next((one for one in ticket.messages if one.key == request.draft), None)


def taken(session: Session, ticket: Ticket, acting: Act) -> Ticket:
    """Who answers an unassigned ticket takes it, unless they are away."""
    if ticket.assignee or not session.config.agent(session.actor) or session.actor in away(session):
        return ticket
    return ticket.assign(acting, session.actor)


def why(request: ReplyRequest, draft: Message | None) -> str:
    """Which snippet answered a ticket is what `triage --suggest` learns from; a draft remembers its own."""
    name = request.snippet or (snippet_of(draft.why) if draft is not None else "")
    return f"{FROM_SNIPPET}{name}" if name else "reply"


def _where_it_is(desk: Desk, number: int) -> Ticket:
    ticket = desk.get(number)
    while ticket.merged_into:
        ticket = desk.get(ticket.merged_into)
    return ticket


def _drafted(session: Session, ticket: Ticket, request: ReplyRequest, acting: Act) -> Ticket:
    """The ticket with the text as a draft, which keeps who gets copies and when the ticket comes back."""
    wait = STAY_OPEN if request.stay_open else request.wait
    kept = drafted(session, ticket, request.asked)
    draft = draft_of(ticket, request)
    mail = ReplyMail(text=request.text, to=kept.to, cc=kept.cc, bcc=kept.bcc)
    return with_draft(session, ticket, mail, acting, draft, wait=wait)
