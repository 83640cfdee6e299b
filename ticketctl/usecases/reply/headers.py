"""The headers of outgoing mail: from whom and to whom, with which subject, and which mail it answers."""

from __future__ import annotations

from email.utils import parseaddr

from ticketctl.domain.mail.auto_mail import Mail, classify, may_answer
from ticketctl.domain.mail.message_ids import answer_address
from ticketctl.domain.mail.writers import is_unanswerable
from ticketctl.domain.text.subjects import base_subject, ticket_number
from ticketctl.domain.ticket.message import MAIL, Message, Person
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.errors import NextStep, Refused, Usage
from ticketctl.usecases.session import Session

LOCAL_PART = 64  # characters before an "@" (RFC 5321, 4.5.3.1.1)
_NORDIC = frozenset({"sv", "da", "no", "nb", "nn"})


def own_address(session: Session) -> Person:
    """Who our mail is from; raises Usage where rules.yaml has no `outgoing:`."""
    if session.config.outgoing is None:
        raise Usage(
            "rules.yaml has no `outgoing:`; `outgoing: {maildir: data/sent, from: …}` is the simplest",
            code="no_outgoing",
        )
    name, address = parseaddr(session.config.outgoing.sender)
    return Person(address, name)


def own_sender(session: Session, medium: str) -> Person:
    """Who our messages of that medium are from; the account that sends them is its sink's."""
    return own_address(session) if medium == MAIL else Person("", session.config.name, medium)


def own_addresses(session: Session) -> frozenset[str]:
    """Addresses that lead back to us: those that we write from and want answers at, the mailboxes that we fetch, and
    those that rules.yaml names as ours."""
    users = [getattr(source, "user", "") for source in session.config.sources]
    answers = parseaddr(session.config.outgoing.reply_to)[1] if session.config.outgoing else ""
    sender = own_address(session).address if session.config.outgoing else ""
    named = (sender, answers, *users, *session.config.addresses, *session.config.lists)
    return frozenset(one.lower() for one in named if "@" in one)


def takes_answers(session: Session, person: Person) -> bool:
    """Whether an automatic answer may go to them at all."""
    address = person.address
    if person.medium != MAIL:
        return person.reachable and address not in own_addresses(session)
    mail = Mail(headers={}, sender=address, answer_to=address)
    if is_unanswerable(address, session.config.forms):
        return False
    return address not in own_addresses(session) and may_answer(mail, classify(mail))


def requester_of(ticket: Ticket) -> Person:
    """Raises Refused where the requester has no address to which anything can be sent."""
    if not ticket.requester.reachable:
        who = ticket.requester.address or ticket.requester.name or "the requester"
        raise Refused(
            "#{number}: {who} has no mail address; answer by telephone",
            code="no_mail_address",
            number=ticket.number,
            who=who,
            next_step=NextStep("note", ticket.number, then="keeps what was said"),
        )
    return ticket.requester


def answers_at(session: Session, number: int) -> tuple[Person, ...]:
    """Reply-To of mail about that ticket: `outgoing: reply_to:`, and with `plus_address:` a keyed address in front of
    whose "@" the ticket stands. Nobody where answers go to From."""
    outgoing = session.config.outgoing
    if outgoing is None or not (outgoing.reply_to or outgoing.plus_address):
        return ()
    name, address = parseaddr(outgoing.reply_to or outgoing.sender)
    if outgoing.plus_address and number:
        keyed = answer_address(number, address, session.key)
        if len(keyed.partition("@")[0]) <= LOCAL_PART:
            address = keyed
    return (Person(address, name),)


def reply_subject(ticket: Ticket, desk_language: str, *, with_number: bool = False) -> str:
    """ "SV: Trasig kanna", the customer's own words and nothing added: Gmail and Outlook start a new conversation where
    the subject changes, whatever the references say. Where we write first, or `with_number`, the number stands behind
    it."""
    subject = base_subject(ticket.subject)[:200].rstrip() or f"[#{ticket.number}]"
    if not any(message.direction == "in" and message.message_id for message in ticket.messages):
        return numbered(subject, ticket.number)
    subject = ("SV: " if (ticket.language or desk_language) in _NORDIC else "Re: ") + subject
    return numbered(subject, ticket.number) if with_number else subject


def numbered(subject: str, number: int) -> str:
    """With [#17] in it once, also where the snippet has it already."""
    return subject if ticket_number(subject) == number else f"{subject} [#{number}]"


def threading(ticket: Ticket, medium: str = "") -> tuple[str, tuple[str, ...]]:
    """In-Reply-To and References (RFC 5322, 3.6.4) of an answer by that medium ("": the requester's): the customer's
    newest mail, with all that it referred to; our own newest where the customer never wrote. Another medium knows by
    them in which room and thread."""
    parent = answered_mail(ticket, medium)
    return (parent.message_id, (*parent.references, parent.message_id)) if parent else ("", ())


def answered_mail(ticket: Ticket, medium: str = "") -> Message | None:
    """The customer's newest mail, else our own; None where there is neither. A customer of another medium is answered
    by what came by it; a mail to them answers no message of that."""
    medium = medium or ticket.requester.medium
    mails = [one for one in ticket.messages if one.message_id and one.direction != "internal"]
    there = [one for one in mails if one.channel == medium]
    mails = there if there or medium != ticket.requester.medium else mails
    return next((one for one in reversed(mails) if one.from_customer), mails[-1] if mails else None)
