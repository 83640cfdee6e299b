"""Who gets a reply: the requester, or who is named instead; copies as `outgoing: participants:` and the request say.
Our own addresses are never among them: a reply to ourselves would come back as a message."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

import msgspec

from ticketctl.content.terminal import line
from ticketctl.domain.chat.state import is_chat, mail_of
from ticketctl.domain.mail.bounce_prose import ADDRESS
from ticketctl.domain.mail.writers import is_unanswerable
from ticketctl.domain.reply.several_requesters import readers
from ticketctl.domain.ticket.message import MAIL, Message, Person
from ticketctl.domain.ticket.parties import apart, parties, predecessors
from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.errors import NextStep, Refused, Usage
from ticketctl.usecases.people import person
from ticketctl.usecases.reply.headers import answers_at, own_addresses, requester_of
from ticketctl.usecases.session import Session


class Addressing(msgspec.Struct, frozen=True, kw_only=True):
    """Whom a request names. `via` is how the visitor of a chat is answered; "": there, and by mail once they have left,
    if they named an address."""

    to: tuple[Person, ...] = ()
    cc: tuple[Person, ...] = ()
    bcc: tuple[Person, ...] = ()
    reply_to: tuple[Person, ...] = ()
    to_all: bool = False
    only_requester: bool = False
    via: Literal["", "mail", "chat"] = ""


class Recipients(msgspec.Struct, frozen=True, kw_only=True):
    to: tuple[Person, ...]
    cc: tuple[Person, ...] = ()
    bcc: tuple[Person, ...] = ()
    reply_to: tuple[Person, ...] = ()

    @property
    def all(self) -> tuple[Person, ...]:
        return (*self.to, *self.cc, *self.bcc)


def addressing(
    session: Session,
    *,
    to: Sequence[str],
    cc: Sequence[str],
    bcc: Sequence[str],
    reply_to: str,
    to_all: bool,
    only_requester: bool,
) -> Addressing:
    """From addresses and names as people type them. Raises Usage for who has no mail address, and for our own
    addresses."""
    return Addressing(
        to=_persons(session, "to", to),
        cc=_persons(session, "cc", cc),
        bcc=_persons(session, "bcc", bcc),
        reply_to=(_mailbox(session, "reply_to", reply_to),) if reply_to else (),
        to_all=to_all,
        only_requester=only_requester,
    )


class Letter(NamedTuple):
    """One mail of a reply: to whom, in `party`, the ticket as its reader knows it."""

    party: Ticket
    written: Recipients


def letters(session: Session, ticket: Ticket, asked: Addressing, text: str = "") -> tuple[Letter, ...]:
    """The mails that a reply becomes: one to each requester (several after merges) who reads the language of `text`, so
    that none of them learns another's address; or the one to whom `to` names. Who is to get a copy is on the
    mail of their own conversation, else on the first. Raises Refused where nobody can be written to."""
    asked = _reached(session, ticket, asked)
    every = [one.ticket for one in parties(ticket)]
    if asked.to or asked.only_requester or len(every) == 1:
        party = next((one for one in every if _concerns(one, asked.to)), every[0]) if asked.to else every[0]
        return (Letter(party, recipients(session, party, asked)),)
    copied = {one.address for one in (*asked.cc, *asked.bcc)}
    wanted = [one.ticket for one in readers(ticket, text, spoken(session))]
    reached = [one for one in wanted if _is_read(session, one.requester)] or every[:1]
    reached = [one for one in reached if one.requester.address not in copied] or reached[:1]
    taken: set[str] = set()
    found: list[Letter] = []
    for party in reached:
        copies = _copies_of(party, reached, asked)
        written = recipients(session, party, copies)
        fresh = tuple(one for one in written.cc if one.address not in taken)
        taken |= {one.address for one in written.all}
        found.append(Letter(party, msgspec.structs.replace(written, cc=fresh)))
    return tuple(found)


def _reached(session: Session, ticket: Ticket, asked: Addressing) -> Addressing:
    """With the mail address of a chat's visitor, where they are to be written to there. Raises Refused where they named
    none."""
    if not is_chat(ticket) or asked.to or asked.via == "chat":
        return asked
    from ticketctl.usecases.chat.rooms import has_left  # here: few tickets are chats

    address = mail_of(ticket)
    if asked.via == "mail" and not address:
        raise Refused(
            "#{number}: the visitor of the chat named no mail address",
            code="chat_without_address",
            number=ticket.number,
        )
    if address and (asked.via == "mail" or has_left(session, ticket)):
        return msgspec.structs.replace(asked, to=(Person(address, ticket.requester.name),))
    return asked


def spoken(session: Session) -> frozenset[str]:
    """The languages that the desk has snippets in, and its own."""
    folders = {path.parent.name for path in (session.folder / "snippets").glob("*/*.j2")}
    return frozenset(folders | {session.config.language})


def _concerns(party: Ticket, to: Sequence[Person]) -> bool:
    """Whether one of them is its requester, or takes part in that conversation."""
    return any(party.takes_part(one.address) for one in to)


def _is_read(session: Session, person: Person) -> bool:
    return person.reachable and not is_unanswerable(person.address, session.config.forms)


def _copies_of(party: Ticket, reached: Sequence[Ticket], asked: Addressing) -> Addressing:
    """Of those who are to get copies, the ones for this mail."""

    def here(person: Person) -> bool:
        home = next((one for one in reached if one.takes_part(person.address)), reached[0])
        return home is party

    return msgspec.structs.replace(asked, cc=tuple(filter(here, asked.cc)), bcc=tuple(filter(here, asked.bcc)))


def recipients(session: Session, ticket: Ticket, asked: Addressing) -> Recipients:
    """Raises Refused where the requester has no mail address and nobody else is named, and where nobody reads what is
    sent there."""
    to = asked.to or (requester_of(ticket),)
    own = [one for one in _automatic(session, ticket, asked) if one.medium == to[0].medium == MAIL]
    copies = (*own, *named(ticket, asked))
    cc = _others(session, [one for one in copies if one in asked.cc or _is_read(session, one)], to)
    answers = asked.reply_to or answers_at(session, ticket.number)
    written = Recipients(to=to, cc=cc, bcc=_others(session, asked.bcc, (*to, *cc)), reply_to=answers)
    _must_be_read(session, ticket, written)
    return written


def _must_be_read(session: Session, ticket: Ticket, written: Recipients) -> None:
    """Raises Refused where it would go to an address whose mail nobody reads."""
    nobody = next((one.address for one in written.all if is_unanswerable(one.address, session.config.forms)), "")
    if nobody:
        instead = _named_in(session, ticket) or "ADDRESS"
        raise Refused(
            "#{number}: nobody reads mail to {address}; nothing was sent",
            code="nobody_reads_there",
            number=ticket.number,
            address=line(nobody),
            next_step=NextStep("reply", ticket.number, then="sends it to somebody who reads it", given={"to": instead}),
        )


def _named_in(session: Session, ticket: Ticket) -> str:
    """A mail address that the newest message from outside names in its text, as forms do; "" where it names none."""
    last = ticket.last(direction="in") or next((one for one in ticket.messages if one.direction == "in"), None)
    ours = own_addresses(session)
    found = (one.lower() for one in ADDRESS.findall((last.text if last else "")[:20_000]))
    return next((one for one in found if not _is_own(one, ours) and not is_unanswerable(one, session.config.forms)), "")


def drafted(session: Session, ticket: Ticket, asked: Addressing) -> Recipients:
    """Those that a draft keeps: whom the request names. Who asked last is looked at when it is sent."""
    to = asked.to or (ticket.requester,)
    cc = _others(session, named(ticket, asked), to)
    return Recipients(to=to, cc=cc, bcc=_others(session, asked.bcc, (*to, *cc)), reply_to=asked.reply_to)


def of_draft(draft: Message, ticket: Ticket, asked: Addressing) -> Addressing:
    """With the persons whom the draft names, where the request does not name others."""
    if asked.only_requester:
        return asked
    own_choice = () if draft.to == (ticket.requester,) else draft.to
    return msgspec.structs.replace(
        asked, to=asked.to or own_choice, cc=(*draft.cc, *asked.cc), bcc=(*draft.bcc, *asked.bcc)
    )


def taking_part(session: Session, ticket: Ticket, act: Act, written: Recipients) -> Ticket:
    """Whom we write to openly takes part from then on: their answer joins the ticket. Our team does so anyway."""
    team = {agent.email.lower() for agent in session.config.team}
    return ticket.add_participants(act, [one for one in (*written.to, *written.cc) if one.address not in team])


def is_aside(ticket: Ticket, written: Recipients) -> bool:
    """Whether it goes to neither the requester nor who asked last: no answer, the customer still waits for one. Whom a
    no-reply address writes for is known to us alone."""
    if is_unanswerable(ticket.requester.address):
        return False
    asked = ticket.last(direction="in")
    customers = {ticket.requester.address}
    if asked and asked.sender.address not in predecessors(ticket):
        customers |= {asked.sender.address, *(one.address for one in asked.reply_to)}
    if is_chat(ticket):
        customers.add(mail_of(ticket))
    return not any(one.address in customers for one in written.all)


def named(ticket: Ticket, asked: Addressing) -> tuple[Person, ...]:
    everybody = (ticket.requester, *met(ticket)) if asked.to_all else ()
    return (*asked.cc, *everybody)


def met(ticket: Ticket) -> tuple[Person, ...]:
    """The participants but for those whom the requester has never met."""
    strangers = apart(ticket)
    return tuple(one for one in ticket.participants if one.address not in strangers)


def _automatic(session: Session, ticket: Ticket, asked: Addressing) -> Iterable[Person]:
    """Who gets a copy without being named: by `participants:` all, or whoever asked last if they take part, or nobody.
    Where `to` names whom it is for, nobody."""
    outgoing = session.config.outgoing
    if asked.to or asked.only_requester or outgoing is None or outgoing.participants == "none":
        return ()
    if outgoing.participants == "all":
        return met(ticket)
    last = ticket.last(direction="in")
    return (last.sender,) if last and last.sender.address in {one.address for one in met(ticket)} else ()


def _others(session: Session, persons: Iterable[Person], taken: Sequence[Person]) -> tuple[Person, ...]:
    """Each once, without those that are among `taken`, have no address, or are ourselves."""
    ours = own_addresses(session)
    unique = {one.address: one for one in persons if "@" in one.address}
    gone = {one.address for one in taken}
    return tuple(one for address, one in unique.items() if address not in gone and not _is_own(address, ours))


def _is_own(address: str, ours: frozenset[str]) -> bool:
    """support+17@ is support@."""
    local, _, domain = address.rpartition("@")
    return address in ours or f"{local.partition('+')[0]}@{domain}" in ours


def _persons(session: Session, option: str, words: Sequence[str]) -> tuple[Person, ...]:
    found = {one.address: one for one in (_mailbox(session, option, word) for word in words)}
    own = next((address for address in found if _is_own(address, own_addresses(session))), "")
    if own:
        raise Usage(
            "{field}: {address} is an address of our own; what is sent there would come back as a message",
            code="own_address_as_recipient",
            field=option,
            address=own,
        )
    return tuple(found.values())


def _mailbox(session: Session, option: str, word: str) -> Person:
    """A colleague can be called by name."""
    agent = session.config.agent(word)
    found = Person(agent.email, agent.name) if agent else person(word)
    if not found.address or "@" not in found.address:
        raise Usage(
            "{field}: {word!r} is not a mail address; write 'Åsa Öberg <asa@example.se>'",
            code="not_an_address",
            field=option,
            word=word,
        )
    return found
