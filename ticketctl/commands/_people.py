"""Who acts and who is meant: the actor and what their role allows, agents by name, requesters as typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from zoneinfo import ZoneInfo

from ticketctl.app import App
from ticketctl.commands._roles import must_be
from ticketctl.domain.absence import stand_ins
from ticketctl.domain.actions import Workload, workload
from ticketctl.domain.message import Person
from ticketctl.domain.query import ACTIVE
from ticketctl.domain.settings import Agent
from ticketctl.domain.ticket import Act, Ticket
from ticketctl.errors import Busy, Refused, StoreFailed, Usage
from ticketctl.store.base import Desk

_ADDRESS = re.compile(r"[^\s<>@\"(),;:]+@[^\s<>@\"(),;:]+")
_NAMED = re.compile(r"\s*\"?([^<>]*?)\"?\s*<([^<>]*)>\s*")


def act(app: App, why: str) -> Act:
    """The actor, now, with the command as the reason; raises Refused where the actor may only look."""
    must_be(app, "agent", why)
    return Act(app.actor, app.now, why)


def agent_named(app: App, word: str) -> Agent:
    """The agent called `word`, or the actor for "me"; raises Usage with the nearest name."""
    name = app.actor if word == "me" else word
    found = app.config.agent(name)
    if found is None:
        raise Usage(f"no agent {name!r} in team: of rules.yaml{meant(name, [agent.name for agent in app.config.team])}")
    return found


def own_person(app: App) -> Person:
    """The actor as the writer of a note or reply."""
    agent = app.config.agent(app.actor)
    return Person(agent.email, agent.name) if agent else Person("", app.actor)


def away(app: App) -> dict[str, str]:
    """Those who are away today, with who stands in for them ("": nobody)."""
    return stand_ins(app.config.team, app.now.astimezone(ZoneInfo(app.config.timezone)).date())


def available(app: App) -> list[str]:
    """The names of those who may be given tickets, and are here."""
    absent = away(app)
    return [agent.name for agent in app.config.team if agent.role != "viewer" and agent.name not in absent]


def load(app: App, tickets: Iterable[Ticket]) -> Workload:
    """Who may be given tickets, and how many of `tickets` each has."""
    return workload(tickets, available(app), away(app))


def chooser(app: App, word: str) -> Callable[[Desk], Agent | None]:
    """Who gets the next ticket, None for nobody, by a name, "me", "least_loaded" or "none"; asked again for each
    ticket, since with least_loaded the load moves. Raises Usage, Refused."""
    if word == "least_loaded":
        return lambda desk: least_loaded(app, desk.find(ACTIVE))
    if word == "none":
        return lambda desk: None
    agent = agent_named(app, word)
    if agent.role == "viewer":
        raise Refused(f"{agent.name} is a viewer and cannot be given tickets; `role: agent` in team: would allow it")
    absent = away(app)
    if agent.name in absent:
        stand_in = absent[agent.name]
        hint = f"`{stand_in}` stands in" if stand_in else "and nobody stands in"
        raise Refused(f"{agent.name} is away today and is given no tickets; {hint}")
    return lambda desk: agent


def least_loaded(app: App, active: Iterable[Ticket]) -> Agent:
    """The agent with the fewest tickets that are not closed, viewers and who is away left out; the first
    of the team among equals. Raises Refused where nobody is there."""
    there = load(app, active)
    if not there.active:
        raise Refused("nobody in team: of rules.yaml can be given tickets and is here")
    return agent_named(app, there.turn("least_loaded"))


def person(text: str) -> Person:
    """ "Åsa Öberg <asa@example.se>", "asa@example.se", or for a caller without mail just a name or a telephone
    number, which has no address; raises Usage."""
    named = _NAMED.fullmatch(text)
    name, address = (named[1].strip(), named[2].strip()) if named else ("", text.strip())
    if _ADDRESS.fullmatch(address):
        return Person(address.lower(), " ".join(name.split()))
    if named or not address:
        raise Usage(f"{text!r} names nobody; write 'Åsa Öberg <asa@example.se>', or only a name or telephone number")
    return Person("", " ".join(address.split()))


def meant(word: str, known: Iterable[str]) -> str:
    """ "; did you mean 'alice'?", else what there is."""
    from difflib import get_close_matches

    names = list(known)
    folded = {name.casefold(): name for name in names}
    close = get_close_matches(word.casefold(), folded, 1, 0.5)
    if close:
        return f"; did you mean {folded[close[0]]!r}?"
    return f" (there are: {', '.join(names)})" if names else " (there are none)"


def note_reading(app: App, action: str, ticket: int = 0) -> None:
    """Notes in the audit log that somebody saw what customers wrote. A full disk must not hide a ticket from whoever
    has to answer it: the reading goes on, with a warning."""
    try:
        actor = app.actor
    except Usage:
        if app.user:  # --as names nobody
            raise
        actor = "unknown"
    try:
        app.audit.record(at=app.now, actor=actor, action=action, ticket=ticket)
    except (StoreFailed, Busy) as error:
        app.warn(f"not noted in the audit log: {error}")
