"""What is put below a person's reply, in the language of the ticket: the agent's own `signature:` in rules.yaml, else
`snippets/LANGUAGE/_signature.j2`."""

from __future__ import annotations

from ticketctl.domain.settings.settings import Agent
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.usecases.session import Session

DELIMITER = "-- "  # with its space (RFC 3676, 4.3): mail programs know by it what need not be quoted


def signature(session: Session, ticket: Ticket, agent: Agent | None = None) -> str:
    """Of that agent, else of the one who acts, for this ticket; "" for none. Raises BadSnippet."""
    from ticketctl.content import snippets
    from ticketctl.content.snippet_values import context

    agent = agent or session.config.agent(session.actor)
    language = ticket.language or session.config.language
    own = agent.signature if agent else {}
    text = own.get(language) or own.get("")
    if text is None:
        values = context(ticket, session.config, session.now, agent)
        text = snippets.signature(session.folder / "snippets", language, values)
    return "\n".join(line.rstrip() for line in text.strip("\n").splitlines()).rstrip()


def below_reply(session: Session, ticket: Ticket) -> str:
    """The signature of whoever acts, and below it `privacy: footer:`."""
    own, name = signature(session, ticket), session.config.privacy.footer
    if not name:
        return own
    from ticketctl.content import snippets
    from ticketctl.content.snippet_values import context

    language = ticket.language or session.config.language
    values = context(ticket, session.config, session.now)
    footer = snippets.partial(session.folder / "snippets", name, language, values)
    return "\n\n".join(filter(None, (own, footer)))


def signed(text: str, signature: str) -> str:
    """The text with the signature below it, unless it has one already, as a text that was written elsewhere may."""
    lines = [DELIMITER if line.rstrip() == "--" else line for line in text.rstrip().split("\n")]
    below = ["", DELIMITER, signature] if signature and DELIMITER not in lines else []
    return "\n".join([*lines, *below])
