"""Beginning a reply: the text that stands there first, what a draft keeps, and what a writer should know before."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from ticketctl.content.times import zone
from ticketctl.domain.ticket.message import Message
from ticketctl.domain.ticket.parties import parties
from ticketctl.domain.ticket.scheduling import STAY_OPEN
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.errors import Refused
from ticketctl.ports.channels_draft import File
from ticketctl.usecases.outgoing.schedule import when_sent
from ticketctl.usecases.readings import note_reading
from ticketctl.usecases.reply.headers import own_address
from ticketctl.usecases.reply.presence import Writing, objections, writers
from ticketctl.usecases.reply.promise import due_time
from ticketctl.usecases.reply.recipients import Addressing, letters, of_draft
from ticketctl.usecases.reply.request import ReplyRequest, wake_at_end
from ticketctl.usecases.reply.snippets import rendered
from ticketctl.usecases.results import Objected, Remark
from ticketctl.usecases.session import Session
from ticketctl.usecases.tickets.change import stored_ticket
from ticketctl.usecases.tickets.close import check_cause, must_be_complete


class Started(msgspec.Struct, frozen=True):
    """`request` has the text to begin with, and what the draft keeps where it goes on with one; its `seen` ends with
    that draft: a draft that is sent unread is as old as its last change. `writers` are the others who write now."""

    request: ReplyRequest
    ticket: Ticket
    writers: tuple[Writing, ...] = ()
    remarks: tuple[Remark, ...] = ()

    def all_seen(self) -> ReplyRequest:
        """The request of somebody who has read the whole ticket."""
        return msgspec.structs.replace(self.request, seen=frozenset(one.key for one in self.ticket.messages))


def start(session: Session, request: ReplyRequest) -> Started:
    """Where the request has neither text nor snippet it goes on with the newest draft. Raises Refused for a ticket that
    takes no replies, Usage for a time that has passed since it was drafted, BadSnippet, NoSuchTicket, and Objected
    where somebody else is writing to that customer."""
    ticket = stored_ticket(session, request.ticket)
    must_take_replies(session, ticket, request)
    draft = _own_draft(session, ticket, request)
    if not request.text:
        note_reading(session, "reply", ticket)
    remarks = (*_waiting(session, ticket), *_asked_elsewhere(ticket, request.asked))
    keys = [one.key for one in ticket.messages]
    if draft is not None:
        request = _with_draft(session, draft, ticket, request)
        keys = keys[: keys.index(draft.key) + 1]
    wake_at_end(session, request)
    request = msgspec.structs.replace(
        request,
        text=_first_text(session, ticket, request, draft),
        seen=frozenset(keys),
        draft=draft.key if draft else "",
    )
    others = tuple(writers(session, ticket.number))
    if others and "someone_writing" not in request.accept:
        raise Objected(*objections(session, others))
    return Started(request, ticket, others, remarks)


def check_request(session: Session, request: ReplyRequest) -> None:
    """What is wrong with the request whatever the text becomes. Raises Usage for an unknown cause or a time that is not
    understood, or where rules.yaml has no `outgoing:`; NotAllowed."""
    session.must("reply")
    check_cause(session, request.cause)
    own_address(session)
    wake_at_end(session, request)
    if request.promise not in ("", "none", "auto"):
        due_time(when_sent(session, request.later), request.promise)


def must_take_replies(session: Session, ticket: Ticket, request: ReplyRequest) -> None:
    """Raises Refused: merged away, closed, nobody to write to, or not to be closed yet."""
    if ticket.merged_into:
        raise Refused(
            "#{number} was merged into #{target}; reply there",
            code="reply_to_merged",
            number=ticket.number,
            target=ticket.merged_into,
        )
    ticket.must_not_be_closed()
    letters(session, ticket, request.asked)
    if request.close:
        must_be_complete(session, ticket)


def text_to_check(session: Session, request: ReplyRequest) -> str:
    """The text with which a reply would begin, whatever the ticket's state; "" where there is none."""
    ticket = stored_ticket(session, request.ticket)
    return _first_text(session, ticket, request, _own_draft(session, ticket, request)).strip()


def _own_draft(session: Session, ticket: Ticket, request: ReplyRequest) -> Message | None:
    """The newest draft of one's own on the ticket, else the newest of all, unless another text is given."""
    if request.text or request.snippet:
        return None
    drafts = [one for one in ticket.messages if one.delivery == "draft"]
    return max(drafts, key=lambda one: (one.author == session.actor, one.at), default=None)


def _first_text(session: Session, ticket: Ticket, request: ReplyRequest, draft: Message | None) -> str:
    if request.text or draft is not None:
        return request.text or (draft.text if draft else "")
    if not request.snippet:
        return ""
    return rendered(session, ticket, request.snippet, session.config.agent(session.actor)).body


def _with_draft(session: Session, draft: Message, ticket: Ticket, request: ReplyRequest) -> ReplyRequest:
    """With what was asked for when the draft was written, where the request does not say otherwise."""
    files = tuple(
        File(name=one.name, data=session.store.blobs.get(one.sha256), type=one.type) for one in draft.attachments
    )
    asked = of_draft(draft, ticket, request.asked)
    request = msgspec.structs.replace(request, asked=asked, files=(*files, *request.files))
    if request.wait or request.stay_open or request.close or not draft.wait:
        return request
    if draft.wait == STAY_OPEN:
        return msgspec.structs.replace(request, stay_open=True)
    return msgspec.structs.replace(request, wait=draft.wait)


def _waiting(session: Session, ticket: Ticket) -> Iterator[Remark]:
    """Other replies that wait for their time."""
    for one in ticket.messages:
        if one.leaves_at is not None and one.is_reply:
            facts = {
                "author": one.author,
                "message": one.key,
                "when": one.leaves_at.astimezone(zone(session.config.timezone)),
            }
            yield Remark("reply_held" if one.delivery == "held" else "reply_waits", ticket.number, facts)


def _asked_elsewhere(ticket: Ticket, asked: Addressing) -> Iterator[Remark]:
    """That a requester asks for answers elsewhere, where nobody is named. It is for a person to decide: From is a
    claim, and who forges it wants the answer elsewhere."""
    for party in (one.ticket for one in parties(ticket)):
        last = party.last(direction="in")
        if not asked.to and last and last.reply_to and last.sender.address == party.requester.address:
            facts = {"sender": last.sender.address, "there": last.reply_to[0].address}
            yield Remark("answers_elsewhere", party.number, facts)
