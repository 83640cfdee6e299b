"""Who acts and who is meant: the actor and what their role allows, agents by name, requesters as typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from zoneinfo import ZoneInfo

from ticketctl.domain.rules.actions import Turn, Workload, workload
from ticketctl.domain.settings.absences import stand_ins, with_absences
from ticketctl.domain.settings.settings import Agent
from ticketctl.domain.ticket.message import Message, Person
from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.errors import Busy, Refused, StoreFailed, Usage
from ticketctl.ports.store import Desk
from ticketctl.usecases.permissions import must_be
from ticketctl.usecases.session import App

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


def own_note(app: App, ticket: Ticket, text: str, why: str) -> Message:
    """An internal note of the actor's, to be written to the ticket."""
    return Message(
        key=ticket.next_key(),
        direction="internal",
        kind="note",
        at=app.now,
        sender=own_person(app),
        author=app.actor,
        text=text,
        why=why,
    )


def away(app: App) -> dict[str, str]:
    """Those who are away today, with who stands in for them ("": nobody)."""
    return stand_ins(team(app), app.now.astimezone(ZoneInfo(app.config.timezone)).date())


def team(app: App) -> tuple[Agent, ...]:
    """Everybody of rules.yaml, with what `ticketctl away` was told."""
    return with_absences(app.config.team, app.absences)


def available(app: App) -> list[str]:
    """The names of those who may be given tickets, and are here."""
    absent = away(app)
    return [agent.name for agent in app.config.team if agent.role != "viewer" and agent.name not in absent]


def load(app: App, tickets: Iterable[Ticket]) -> Workload:
    """Who may be given tickets, and how much of `tickets` each has."""
    return workload(tickets, available(app), away(app))


TURNS: tuple[Turn, ...] = ("least_loaded", "round_robin")
WORDS = ("me", *TURNS, "deputy", "none")  # beside names, for whom to assign to


def chooser(app: App, word: str, *, anyway: bool = False) -> Callable[[Desk, Ticket], Agent | None]:
    """Who gets a ticket, None for nobody, by a name or one of WORDS; asked again for each ticket, since with a turn the
    load moves. `anyway`: also somebody away. Raises Usage, Refused, and so does what it returns."""
    turn = next((one for one in TURNS if one == word), None)
    if turn is not None:
        return lambda desk, ticket: by_turn(app, desk.find(), turn)
    if word == "deputy":
        return lambda desk, ticket: _deputy(app, ticket)
    if word == "none":
        return lambda desk, ticket: None
    agent = receiver(app, word, anyway=anyway)
    return lambda desk, ticket: agent


def receiver(app: App, word: str, *, anyway: bool = False) -> Agent:
    """The agent of that name (or "me") who may be given tickets and is here, or `anyway`. Raises Usage, Refused."""
    agent = agent_named(app, word)
    if agent.role == "viewer":
        raise Refused(f"{agent.name} is a viewer and cannot be given tickets; `role: agent` in team: would allow it")
    must_be_here(app, agent.name, anyway=anyway)
    return agent


def must_be_here(app: App, name: str, *, anyway: bool = False) -> None:
    """Raises Refused where that agent is away today, with who stands in."""
    absent = away(app)
    if name in absent and not anyway:
        stand_in = absent[name]
        hint = f"`{stand_in}` stands in" if stand_in else "and nobody stands in"
        raise Refused(f"{name} is away today and is given no tickets; {hint} (--anyway means it so)")


def _deputy(app: App, ticket: Ticket) -> Agent:
    absent = away(app)
    if ticket.assignee not in absent:
        whose = f"{ticket.assignee} is not away" if ticket.assignee else "nobody owns it"
        raise Refused(f"#{ticket.number} has no deputy: {whose}")
    if not absent[ticket.assignee]:
        raise Refused(f"#{ticket.number}: {ticket.assignee} is away, and nobody stands in")
    return agent_named(app, absent[ticket.assignee])


def by_turn(app: App, tickets: Iterable[Ticket], turn: Turn) -> Agent:
    """Whose turn it is by all tickets of the desk, viewers and who is away left out; among equals who was given one
    longest ago. Raises Refused where nobody is there."""
    there = load(app, tickets)
    if not there.active:
        raise Refused("nobody in team: of rules.yaml can be given tickets and is here")
    return agent_named(app, there.turn(turn))


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
