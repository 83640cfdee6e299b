"""Snippets on a ticket of the desk: rendered for whoever acts, or for a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ticketctl.domain.settings.settings import Agent
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.usecases.reply.signature import signature
from ticketctl.usecases.session import Session
from ticketctl.usecases.shown import shown

if TYPE_CHECKING:
    from ticketctl.content.snippets import Rendered


def rendered(
    session: Session,
    ticket: Ticket,
    name: str,
    agent: Agent | None = None,
    *,
    language: str = "",
    automatic: bool = False,
) -> Rendered:
    """In `language`, else the customer's, else the desk's. Without `agent` it is a rule that answers. Raises
    BadSnippet."""
    from ticketctl.content import snippets
    from ticketctl.content.snippet_values import context
    from ticketctl.usecases.customer.links import link_for  # here: it is needed where there are pages

    signed = agent is not None and not automatic and bool(signature(session, ticket, agent))
    link = link_for(session, ticket) if session.config.web.address else ""
    values = context(shown(session, ticket), session.config, session.now, agent, signed=signed, link=link)
    wanted = language or ticket.language or session.config.language
    return snippets.render(session.folder / "snippets", name, wanted, values, automatic=automatic)


def snippet_names(session: Session) -> list[str]:
    """Those that a reply may begin with, without counting how often each was used."""
    from ticketctl.content.snippets import names

    return sorted(names(session.folder / "snippets"))
