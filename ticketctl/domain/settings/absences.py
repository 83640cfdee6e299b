"""Who is away on a day, and who stands in for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import msgspec

from ticketctl.domain.settings.settings import Agent, Away

OPEN_END = date.max  # until further notice


def with_absences(team: Iterable[Agent], absences: Mapping[str, Away]) -> tuple[Agent, ...]:
    """The team with what was told beside rules.yaml, by name; where both speak of a day it is this that counts."""
    return tuple(
        msgspec.structs.replace(agent, away=(*agent.away, absences[agent.name])) if agent.name in absences else agent
        for agent in team
    )


def current(agent: Agent, today: date) -> Away | None:
    """The absence that `today` lies in, the one told last."""
    return next((one for one in reversed(agent.away) if one.start <= today <= one.end), None)


def stand_ins(team: Iterable[Agent], today: date) -> dict[str, str]:
    """Everybody who is away `today` with who stands in for them: the deputy, or where that one is away too, theirs; ""
    where nobody is left."""
    away = {
        agent.name: absence.deputy for agent in team for absence in agent.away if absence.start <= today <= absence.end
    }
    return {name: _present(name, away) for name in away}


def _present(name: str, away: Mapping[str, str]) -> str:
    seen: set[str] = set()
    while name in away and name not in seen:
        seen.add(name)
        name = away[name]
    return "" if name in away else name
