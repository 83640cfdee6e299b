"""What the tickets of the last year made use of, for `rules check`."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from ticketctl.content.snippets import names
from ticketctl.domain.config import Config
from ticketctl.domain.reply.snippet_usage import snippet_of
from ticketctl.domain.rules import actions
from ticketctl.domain.rules.usage import MANY, Usage
from ticketctl.domain.ticket.query import Query
from ticketctl.usecases.session import Session

YEAR = timedelta(days=365)


def used(session: Session) -> Usage:
    """Nothing on a desk without tickets, which this does not make."""
    if not (session.folder / "data" / "desk.json").exists():
        return Usage()
    labels, values, snippets, count = set[str](), set[tuple[str, str]](), set[str](), 0
    with session.store.reading() as desk:
        for ticket in desk.find(Query(opened_from=session.now - YEAR), archive=True):
            count += 1
            labels |= {*ticket.labels}
            values |= {*ticket.fields.items()}
            snippets |= {name for one in ticket.messages if (name := snippet_of(one.why))}
    return Usage(tickets=count, labels=frozenset(labels), values=frozenset(values), snippets=frozenset(snippets))


def unused(config: Config, folder: Path, usage: Usage) -> list[str]:
    """Snippets that answered no ticket of a year, and that no rule sends."""
    if usage.tickets < MANY:
        return []
    sent = {one.snippet for rule in config.rules for one in rule.then if isinstance(one, actions.Reply)}
    sent |= {snippet for step in config.escalation for what, snippet in step.actions if what in ("reply", "draft")}
    return [
        f"snippets/{languages[0]}/{name}.j2:1:1: answered no ticket of the last year, and no rule sends it; delete it"
        for name, languages in names(folder).items()
        if name not in sent | usage.snippets
    ]
