"""Filing a message: the ticket that it opens, or the ticket with it in it. Pure: what comes out is saved elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from ticketctl.domain.mail import forwarding
from ticketctl.domain.mail.threading import Placement, Policy, author_of, is_own
from ticketctl.domain.mail.writers import writer_of
from ticketctl.domain.text import language
from ticketctl.domain.text import quotes as quoting
from ticketctl.domain.text.ratings import Rating, rating_of
from ticketctl.domain.text.subjects import NO_SUBJECT, base_subject
from ticketctl.domain.text.thanks import is_thanks
from ticketctl.domain.ticket.message import PASSED_ON, Forwarded, Inbound, Kind, Message, Person
from ticketctl.domain.ticket.ticket import Act, Channel, Link, Ticket
from ticketctl.domain.ticket.timeline import asked_for_rating

UNPROVEN = "the address is as it was typed, and nothing proves whose it is"
NOBODY = Person("", "unknown sender")
FORWARDS = 5  # within one another
PARTICIPANTS = 30  # of one mail: a letter to hundreds makes nobody of them a party to the matter


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """A message on its way into a ticket. `at` is when it arrived, `fetched_at` when it came here if that is later,
    `source` the mailbox, `raw` the blob of its bytes, `note` what a person should know of it, `channel` the door."""

    inbound: Inbound
    at: datetime
    fetched_at: datetime | None = None
    source: str
    raw: str = ""
    note: str = ""
    channel: Channel = "email"


def open_ticket(number: int, arrival: Arrival, placement: Placement, policy: Policy) -> Ticket:
    """A new ticket with this message as its first, linked to those of the same conversation."""
    inbound = arrival.inbound
    first = _message("m1", arrival, placement, policy)
    act = Act("system", arrival.at, placement.why)
    passed_on = passed_on_by_agent(inbound, placement, policy)
    if passed_on is not None:
        first = _in_customers_words(first, passed_on, policy, _enclosed_text(inbound))
    elif offer := _offer(inbound, first, policy):
        first = msgspec.structs.replace(first, flagged=", ".join(filter(None, (first.flagged, offer))))
    ticket = Ticket(
        number=number,
        subject=(passed_on and base_subject(passed_on.subject)) or _subject(inbound),
        requester=first.sender,
        opened_at=arrival.at,
        channel=arrival.channel,
        language=first.language or "",
    )
    ticket = ticket.receive(act, first)
    if passed_on is not None and inbound.new_text.strip() and inbound.new_text.strip() not in passed_on.text:
        ticket = ticket.receive(act, _agents_words(ticket, arrival, policy))
    ticket = ticket.add_participants(act, _participants(inbound, policy))
    return _linked(ticket, act, placement.links)


def passed_on_by_agent(inbound: Inbound, placement: Placement, policy: Policy) -> Forwarded | None:
    """The customer's mail that an agent forwarded to the desk, for a ticket of the customer's; None for all others. Of
    forwards within forwards it is the first whose writer is not one of us."""
    if not placement.from_team or inbound.machine is not None:
        return None
    found = inbound.forwarded
    for _ in range(FORWARDS):
        if found is None or found.sender is None or not policy.is_ours(found.sender.address):
            break
        found = forwarding.unwrap(found.text, found.subject)
    return found if found and found.sender and "@" in found.sender.address else None


def _offer(inbound: Inbound, first: Message, policy: Policy) -> str:
    """Whose mail was passed on, where it may be meant as the ticket of that person; "" for none."""
    written = inbound.forwarded.sender if inbound.forwarded and first.kind == "message" else None
    if written is None or written.address == first.sender.address or policy.is_ours(written.address):
        return ""
    return f"{PASSED_ON}{written}"


def _enclosed_text(inbound: Inbound) -> str:
    """The whole text of a mail that was forwarded as an attachment; the text of the mail round it has none of that."""
    found = inbound.forwarded
    return found.text if found and found.references else ""


def _in_customers_words(message: Message, passed_on: Forwarded, policy: Policy, enclosed: str) -> Message:
    """What the customer wrote, with the whole mail still behind it. From is a claim: where our own mail server does not
    vouch for the agent, somebody looks twice."""
    sender = passed_on.sender or NOBODY
    proof = "" if policy.authserv_id else ", who is not verified"
    told = f"forwarded by {message.sender.address}{proof}"
    written = quoting.split(passed_on.text, passed_on.subject).new_text or passed_on.text
    return msgspec.structs.replace(
        message,
        sender=sender,
        text=written,
        whole="\n\n".join(filter(None, (message.whole or message.text, enclosed))),
        references=tuple(dict.fromkeys((*message.references, *passed_on.references))),
        language=language.detect(written[:600]) or message.language,
        flagged=", ".join(filter(None, (message.flagged, told))),
    )


def _agents_words(ticket: Ticket, arrival: Arrival, policy: Policy) -> Message:
    """What the agent wrote above it: a note."""
    inbound = arrival.inbound
    return Message(
        key=ticket.next_key(),
        direction="internal",
        kind="note",
        at=arrival.at,
        sender=author_of(inbound, policy) or NOBODY,
        text=inbound.new_text.strip(),
        source=(arrival.source,),
        why="written above what was forwarded",
    )


def join(ticket: Ticket, arrival: Arrival, placement: Placement, policy: Policy) -> Ticket:
    """The ticket with this message added. A mere thank-you wakes and reopens nothing, nor does a mere rating, or what a
    machine or agent sent."""
    inbound = arrival.inbound
    act = _act(ticket, arrival.at, placement.why)
    message = _message(ticket.next_key(), arrival, placement, policy)
    rating = _rating(ticket, message, inbound)
    ticket = ticket.receive(act, message, reopens=not (_only_thanks(inbound) or (rating and not rating.says_more)))
    if rating:
        ticket = ticket.rate(msgspec.structs.replace(act, why="rated by mail"), rating.value, rating.text)
    if message.from_customer:
        ticket = _spoken(ticket, act, message).add_participants(act, _participants(inbound, policy))
    return _linked(ticket, act, placement.links)


def _spoken(ticket: Ticket, act: Act, message: Message) -> Ticket:
    """In the language of the requester's first text that tells it; until then it was only guessed."""
    earlier = (one.language for one in ticket.messages if one.direction == "in" and one.key != message.key)
    told = message.language
    if not told or told == ticket.language or message.sender.address != ticket.requester.address or any(earlier):
        return ticket
    return ticket.changed(act, "language", ticket.language, told, language=told)


