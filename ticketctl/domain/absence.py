"""Who is away on a day, and who stands in for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from ticketctl.domain.settings import Agent


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
