"""Links to the page of a ticket: `{{ ticket.link }}` in a snippet.

A link has 128 bits that the desk's key makes of ticket, customer and how often the ticket's links were taken back: the
same in all mails about a ticket, so that none of them stops working because another was sent. What is stored is their
sha256, with the ticket, a keyed hash of the customer's address and the day on which it ends, in the commit that queues
the mail; until then, and after that day, it opens nothing.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from hashlib import sha256

import msgspec

from ticketctl.domain.ticket.customer_view import CustomerView, view_of
from ticketctl.domain.ticket.message import Person
from ticketctl.domain.ticket.parties import parties
from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.errors import NoSuchTicket, Refused
from ticketctl.ports.store import Desk
from ticketctl.usecases.automation.rate_limit import pseudonym
from ticketctl.usecases.results import Done
from ticketctl.usecases.session import Session

LASTS = timedelta(days=90)  # since the last mail that had it
LINK, TAKEN_BACK = "link ", "relinked "  # facts: "link <sha256>" → _Link; "relinked <number>" → how often
ISSUED = "page"  # the event of a ticket's first link


class _Link(msgspec.Struct, frozen=True):
    ticket: int
    who: str
    until: datetime


class Opened(msgspec.Struct, frozen=True):
    """The ticket that a link opens, and what of it its holder may see."""

    ticket: Ticket
    view: CustomerView


class LinkIssued(msgspec.Struct, frozen=True):
    address: str
    until: datetime


def link_for(session: Session, ticket: Ticket, desk: Desk | None = None) -> str:
    """The address of the page of that ticket for its requester; "" where rules.yaml names no `web: address:`, or they
    have no mail address."""
    base = session.config.web.address
    if not base or not ticket.requester.reachable:
        return ""
    times = desk.recall(f"{TAKEN_BACK}{ticket.number}") if desk else _times(session, ticket.number)
    return f"{base}/t/{_token(session, ticket.number, ticket.requester, times)}"


def note_links(session: Session, desk: Desk, ticket: Ticket, text: str, act: Act) -> Ticket:
    """In the commit that queues a mail: the links in it open the page from now on. The ticket, with a line in its
    history where it had none before."""
    if not session.config.web.address or f"{session.config.web.address}/t/" not in text:
        return ticket
    found = [one.ticket for one in parties(ticket) if link_for(session, one.ticket, desk) in text]
    return issue(session, desk, ticket, [one.requester for one in found], act)


def issue(session: Session, desk: Desk, ticket: Ticket, persons: Iterable[Person], act: Act) -> Ticket:
    for key, value in list(desk.facts(LINK)):
        if msgspec.json.decode(value, type=_Link).until <= session.now:
            desk.remember(key, "")
    issued = False
    for person in persons:
        token = _token(session, ticket.number, person, desk.recall(f"{TAKEN_BACK}{ticket.number}"))
        link = _Link(ticket.number, pseudonym(session, person.address), session.now + LASTS)
        desk.remember(LINK + _digest(token), msgspec.json.encode(link).decode())
        issued = True
    known = any(event.what == ISSUED for event in ticket.events)
    return ticket.changed(act, ISSUED, "", "issued") if issued and not known else ticket


def open_link(session: Session, desk: Desk, token: str) -> Opened:
    """Raises NoSuchTicket for a token that is unknown, over or taken back, and for one whose customer has no part in
    the ticket any more: nobody can tell which."""
    value = desk.recall(LINK + _digest(token))
    link = msgspec.json.decode(value, type=_Link) if value else None
    if link is not None and session.now < link.until:
        number, ticket = link.ticket, None
        while number:
            ticket = _there(desk, number)
            number = ticket.merged_into if ticket else 0
        for party in parties(ticket) if ticket else ():
            address = party.ticket.requester.address
            if ticket and address and pseudonym(session, address) == link.who:
                view = view_of(ticket, address)
                if view is not None:
                    return Opened(ticket, view)
    raise NoSuchTicket("this link opens nothing, or no longer", code="no_link")


def issue_link(session: Session, number: int, *, keep: bool = True) -> Done[LinkIssued]:
    """For an agent who gives it to the customer. Raises NoSuchTicket, NotAllowed, Refused where there are no pages or
    the customer has no mail address."""
    session.must("page issue", keep=keep)
    with session.store.transaction(keep=keep) as desk:
        ticket = desk.get(number)
        address = link_for(session, ticket, desk)
        if not address or ticket.merged_into:
            text = "#{number} has no page: `web: address:` of rules.yaml, or the customer's mail address is missing"
            raise Refused(text, code="no_page", number=number)
        after = issue(session, desk, ticket, [ticket.requester], session.act("page"))
        if after is not ticket:
            desk.save(after)
    return Done(number, LinkIssued(address, session.now + LASTS))


def revoke_links(session: Session, number: int, *, keep: bool = True) -> Done[int]:
    """No link to that ticket works any more; how many there were. The next mail has a new one. Raises NoSuchTicket,
    NotAllowed."""
    session.must("page revoke", keep=keep)
    with session.store.transaction(keep=keep) as desk:
        ticket = desk.get(number)
        gone = _drop(desk, lambda link: link.ticket == number)
        times = int(desk.recall(f"{TAKEN_BACK}{number}") or 0) + 1
        desk.remember(f"{TAKEN_BACK}{number}", str(times))
        desk.save(ticket.changed(session.act("page"), ISSUED, "issued", ""))
    return Done(number, gone)


def forget_links(session: Session, desk: Desk, address: str) -> None:
    """Those of a person who is erased."""
    who = pseudonym(session, address)
    _drop(desk, lambda link: link.who == who)
    desk.remember(f"linked {who}", "")


def _drop(desk: Desk, meant: Callable[[_Link], bool]) -> int:
    keys = [key for key, value in desk.facts(LINK) if meant(msgspec.json.decode(value, type=_Link))]
    for key in keys:
        desk.remember(key, "")
    return len(keys)


def _there(desk: Desk, number: int) -> Ticket | None:
    try:
        return desk.get(number)
    except NoSuchTicket:
        return None


def _times(session: Session, number: int) -> str:
    key = f"{TAKEN_BACK}{number}"
    return session.store.facts(key).get(key, "")


def _token(session: Session, number: int, person: Person, times: str) -> str:
    text = f"link\n{number}\n{pseudonym(session, person.address)}\n{times}"
    digest = hmac.digest(session.key, text.encode(), "sha256")[:16]
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _digest(token: str) -> str:
    return sha256(token.encode("utf-8", "replace")).hexdigest()
