"""Somebody whose link is over asks for new ones: a mail with them goes to the address that they give, where we know it.
Nothing says whether we do."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from ticketctl.content.words import links_mail
from ticketctl.domain.mail.mail_loops import root_address
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.ports.store import Desk
from ticketctl.usecases.automation.rate_limit import is_restricted, pseudonym
from ticketctl.usecases.customer.links import issue, link_for
from ticketctl.usecases.outgoing.queue import queue_links
from ticketctl.usecases.reply.headers import takes_answers
from ticketctl.usecases.session import Session

ASKED = "linked "  # facts: "linked <pseudonym of the address>" → when it last got its links
APART = timedelta(hours=1)
MOST = 10  # tickets in a mail, the newest


def ask_links(session: Session, address: str, *, keep: bool = True) -> None:
    """Queues a mail with the links of the tickets of that address that are on the desk; at most one an hour to each.
    Raises what a commit raises."""
    session.must("page ask", keep=keep)
    if session.config.outgoing is None or not session.config.web.address:
        return
    with session.store.transaction(keep=keep) as desk:
        tickets = _tickets(desk, address.strip().lower())
        if tickets and _may(session, desk, tickets[0]):
            with session.store.blobs.together(keep=keep):
                _mail(session, desk, tickets)


def _tickets(desk: Desk, address: str) -> list[Ticket]:
    """The newest last."""
    root = root_address(address)
    found = [one for one in desk.find() if one.requester.address and root_address(one.requester.address) == root]
    return [one for one in found if not (one.merged_into or one.spam)][-MOST:]


def _may(session: Session, desk: Desk, ticket: Ticket) -> bool:
    for key, at in list(desk.facts(ASKED)):
        if session.now - datetime.fromisoformat(at) >= APART:
            desk.remember(key, "")
    person = ticket.requester
    if desk.recall(ASKED + pseudonym(session, person.address)) or is_restricted(desk, person.address):
        return False
    return takes_answers(session, person)


def _mail(session: Session, desk: Desk, tickets: list[Ticket]) -> None:
    zone, person = ZoneInfo(session.config.timezone), tickets[-1].requester
    lines = []
    for one in tickets:
        ticket = desk.get(one.number)
        after = issue(session, desk, ticket, [ticket.requester], session.act("asked for a link"))
        if after is not ticket:
            desk.save(after)
        lines.append((one.number, one.opened_at.astimezone(zone).date(), link_for(session, one, desk)))
    language = tickets[-1].language or session.config.language
    queue_links(session, desk, person.address, links_mail(lines, session.config.name, language))
    desk.remember(ASKED + pseudonym(session, person.address), session.now.isoformat())
