"""What a reply does to its ticket, and what may stand in its way."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from ticketctl.domain.deadlines.promises import promise
from ticketctl.domain.reply.several_requesters import greeted, waits
from ticketctl.domain.reply.snippet_usage import snippet_of
from ticketctl.domain.ticket.message import Message
from ticketctl.domain.ticket.scheduling import CLOSE, STAY_OPEN, aside, scheduled, together
from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.ports.store import Desk
from ticketctl.usecases.automation.ticket_events import Happened, happened, tell
from ticketctl.usecases.outgoing.queue import ReplyMail, queue_reply
from ticketctl.usecases.outgoing.schedule import send_time, when_sent
from ticketctl.usecases.reply.check import attachment_objections, check_objections, checked
from ticketctl.usecases.reply.keep_draft import Answered, draft_of, taken, why
from ticketctl.usecases.reply.promise import promise_objections, promised_in, with_promise
from ticketctl.usecases.reply.recipients import Addressing, Letter, is_aside, letters, taking_part
from ticketctl.usecases.reply.request import ReplyRequest, wake_at_end
from ticketctl.usecases.reply.snippets import rendered
from ticketctl.usecases.reply.start import must_take_replies
from ticketctl.usecases.results import Done, Objected, Objection, Remark
from ticketctl.usecases.session import Session
from ticketctl.usecases.tickets.change import must_be_as_seen
from ticketctl.usecases.tickets.wait import DEFAULT_WAIT, names_day

if TYPE_CHECKING:
    from ticketctl.domain.reply.check import Hint


class Replied(Answered, frozen=True):
    """A reply that is committed to the outbox. `hints` are what the reply check noticed, where it was not accepted
    beforehand."""

    hints: tuple[Hint, ...] = ()


def reply(session: Session, request: ReplyRequest, *, keep: bool = True) -> Done[Replied]:
    """Commits the reply to the outbox; `send_due` sends it. Raises Objected for all that somebody must accept first;
    Refused for a ticket that takes no replies, was changed since `revision`, or a text that a strict check refuses;
    NoSuchTicket, NotAllowed, Usage for a time that is not understood. `keep=False` changes nothing."""
    session.must("reply", keep=keep)
    request, hints, remarks = _accepted(session, request)
    blobs = nullcontext() if keep else session.store.blobs.together(keep=False)
    with session.store.transaction(keep=keep) as desk, blobs:
        before = desk.get(request.ticket)
        after, outcome = _replied(session, desk, before, request)
        after = desk.save(after)
        tell(session, desk)
    return Done(after.number, Replied(before, after, hints), (*remarks, *outcome))


def _accepted(session: Session, request: ReplyRequest) -> tuple[ReplyRequest, tuple[Hint, ...], tuple[Remark, ...]]:
    """With what the text promises, the hints, and remarks. Raises Objected for all of the text that was not accepted:
    a forgotten attachment, warnings of the reply check, a promised date."""
    number, text, leaving = request.ticket, request.text, when_sent(session, request.later)
    hints = checked(session, number, text, request.check, asked=request.hints or "check_warning" not in request.accept)
    found: list[Objection] = [] if request.files else attachment_objections(number, text)
    found += check_objections(session, number, text, hints, request.check)
    found += [] if "promise_found" in request.accept else promise_objections(leaving, request)
    if left := [one for one in found if one.code not in request.accept]:
        raise Objected(*left)
    at = request.promised_at or promised_in(leaving, request)
    vain = request.promise == "auto" and at is None and not request.close
    return with_promise(request, at), hints, (Remark("no_promise", number),) if vain else ()


def _replied(session: Session, desk: Desk, ticket: Ticket, request: ReplyRequest) -> tuple[Ticket, tuple[Remark, ...]]:
    """The ticket with the reply. Raises Objected where somebody wrote since the writer saw it."""
    must_take_replies(session, ticket, request)
    must_be_as_seen(ticket, request.revision)
    if fresh := _unseen(session, ticket, request):
        raise Objected(_meanwhile(ticket.number, fresh))
    draft = draft_of(ticket, request)
    acting = session.act(why(request, draft))
    ticket = taken(session, ticket, acting)
    if draft is not None:
        ticket = ticket.redraft(acting, None, draft.key)
    return _queued(session, desk, ticket, request, acting)


def _unseen(session: Session, ticket: Ticket, request: ReplyRequest) -> list[Message]:
    """What was written since, and a writer wants to know of: a customer's message, a colleague's reply, note or
    draft."""
    if request.seen is None or "wrote_meanwhile" in request.accept:
        return []
    fresh = [one for one in ticket.messages if one.key not in request.seen]
    return [
        one for one in fresh if one.from_customer or (one.kind != "automatic" and one.author not in ("", session.actor))
    ]


def _meanwhile(number: int, messages: Sequence[Message]) -> Objection:
    who = ", ".join(dict.fromkeys(one.author or str(one.sender) for one in messages))
    facts = {"who": who, "messages": " ".join(one.key for one in messages)}
    return Objection("wrote_meanwhile", "somebody wrote meanwhile", number, facts)


def _queued(
    session: Session, desk: Desk, ticket: Ticket, request: ReplyRequest, acting: Act
) -> tuple[Ticket, tuple[Remark, ...]]:
    """The ticket with the reply in the outbox, a mail to each requester, and with what the reply does to it."""
    leaves_at = send_time(session, request.later)
    seen, keys, asides = ticket, list[str](), list[bool]()
    for letter, own_text in _texts(session, seen, request.asked, request.text, snippet_of(acting.why)):
        ticket = _with_letter(session, desk, ticket, letter, own_text, request, acting)
        keys.append(ticket.messages[-1].key)
        ticket = together(ticket, keys)
        asides.append(ticket.messages[-1].aside)
    if all(asides) or waits(ticket, [ticket.message(key) for key in keys]):
        request = _still_open(request)
    message, wake_at = ticket.message(keys[0]), wake_at_end(session, request)
    ticket = _promised(ticket, request, acting)
    if leaves_at is not None:
        return _scheduled(ticket, keys, request, leaves_at, acting), ()
    if request.close:
        ticket = ticket.close(acting, cause=request.cause, lesson=request.lesson)
    elif wake_at:
        named = bool(request.wait) and names_day(session, request.wait)
        ticket = ticket.wait(acting, wake_at, named=named)
    outcome = happened(session, desk, ticket, "agent_reply", message)
    closed = happened(session, desk, outcome.ticket, "closed") if request.close else Happened(outcome.ticket)
    return closed.ticket, (*outcome.remarks, *closed.remarks)


def _promised(ticket: Ticket, request: ReplyRequest, acting: Act) -> Ticket:
    """A ticket that something is promised on does not go on waiting, unless that is asked for."""
    if request.promised_at is None:
        return ticket
    ticket = promise(ticket, acting, request.promised_at)
    return ticket.wake(acting) if ticket.status == "waiting" and not request.wait else ticket


def _with_letter(
    session: Session, desk: Desk, ticket: Ticket, letter: Letter, text: str, request: ReplyRequest, acting: Act
) -> Ticket:
    written, leaves_at = letter.written, send_time(session, request.later)
    here = "here" in session.medium_of(written.to[0].medium).can  # it is read as soon as it is stored
    ticket = taking_part(session, ticket, acting, written)
    ticket = queue_reply(
        session,
        desk,
        ticket,
        ReplyMail(
            text=text,
            to=written.to,
            cc=written.cc,
            bcc=written.bcc,
            reply_to=written.reply_to,
            files=request.files,
            not_before=leaves_at or (session.now + request.undo if request.undo and not here else None),
            scheduled=leaves_at is not None,
        ),
        act=acting,
        party=letter.party,
    )
    return aside(ticket, ticket.messages[-1].key) if is_aside(letter.party, written) else ticket


def _still_open(request: ReplyRequest) -> ReplyRequest:
    """A question to somebody else does not make the ticket wait for the customer, nor an answer to one of several who
    wait, unless that is asked for."""
    asked_for = request.wait or request.close
    return request if asked_for else msgspec.structs.replace(request, stay_open=True)


def _scheduled(ticket: Ticket, keys: Sequence[str], request: ReplyRequest, leaves_at: datetime, acting: Act) -> Ticket:
    """What the reply does to its ticket it does when the first of its mails is sent; what was learnt is noted now."""
    wait = CLOSE if request.close else STAY_OPEN if request.stay_open else request.wait or DEFAULT_WAIT
    for key in keys:
        ticket = scheduled(acting, ticket, key, leaves_at, wait if key == keys[0] else "")
    return ticket.explain(acting, cause=request.cause, lesson=request.lesson)


def _texts(
    session: Session, ticket: Ticket, asked: Addressing, text: str, snippet: str
) -> tuple[tuple[Letter, str], ...]:
    """The mails of the reply, each with its text: where `text` is what the snippet makes of the ticket, as the snippet
    makes it for each requester; else it is greeted by name. Raises Refused, BadSnippet."""
    if not ticket.merged:
        return tuple((letter, text) for letter in letters(session, ticket, asked))
    agent = session.config.agent(session.actor)
    unchanged = bool(snippet) and rendered(session, ticket, snippet, agent).body.strip() == text.strip()
    found = []
    for letter in letters(session, ticket, asked, "" if unchanged else text):
        own = letter.party.requester
        if unchanged:
            found.append((letter, rendered(session, letter.party, snippet, agent).body.strip()))
        else:
            found.append((letter, greeted(text, ticket.requester, own)))
    return tuple(found)
