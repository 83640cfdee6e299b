"""Mails about notes that name somebody, and about tickets that somebody watches by mail.

They are remembered in the desk, and are sent with the next escalation, in the one mail that each agent gets of a
run.
"""

from __future__ import annotations

from ticketctl.content.escalation import Notice, named, watched
from ticketctl.content.terminal import line, shortened
from ticketctl.domain.ticket.mentions import MENTIONED, mentions
from ticketctl.domain.ticket.news import is_news
from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.errors import NoSuchTicket
from ticketctl.ports.store import Desk
from ticketctl.usecases.people import away, meant
from ticketctl.usecases.session import Session

NAMED, WATCHED = "mention ", "watching "  # facts: "mention bo 17 m4" → who wrote; "watching bo 17" → events seen
_TEXT = 200


def mention(session: Session, desk: Desk, ticket: Ticket, act: Act, text: str) -> tuple[Ticket, list[str]]:
    """The ticket whose newest message is a note with `text`, with whom it names, and those who are told: for somebody
    away their stand-in too."""
    key, absent = ticket.messages[-1].key, away(session)
    told: dict[str, None] = {}
    for name in mentions(text, [agent.name for agent in session.config.team]).agents:
        if name == act.actor:
            continue
        told.update(dict.fromkeys(one for one in (name, absent.get(name, "")) if one and one != act.actor))
    for name in told:
        ticket = ticket.changed(act, MENTIONED, key, name)
        if session.config.outgoing and name not in absent:
            desk.remember(f"{NAMED}{name} {ticket.number} {key}", act.actor)
    return ticket, list(told)


def unknown_names(session: Session, text: str) -> list[str]:
    """What to tell about words behind an @ that name nobody."""
    names = [agent.name for agent in session.config.team]
    return [
        f"nobody in team: is called @{line(word)}{meant(word, names)}; nobody was told"
        for word in mentions(text, names).unknown
    ]


def collect(session: Session, desk: Desk, notices: dict[str, list[Notice]]) -> list[tuple[int, str]]:
    """Adds what is remembered to the mails of this run, and forgets it. Returns which tickets whom is told of."""
    told: list[tuple[int, str]] = []
    for fact, writer in list(desk.facts(NAMED)):
        desk.remember(fact, "")
        name, number, key = fact.removeprefix(NAMED).rsplit(" ", 2)
        try:
            ticket = desk.get(int(number))
            while ticket.merged_into:
                ticket, key = desk.get(ticket.merged_into), f"{ticket.number}.{key}"
            text = shortened(line(ticket.message(key).text), _TEXT)
        except NoSuchTicket:  # purged, moved or merged since
            continue
        _add(session, notices, name, ticket, named(session.config.language, writer, text))
        told.append((ticket.number, name))
    for fact, seen in list(desk.facts(WATCHED)):
        told += _watched(session, desk, notices, fact, int(seen))
    return list(dict.fromkeys(told))


def _watched(
    session: Session, desk: Desk, notices: dict[str, list[Notice]], fact: str, seen: int
) -> list[tuple[int, str]]:
    name, number = fact.removeprefix(WATCHED).rsplit(" ", 1)
    try:
        ticket = desk.get(int(number))
    except NoSuchTicket:
        desk.remember(fact, "")
        return []
    if ticket.merged_into:  # from now on what happens there
        desk.remember(fact, "")
        events = desk.get(ticket.merged_into).events
        desk.remember(f"{WATCHED}{name} {ticket.merged_into}", str(len(events)))
    elif len(ticket.events) != seen:
        desk.remember(fact, str(len(ticket.events)))
    fresh = [event for event in ticket.events[seen:] if event.actor != name and is_news(event)]
    if fresh:
        _add(session, notices, name, ticket, watched(session.config.language, fresh))
    return [(ticket.number, name)] if fresh else []


def _add(session: Session, notices: dict[str, list[Notice]], name: str, ticket: Ticket, why: str) -> None:
    agent = session.config.agent(name)
    if agent is not None:
        notices.setdefault(agent.email, []).append(Notice(ticket, ticket, None, why))
