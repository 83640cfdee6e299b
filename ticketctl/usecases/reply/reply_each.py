"""What each requester of a ticket reads of one reply: their own greeting, or their own language of the snippet."""

from __future__ import annotations

from ticketctl.domain.reply.several_requesters import greeted
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.usecases.reply.recipients import Addressing, Letter, letters
from ticketctl.usecases.reply.snippets import rendered
from ticketctl.usecases.session import Session


def texts(
    session: Session, ticket: Ticket, asked: Addressing, text: str, snippet: str
) -> tuple[tuple[Letter, str], ...]:
    """The mails of the reply, each with its text. Where `text` is what the snippet makes of the ticket, each has it as
    the snippet makes it for them; else it is greeted by name. Raises Refused, BadSnippet."""
    if not ticket.merged:
        return tuple((letter, text) for letter in letters(session, ticket, asked))
    agent = session.config.agent(session.actor)
    unchanged = bool(snippet) and _as_sent(rendered(session, ticket, snippet, agent).body) == text.strip()
    found = []
    for letter in letters(session, ticket, asked, "" if unchanged else text):
        own = letter.party.requester
        if unchanged:
            found.append((letter, _as_sent(rendered(session, letter.party, snippet, agent).body)))
        else:
            found.append((letter, greeted(text, ticket.requester, own)))
    return tuple(found)


def _as_sent(body: str) -> str:
    return body.strip()
