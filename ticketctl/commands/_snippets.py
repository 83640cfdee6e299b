"""Snippets on a ticket of the desk: rendered for whoever acts, or for a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ticketctl.app import App
from ticketctl.commands._signature import signature
from ticketctl.domain.settings import Agent
from ticketctl.domain.ticket import Ticket

if TYPE_CHECKING:
    from ticketctl.present.snippets import Rendered


def rendered(
    app: App, ticket: Ticket, name: str, agent: Agent | None = None, *, language: str = "", automatic: bool = False
) -> Rendered:
    """In `language`, else the customer's, else the desk's. Without `agent` it is a rule that answers. Raises
    BadSnippet."""
    from ticketctl.present import snippets
    from ticketctl.present.snippet_values import context

    signed = agent is not None and not automatic and bool(signature(app, ticket, agent))
    values = context(ticket, app.config, app.now, agent, signed=signed)
    wanted = language or ticket.language or app.config.language
    return snippets.render(app.folder / "snippets", name, wanted, values, automatic=automatic)
