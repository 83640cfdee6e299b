"""Who is away, until when, and who stands in: what `away` noted, beside `away:` in rules.yaml."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec

from ticketctl.content.times import zone
from ticketctl.domain.settings.absences import OPEN_END, current
from ticketctl.domain.settings.settings import Agent, Away
from ticketctl.domain.ticket.query import ACTIVE, Query
from ticketctl.errors import Refused, Usage
from ticketctl.usecases.people import agent_named, team
from ticketctl.usecases.session import Session

FACT = "away "  # facts of the desk: "away bo" → an Away


class SetAway(msgspec.Struct, frozen=True, kw_only=True):
    """`agent` may be "me". `days` names the first and the last day ("": from today until further notice). `deputy` is
    who stands in; None: the only other one, where there is only one. `back`: they are here again."""

    agent: str
    days: str = ""
    deputy: str | None = None
    back: bool = False


class Absence(msgspec.Struct, frozen=True):
    """`away` is None where they are here again. `open_tickets` of theirs are not closed."""

    agent: str
    away: Away | None
    open_tickets: int


def set_away(session: Session, request: SetAway, *, keep: bool = True) -> Absence:
    """Takes the place of what was said before. Raises Usage, Refused, NotAllowed."""
    session.must("away", keep=keep)
    acting = session.act("away")
    agent = agent_named(session, request.agent)
    if request.back:
        _must_be_away(session, agent, request.days or request.deputy)
    found = None if request.back else _absence(session, agent, request)
    with session.store.transaction(keep=keep) as desk:
        desk.remember(f"{FACT}{agent.name}", msgspec.json.encode(found).decode() if found else "")
        left = sum(1 for _ in desk.find(Query(statuses=ACTIVE.statuses, assignee=agent.name)))
    if keep:
        why = f"{agent.name}{' back' if request.back else ''}"
        session.audit.record(at=session.now, actor=acting.actor, action="away", why=why)
    return Absence(agent.name, found, left)


def absences(facts: Iterable[tuple[str, str]]) -> dict[str, Away]:
    """By name what the command was told last, of the facts that begin with FACT."""
    return {name.removeprefix(FACT): msgspec.json.decode(value, type=Away) for name, value in facts}


def today(session: Session) -> date:
    return session.now.astimezone(zone(session.config.timezone)).date()


def coming(session: Session) -> list[tuple[str, Away]]:
    """Who is away today or later, in the order of the team and of time."""
    return [
        (agent.name, away)
        for agent in team(session)
        for away in sorted(agent.away, key=lambda one: one.start)
        if away.end >= today(session)
    ]


def _absence(session: Session, agent: Agent, request: SetAway) -> Away:
    """Raises Usage, Refused."""
    first, last = today(session), None
    if request.days:
        from ticketctl.domain.deadlines.date_words import span  # slow to import, and board reads absences too

        first, last = span(request.days, session.now, session.config.hours)
    last = last or OPEN_END
    if last < first:
        raise Usage("{last} is before {first}", code="days_reversed", last=last, first=first)
    return Away(first, last, _deputy(session, agent, request.deputy))


def _deputy(session: Session, agent: Agent, word: str | None) -> str:
    others = [one for one in session.config.team if one.role != "viewer" and one.name != agent.name]
    if word is None:
        return others[0].name if len(others) == 1 else ""
    found = agent_named(session, word)
    if found == agent:
        raise Refused("{name} cannot be their own deputy", code="own_deputy", name=agent.name)
    if found.role == "viewer":
        raise Refused(
            "{name} is a viewer and cannot be given tickets; `role: agent` in team: would allow it",
            code="viewer_gets_no_tickets",
            name=found.name,
        )
    return found.name


def _must_be_away(session: Session, agent: Agent, more: str | None) -> None:
    if more:
        raise Usage("who is back needs neither days nor a deputy", code="back_needs_no_days")
    if agent.name in session.absences:
        return
    if current(agent, today(session)):
        raise Refused(
            "rules.yaml says that {name} is away; change `away:` there", code="away_by_rules", name=agent.name
        )
    raise Refused("{name} is not away", code="not_away", name=agent.name)
