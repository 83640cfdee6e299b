"""Checks rules.yaml and the snippets: what is wrong, and what is probably not meant."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from ticketctl.content.snippets import names
from ticketctl.content.times import zone
from ticketctl.domain.config import Config
from ticketctl.domain.reply.snippet_usage import snippet_of
from ticketctl.domain.rules import actions
from ticketctl.domain.rules.usage import MANY, Usage
from ticketctl.domain.ticket.query import Query
from ticketctl.errors import Damaged
from ticketctl.usecases.rules.check_snippets import count_of, faults_of, warnings_of
from ticketctl.usecases.session import Session

YEAR = timedelta(days=365)


class Checked(msgspec.Struct, frozen=True):
    """Lines that begin with file and place. `rules` are the ids of the rules, `snippets` how many there are."""

    faults: tuple[str, ...]
    warnings: tuple[str, ...]
    rules: tuple[str, ...]
    snippets: int


def check_rules(session: Session) -> Checked:
    """Of rules.yaml as it is now, and of the snippets. Raises BadRules where rules.yaml itself has faults."""
    session.must("rules check")
    config, lint = session.app.lint_config(session.app)
    faults, usage = faults_of(session, config), used(session)
    today = session.now.astimezone(zone(config.timezone)).date()
    warnings = (*lint(usage, today), *warnings_of(session, config), *_unused(session, config, usage))
    return Checked(tuple(faults), warnings, tuple(rule.id for rule in config.rules), count_of(session))


def check_snippets(session: Session) -> Checked:
    """Of the snippets alone."""
    session.must("snippets check")
    config = session.config
    return Checked(tuple(faults_of(session, config)), tuple(warnings_of(session, config)), (), count_of(session))


def used(session: Session) -> Usage:
    """What the tickets of the last year made use of. A store that is damaged is for `doctor` to say."""
    labels, values, snippets, count = set[str](), set[tuple[str, str]](), set[str](), 0
    try:
        with session.store.reading() as desk:
            for ticket in desk.find(Query(opened_from=session.now - YEAR), archive=True):
                count += 1
                labels |= {*ticket.labels}
                values |= {*ticket.fields.items()}
                snippets |= {name for one in ticket.messages if (name := snippet_of(one.why))}
    except Damaged:
        return Usage()
    return Usage(tickets=count, labels=frozenset(labels), values=frozenset(values), snippets=frozenset(snippets))


def _unused(session: Session, config: Config, usage: Usage) -> list[str]:
    """Snippets that answered no ticket of a year, and that no rule sends."""
    if usage.tickets < MANY:
        return []
    sent = {one.snippet for rule in config.rules for one in rule.then if isinstance(one, actions.Reply)}
    sent |= {snippet for step in config.escalation for what, snippet in step.actions if what in ("reply", "draft")}
    return [
        f"snippets/{languages[0]}/{name}.j2:1:1: answered no ticket of the last year, and no rule sends it; delete it"
        for name, languages in names(session.folder / "snippets").items()
        if name not in sent | usage.snippets
    ]
