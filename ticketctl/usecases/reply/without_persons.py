"""What was written to one customer, for others to read: without what tells of a person."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from ticketctl.content.snippets import sources
from ticketctl.domain.privacy.impersonal import Known, common_words, masked, names_of
from ticketctl.domain.reply.answers import PastAnswer, body, open_question
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.usecases.reply.past_answers import PastAnswers
from ticketctl.usecases.session import Session


class Impersonal(msgspec.Struct, frozen=True):
    """A question and the past answers to the like, with gaps where they tell of a person."""

    question: str
    answers: tuple[str, ...]


def begun_with(session: Session, chosen: PastAnswer) -> str:
    """What of a past answer a new reply begins with: no greeting, no signature, and a gap where it tells of a
    person. Raises NoSuchTicket."""
    with session.store.reading() as desk:
        ticket = desk.get(chosen.ticket)
    return masked(body(chosen.text), known_persons(session, [ticket]))


def impersonal(session: Session, found: PastAnswers) -> Impersonal:
    """Raises NoSuchTicket where one of them was deleted meanwhile."""
    with session.store.reading() as desk:
        tickets = [found.ticket, *(desk.get(one.ticket) for one in found.answers)]
    known = known_persons(session, tickets)
    question = masked(body(open_question(found.ticket)), known)
    return Impersonal(question, tuple(masked(body(one.text), known) for one in found.answers))


def known_persons(session: Session, tickets: Iterable[Ticket]) -> Known:
    """Who is on these tickets or of the team; the snippets and our own addresses are public."""
    config, tickets = session.config, list(tickets)
    team = [part for agent in config.team for part in (agent.name, agent.email.partition("@")[0])]
    texts = [message.text for ticket in tickets for message in ticket.messages]
    own = [*config.addresses, config.outgoing.sender if config.outgoing else "", config.name]
    public = "\n".join([*own, sources(session.folder / "snippets")])
    return Known(names=names_of(tickets, team), public=public, common=common_words(texts))
