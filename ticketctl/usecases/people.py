"""Who acts and who is meant: the actor and what their role allows, agents by name, requesters as typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from zoneinfo import ZoneInfo

from ticketctl.domain.rules.actions import Turn, Workload, workload
from ticketctl.domain.settings.absences import stand_ins, with_absences
from ticketctl.domain.settings.settings import Agent
from ticketctl.domain.ticket.message import Message, Person
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.errors import Meant, Refused, Usage
from ticketctl.ports.store import Desk
from ticketctl.usecases.session import Session

_ADDRESS = re.compile(r"[^\s<>@\"(),;:]+@[^\s<>@\"(),;:]+")
_ROOM = re.compile(r"@[^\s<>@\"(),;:]+:[^\s<>@\"(),;]+")  # where people talk; no mail address has this form
_NAMED = re.compile(r"\s*\"?([^<>]*?)\"?\s*<([^<>]*)>\s*")


def agent_named(session: Session, word: str) -> Agent:
    """The agent called `word`, or the actor for "me"; raises Usage with the nearest name."""
    name = session.actor if word == "me" else word
    found = session.config.agent(name)
    if found is None:
        raise Usage(
            "no agent {name!r} in team: of rules.yaml{meant}",
            code="no_agent",
            name=name,
            meant=meant(name, [agent.name for agent in session.config.team]),
        )
    return found


def own_person(session: Session) -> Person:
    """The actor as the writer of a note or reply."""
    agent = session.config.agent(session.actor)
    return Person(agent.email, agent.name) if agent else Person("", session.actor)


def own_note(session: Session, ticket: Ticket, text: str, why: str) -> Message:
    """An internal note of the actor's, to be written to the ticket."""
    return Message(
        key=ticket.next_key(),
        direction="internal",
        kind="note",
        at=session.now,
        sender=own_person(session),
        author=session.actor,
        text=text,
        why=why,
    )


def away(session: Session) -> dict[str, str]:
    """Those who are away today, with who stands in for them ("": nobody)."""
    return stand_ins(team(session), session.now.astimezone(ZoneInfo(session.config.timezone)).date())


def team(session: Session) -> tuple[Agent, ...]:
    """Everybody of rules.yaml, with what `ticketctl away` was told."""
    return with_absences(session.config.team, session.absences)


def available(session: Session) -> list[str]:
    """The names of those who may be given tickets, and are here."""
    absent = away(session)
    return [agent.name for agent in session.config.team if agent.role != "viewer" and agent.name not in absent]


def load(session: Session, tickets: Iterable[Ticket]) -> Workload:
    """Who may be given tickets, and how much of `tickets` each has."""
    return workload(tickets, available(session), away(session))


TURNS: tuple[Turn, ...] = ("least_loaded", "round_robin")
WORDS = ("me", *TURNS, "deputy", "none")  # beside names, for whom to assign to


def chooser(session: Session, word: str, *, anyway: bool = False) -> Callable[[Desk, Ticket], Agent | None]:
    """Who gets a ticket, None for nobody, by a name or one of WORDS; asked again for each ticket, since with a turn the
    load moves. `anyway`: also somebody away. Raises Usage, Refused, and so does what it returns."""
    turn = next((one for one in TURNS if one == word), None)
    if turn is not None:
        return lambda desk, ticket: by_turn(session, desk.find(), turn)
    if word == "deputy":
        return lambda desk, ticket: _deputy(session, ticket)
    if word == "none":
        return lambda desk, ticket: None
    agent = receiver(session, word, anyway=anyway)
    return lambda desk, ticket: agent


def receiver(session: Session, word: str, *, anyway: bool = False) -> Agent:
    """The agent of that name (or "me") who may be given tickets and is here, or `anyway`. Raises Usage, Refused."""
    agent = agent_named(session, word)
    if agent.role == "viewer":
        raise Refused(
            "{name} is a viewer and cannot be given tickets; `role: agent` in team: would allow it",
            code="viewer_gets_no_tickets",
            name=agent.name,
        )
    must_be_here(session, agent.name, anyway=anyway)
    return agent


def must_be_here(session: Session, name: str, *, anyway: bool = False) -> None:
    """Raises Refused where that agent is away today, with who stands in."""
    absent = away(session)
    if name in absent and not anyway:
        if not absent[name]:
            raise Refused("{name} is away today and is given no tickets, and nobody stands in", code="away", name=name)
        raise Refused(
            "{name} is away today and is given no tickets; {deputy} stands in",
            code="away_with_deputy",
            name=name,
            deputy=absent[name],
        )


def _deputy(session: Session, ticket: Ticket) -> Agent:
    absent = away(session)
    if ticket.assignee not in absent:
        if not ticket.assignee:
            raise Refused("#{number} has no deputy: it is unassigned", code="no_owner_no_deputy", number=ticket.number)
        raise Refused(
            "#{number} has no deputy: {agent} is not away",
            code="owner_not_away",
            number=ticket.number,
            agent=ticket.assignee,
        )
    if not absent[ticket.assignee]:
        raise Refused(
            "#{number}: {agent} is away, and nobody stands in",
            code="away_without_deputy",
            number=ticket.number,
            agent=ticket.assignee,
        )
    return agent_named(session, absent[ticket.assignee])


def by_turn(session: Session, tickets: Iterable[Ticket], turn: Turn) -> Agent:
    """Whose turn it is by all tickets of the desk, viewers and who is away left out; among equals who was given one
    longest ago. Raises Refused where nobody is there."""
    there = load(session, tickets)
    if not there.active:
        raise Refused("nobody in team: of rules.yaml can be given tickets and is here", code="nobody_here")
    return agent_named(session, there.turn(turn))


def person(text: str) -> Person:
    """ "Åsa Öberg <asa@example.se>", "asa@example.se", "@asa:example.se" of Matrix, or for a caller without mail just a
    name or a telephone number, which has no address; raises Usage."""
    named = _NAMED.fullmatch(text)
    name, address = (named[1].strip(), named[2].strip()) if named else ("", text.strip())
    if _ADDRESS.fullmatch(address):
        return Person(address.lower(), " ".join(name.split()))
    if _ROOM.fullmatch(address):
        place = address.rpartition(":")[2]
        return Person(address, " ".join(name.split()), place if place in ("telegram", "mattermost") else "matrix")
    if named or not address or "@" in address:  # a mistyped address is no name
        raise Usage(
            "{words!r} names nobody; write 'Åsa Öberg <asa@example.se>', or only a name or telephone number",
            code="not_a_person",
            words=text,
        )
    return Person("", " ".join(address.split()))


def meant(word: str, known: Iterable[str]) -> Meant:
    """The known name that is nearest, else what there is."""
    from difflib import get_close_matches

    names = list(known)
    folded = {name.casefold(): name for name in names}
    close = get_close_matches(word.casefold(), folded, 1, 0.5)
    return Meant(folded[close[0]] if close else "", tuple(names))
