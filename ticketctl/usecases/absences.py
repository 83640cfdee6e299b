"""Who was said to be away by `ticketctl away`, beside `away:` in rules.yaml; and how that is told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec

from ticketctl.content.times import zone
from ticketctl.domain.settings.absences import OPEN_END
from ticketctl.domain.settings.settings import Away
from ticketctl.usecases.people import team
from ticketctl.usecases.session import Session

FACT = "away "  # facts of the desk: "away bo" → an Away


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


def told(session: Session, away: Away) -> str:
    """ "is away from Mon 2026-11-16 until further notice; alice stands in" """
    verb = "is away since" if away.start < today(session) and away.end == OPEN_END else "is away from"
    until = "until further notice" if away.end == OPEN_END else f"to {away.end:%a %Y-%m-%d}"
    stands_in = f"{away.deputy} stands in" if away.deputy else "nobody stands in"
    return f"{verb} {away.start:%a %Y-%m-%d} {until}; {stands_in}"