def _rating(ticket: Ticket, message: Message, inbound: Inbound) -> Rating | None:
    """Of the requester, to a question that we asked them, of a ticket that is closed, and without a file."""
    if not (ticket.closed and message.from_customer and message.sender.address == ticket.requester.address):
        return None
    asked = asked_for_rating(ticket, message.known_at) and all(one.inline for one in inbound.attachments)
    return rating_of(inbound.new_text) if asked else None


def _only_thanks(inbound: Inbound) -> bool:
    """Who sends a file with it sends what was asked for."""
    return is_thanks(inbound.new_text) and all(one.inline for one in inbound.attachments)


def link_back(ticket: Ticket, number: int, at: datetime) -> Ticket:
    """The other end of a link: what is closed stays as it is."""
    if ticket.closed or Link(number, "conversation") in ticket.links:
        return ticket
    return ticket.link(_act(ticket, at, "the same conversation"), number, "conversation")


def seen_again(ticket: Ticket, content: str, source: str) -> Ticket:
    """The ticket after the same mail came into another mailbox: one message, both mailboxes noted."""
    messages = tuple(
        msgspec.structs.replace(message, source=(*message.source, source))
        if message.content == content and source not in message.source
        else message
        for message in ticket.messages
    )
    return ticket if messages == ticket.messages else msgspec.structs.replace(ticket, messages=messages)


def kind_of(inbound: Inbound, placement: Placement, policy: Policy) -> Kind:
    """What an incoming message counts as. An agent's mail is a note: From is a claim, and no customer wrote."""
    if inbound.machine == "bounce":
        return "bounce"
    if inbound.machine is not None or is_own(inbound, policy):
        return "automatic"
    return "note" if placement.from_team and placement.number is not None else "message"


def _message(key: str, arrival: Arrival, placement: Placement, policy: Policy) -> Message:
    inbound = arrival.inbound
    kind = kind_of(inbound, placement, policy)
    text = inbound.new_text or inbound.text
    return Message(
        key=key,
        direction="internal" if kind == "note" else "in",
        kind=kind,
        at=arrival.at,
        sender=author_of(inbound, policy) or NOBODY,
        message_id=inbound.message_id,
        content=inbound.content,
        to=inbound.to,
        cc=inbound.cc,
        reply_to=_elsewhere(inbound, policy),
        subject=inbound.subject,
        text=text,
        whole=inbound.text if inbound.text != text else "",
        references=tuple(dict.fromkeys((*inbound.references, *inbound.in_reply_to))),
        attachments=inbound.attachments,
        raw=arrival.raw,
        source=(arrival.source,),
        machine=inbound.machine,
        language=inbound.language,
        why=placement.why,
        flagged=", ".join(filter(None, (placement.flagged, arrival.note))),
        nature=(*inbound.nature, *_written_for(inbound, policy), *_unproven(inbound, placement)),
        fetched_at=arrival.fetched_at,
        channel=arrival.channel,
    )


def _written_for(inbound: Inbound, policy: Policy) -> list[str]:
    writer = writer_of(inbound, policy)
    return [f"written through {writer.through.address}"] if writer and writer.through else []


def _unproven(inbound: Inbound, placement: Placement) -> list[str]:
    """Said once, of what opens a ticket."""
    return [UNPROVEN] if inbound.claimed and placement.number is None else []


def _elsewhere(inbound: Inbound, policy: Policy) -> tuple[Person, ...]:
    """Where the writer wants answers, if that is neither the writer nor ourselves. It is told and never followed by
    itself: with somebody else's address in From it leads an answer astray."""
    author = author_of(inbound, policy)
    known = author.address if author else ""
    return tuple(one for one in inbound.reply_to if one.address != known and not policy.is_ours(one.address))


def _subject(inbound: Inbound) -> str:
    first = next(iter((inbound.new_text or inbound.text).strip().splitlines()), "")
    return inbound.base_subject or first[:80].strip() or inbound.subject or NO_SUBJECT


def _participants(inbound: Inbound, policy: Policy) -> Iterable[Person]:
    """To whom else a person wrote: they may answer into the ticket. We and our agents are no parties."""
    if inbound.machine is not None:
        return []
    others = [one for one in (*inbound.to, *inbound.cc) if not policy.is_ours(one.address)]
    return others if len(others) <= PARTICIPANTS else []


def _linked(ticket: Ticket, act: Act, numbers: Iterable[int]) -> Ticket:
    for number in numbers:
        ticket = ticket.link(act, number, "conversation")
    return ticket


def _act(ticket: Ticket, at: datetime, why: str) -> Act:
    """History goes forward: what arrived before the last thing we did is noted right after that."""
    last = ticket.events[-1].at if ticket.events else at
    return Act("system", max(at, last), why)
