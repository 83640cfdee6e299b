"""Builds outgoing mail and puts it into the outbox: replies, automatic answers, notices, reports. Sends nothing.

Each function is given the desk of an open transaction and queues into it; the bytes are in the blobs before that
commits, so that what the outbox names is there. What comes back is the ticket as it is to be saved. `send.py` sends the
mail.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NamedTuple

import msgspec

from ticketctl.content.times import zone
from ticketctl.content.words import transcript
from ticketctl.domain.chat.state import is_chat
from ticketctl.domain.chat.view import visible
from ticketctl.domain.mail.mail_loops import loop_token
from ticketctl.domain.mail.message_ids import NOTICE, make_message_id
from ticketctl.domain.ticket.message import MAIL, Attachment, Message, Person, door
from ticketctl.domain.ticket.outbound import Outbound, OutboundKind
from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.errors import Refused, Usage
from ticketctl.ports.channels_draft import Draft, File, Picture
from ticketctl.ports.medium import Medium, Unsafe
from ticketctl.ports.store import Desk
from ticketctl.usecases.automation import rate_limit
from ticketctl.usecases.reply.headers import (
    answered_mail,
    answers_at,
    numbered,
    own_address,
    own_sender,
    reply_subject,
    requester_of,
    takes_answers,
    threading,
)
from ticketctl.usecases.reply.signature import below_reply, signed
from ticketctl.usecases.reply.snippets import rendered
from ticketctl.usecases.session import Session
from ticketctl.usecases.shown import shown, shown_text


class Unfilled(Refused):
    """An automatic answer with places that a person should fill in; the message names them."""


PUSH = "notify"  # the medium of short notices to the team


class Timing(NamedTuple):
    """Outbound.next_at and Outbound.leaves_at of a mail that does not leave at once."""

    next_at: datetime | None = None
    leaves_at: datetime | None = None


AT_ONCE = Timing()


class ReplyMail(msgspec.Struct, frozen=True, kw_only=True):
    """What a person has written, to the requester unless `to` says otherwise. With `scheduled` it is held back if
    somebody writes before `not_before`."""

    text: str
    to: tuple[Person, ...] = ()
    cc: tuple[Person, ...] = ()
    bcc: tuple[Person, ...] = ()
    reply_to: tuple[Person, ...] = ()
    files: tuple[File, ...] = ()
    not_before: datetime | None = None
    scheduled: bool = False


class AutomaticAnswer(msgspec.Struct, frozen=True):
    """`allowed` is what intake found out of the mail itself (Inbound.may_answer)."""

    snippet: str
    allowed: bool
    kind: Literal["acknowledgement", "automatic"] = "acknowledgement"


class _OnTicket(NamedTuple):
    """A mail that becomes a message of its ticket; `text` is what was written, without the signature that the draft may
    have below it."""

    draft: Draft
    kind: OutboundKind
    text: str
    language: str
    timing: Timing = AT_ONCE


def queue_reply(
    session: Session, desk: Desk, ticket: Ticket, mail: ReplyMail, *, act: Act, party: Ticket | None = None
) -> Ticket:
    """A person's reply; raises Refused where it cannot be written. `party` is the ticket as they know it: their
    subject, thread and language."""
    party = party or ticket
    to = mail.to or (requester_of(party),)
    medium = _medium_of(session, ticket.number, (*to, *mail.cc, *mail.bcc))
    in_reply_to, references = threading(party, medium.name)
    subject = reply_subject(shown(session, party), session.config.language, with_number=_numbers_subjects(session))
    draft = Draft(
        sender=own_sender(session, medium.name),
        to=to,
        cc=mail.cc,
        bcc=mail.bcc,
        reply_to=mail.reply_to,
        message_id=_message_id(session, ticket.number, medium.name),
        date=act.at,
        subject=subject if "subject" in medium.can else "",
        text=_below(session, party, mail.text) if "signature" in medium.can else mail.text,
        in_reply_to=in_reply_to,
        references=references,
        files=mail.files,
    )
    timing = Timing(mail.not_before, mail.not_before if mail.scheduled else None)
    return _queue_on(session, desk, ticket, _OnTicket(draft, "reply", mail.text, party.language, timing), act)


def _below(session: Session, party: Ticket, text: str) -> str:
    """The text of a mail with the signature, and with what was said before where that was in a chat."""
    text = signed(text, below_reply(session, party))
    if not is_chat(party):
        return text
    config = session.config
    said = visible(shown(session, party), party.requester.address)
    return text + transcript(said, language=party.language or config.language, here=zone(config.timezone))


def queue_acknowledgement(
    session: Session, desk: Desk, ticket: Ticket, answer: AutomaticAnswer, *, act: Act, party: Ticket | None = None
) -> Ticket | None:
    """An automatic answer to the requester (of `party`, the ticket as one of several knows it), or None where none may
    go: to machine mail and addresses that read none, to ourselves, a second one to a mailbox within 24 hours, or past
    the cap of its domain or the desk's. It holds no word of the sender's: their name and subject are left out. Raises
    BadSnippet, and Unfilled for what has a place left to fill in."""
    party = party or ticket
    address = party.requester.address
    if not (answer.allowed and takes_answers(session, party.requester)):
        return None
    if not rate_limit.may_answer(session, desk, address):
        rate_limit.note_held(session, desk, party)
        return None
    draft = _automatic(session, party, answer.snippet, act)
    ticket = _queue_on(session, desk, ticket, _OnTicket(draft, answer.kind, draft.text, party.language), act)
    rate_limit.note_answered(session, desk, address)
    return ticket


def queue_notice(
    session: Session,
    desk: Desk,
    to: Sequence[str],
    subject: str,
    body: str,
    kind: Literal["notification", "report"] = "notification",
    *,
    html: str = "",
) -> Outbound:
    """Mail to the team: an escalation, a report."""
    return queue_rich_notice(session, desk, to, RichText(subject=subject, text=body, html=html), kind)


def queue_links(session: Session, desk: Desk, address: str, said: tuple[str, str]) -> Outbound:
    """Mail to a customer about the pages of their tickets, subject and text: of no ticket, and nothing comes back for
    it."""
    draft = Draft(
        sender=own_address(session),
        to=(Person(address),),
        message_id=_message_id(session, 0, MAIL),
        date=session.now,
        subject=said[0],
        text=said[1],
        automatic="auto-replied",
        loop=loop_token(session.key),
    )
    return _queue(session, desk, draft, "automatic", ticket=0)


class RichText(msgspec.Struct, frozen=True, kw_only=True):
    """What a mail to the team says, as text and, where it has that, as HTML with `pictures`."""

    subject: str
    text: str
    html: str = ""
    pictures: tuple[Picture, ...] = ()


def queue_rich_notice(
    session: Session, desk: Desk, to: Sequence[str], said: RichText, kind: Literal["notification", "report"]
) -> Outbound:
    return _queue(session, desk, notice_draft(session, to, said), kind, ticket=0)


def queue_push(session: Session, desk: Desk, target: str, title: str, text: str) -> Outbound:
    """A short notice to a target of `notify:`."""
    draft = Draft(
        sender=own_sender(session, PUSH),
        to=(Person(target, medium=PUSH),),
        message_id=f"{NOTICE}{session.new_id()}@{PUSH}.invalid",
        date=session.now,
        subject=title,
        text=text,
        automatic="auto-generated",
    )
    return _queue(session, desk, draft, "notification", ticket=0)


def notice_draft(session: Session, to: Sequence[str], said: RichText) -> Draft:
    """Raises Usage where rules.yaml names no address of our own."""
    return Draft(
        sender=own_address(session),
        to=tuple(Person(address) for address in to),
        message_id=_message_id(session, 0, MAIL),
        date=session.now,
        subject=shown_text(session, said.subject),
        text=shown_text(session, said.text),
        html=said.html,
        pictures=said.pictures,
        automatic="auto-generated",
        loop=loop_token(session.key),
    )


def must_wait(session: Session, desk: Desk, ticket: Ticket) -> bool:
    """Whether an automatic answer may go to the requester, only not yet: they, or the desk, had their share today."""
    address = ticket.requester.address
    return (
        (session.config.outgoing is not None or ticket.requester.medium != MAIL)
        and takes_answers(session, ticket.requester)
        and not rate_limit.may_answer(session, desk, address)
    )


def with_draft(
    session: Session, ticket: Ticket, mail: ReplyMail, act: Act, draft: Message | None = None, *, wait: str = ""
) -> Ticket:
    """The ticket with the mail as a draft, in the place of `draft` where that is still there."""
    there = draft is not None and any(one.key == draft.key and one.delivery == "draft" for one in ticket.messages)
    message = Message(
        key=draft.key if there and draft else ticket.next_key(),
        direction="out",
        kind="message",
        at=act.at,
        sender=own_sender(session, (mail.to or (ticket.requester,))[0].medium),
        author=act.actor,
        to=mail.to or (ticket.requester,),
        cc=mail.cc,
        bcc=mail.bcc,
        wait=wait,
        text=mail.text,
        attachments=draft.attachments if there and draft else (),
        why=act.why,
        delivery="draft",
    )
    return ticket.redraft(act, message, message.key) if there else ticket.write(act, message)


# --- inside ---


def _medium_of(session: Session, number: int, persons: Sequence[Person]) -> Medium:
    """That of all who are written to: nothing leaves by another. Raises Refused where they have several, or there can
    be no copies in theirs."""
    names = sorted({one.medium for one in persons})
    medium = session.medium_of(names[0])
    if len(names) > 1 or (len(persons) > 1 and "cc" not in medium.can):
        raise Refused(
            "#{number}: one message cannot go to {persons}; write to each of them",
            code="several_media",
            number=number,
            persons=", ".join(one.address for one in persons),
        )
    return medium


def _message_id(session: Session, number: int, medium: str) -> str:
    if medium != MAIL:
        return make_message_id(number, session.new_id(), session.key, f"{medium}.invalid")
    try:
        domain = session.medium.address(own_address(session).address).rpartition("@")[2]
    except Unsafe as error:
        raise Usage("rules.yaml: outgoing: from: {reason}", code="own_address_unsafe", reason=error) from None
    nonce = session.new_id()
    return make_message_id(number, nonce, session.key, domain) if number else f"{NOTICE}{nonce}@{domain}"


def _queue_on(session: Session, desk: Desk, ticket: Ticket, mail: _OnTicket, act: Act) -> Ticket:
    key, kind, text = ticket.next_key(), mail.kind, mail.text
    draft = _with_html(session, mail.language, mail.draft)
    item = _queue(session, desk, draft, kind, ticket=ticket.number, message=key, timing=mail.timing)
    message = Message(
        key=key,
        direction="out",
        kind="message" if kind == "reply" else "automatic",
        at=act.at,
        sender=draft.sender,
        author=act.actor,
        message_id=draft.message_id,
        to=draft.to,
        cc=draft.cc,
        bcc=draft.bcc,
        subject=draft.subject,
        text=text,
        whole=draft.text if draft.text != text else "",
        references=draft.references,
        attachments=tuple(_stored(session, file) for file in draft.files),
        raw=item.raw,
        language=mail.language or None,
        why=act.why,
        delivery="queued",
        channel=door(item.medium),
    )
    ticket = ticket.write(act, message)
    if session.config.web.address:
        from ticketctl.usecases.customer.links import note_links

        ticket = note_links(session, desk, ticket, draft.text, act)
    if item.next_at is None and "here" in session.medium_of(item.medium).can:
        desk.drop_outbound(item.id)  # nothing has to carry it anywhere
        return ticket.delivered(act, key, "sent")
    return ticket


def _with_html(session: Session, language: str, draft: Draft) -> Draft:
    may = "html" in session.medium_of(draft.to[0].medium).can
    if not (may and session.config.outgoing and session.config.outgoing.html):
        return draft
    from ticketctl.content.mail_html import mail_html

    return msgspec.structs.replace(draft, html=mail_html(draft.text, language or session.config.language))


def _queue(
    session: Session,
    desk: Desk,
    draft: Draft,
    kind: OutboundKind,
    *,
    ticket: int,
    message: str = "",
    timing: Timing = AT_ONCE,
) -> Outbound:
    medium = _medium_of(session, ticket, (*draft.to, *draft.cc, *draft.bcc))
    if draft.files and "attachments" not in medium.can:
        text = "#{number}: {medium} takes no files; nothing was sent"
        raise Refused(text, code="no_files_there", number=ticket, medium=medium.name)
    try:
        raw = medium.freeze(draft)
    except Unsafe as error:
        if not ticket:
            raise Refused("the mail cannot be written: {reason}", code="mail_unsafe", reason=error) from error
        raise Refused(
            "#{number}: the mail cannot be written: {reason}", code="reply_unsafe", number=ticket, reason=error
        ) from error
    item = Outbound(
        id=session.new_id(),
        kind=kind,
        message_id=draft.message_id,
        raw=session.store.blobs.put(raw),
        # RFC 3834: an automatic answer has the null return path, so that nothing comes back for it
        sender="" if draft.automatic == "auto-replied" else draft.sender.address,
        recipients=tuple(dict.fromkeys(person.address for person in (*draft.to, *draft.cc, *draft.bcc))),
        queued_at=draft.date,
        subject=draft.subject,
        ticket=ticket,
        message=message,
        next_at=timing.next_at,
        leaves_at=timing.leaves_at,
        medium=medium.name,
    )
    desk.queue(item)
    return item


def _stored(session: Session, file: File) -> Attachment:
    return Attachment(
        name=session.medium.file_name(file.name),
        type=file.type,
        size=len(file.data),
        sha256=session.store.blobs.put(file.data),
    )


def _numbers_subjects(session: Session) -> bool:
    return session.config.outgoing is not None and session.config.outgoing.number_in_subject


def _automatic(session: Session, ticket: Ticket, snippet: str, act: Act) -> Draft:
    from ticketctl.domain.reply.check import unfilled

    answer = rendered(session, ticket, snippet, automatic=True)
    if places := (*unfilled(answer.subject), *unfilled(answer.body)):
        raise Unfilled(
            "{snippet} is not sent: not filled in: {places}",
            code="not_filled_in",
            snippet=snippet,
            places=", ".join(one.found for one in places),
        )
    parent = answered_mail(ticket)
    answered = parent.message_id if parent else ""
    to = msgspec.structs.replace(ticket.requester, name="")
    medium = session.medium_of(to.medium)
    before = () if parent is None or medium.name == MAIL else parent.references  # of mail the nearest is enough
    return Draft(
        sender=own_sender(session, to.medium),
        to=(to,),
        message_id=_message_id(session, ticket.number, to.medium),
        date=act.at,
        subject=numbered(answer.subject, ticket.number) if "subject" in medium.can else "",
        text=answer.body,
        in_reply_to=answered,
        references=(*before, answered),
        reply_to=answers_at(session, ticket.number),
        automatic="auto-replied",
        loop=loop_token(session.key),
    )
