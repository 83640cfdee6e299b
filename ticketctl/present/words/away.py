"""What `away` says, and how others say who is away."""

from __future__ import annotations

from datetime import date

from ticketctl.content.words import weekday
from ticketctl.domain.settings.absences import OPEN_END
from ticketctl.domain.settings.settings import Away
from ticketctl.present.words import Texts, say_in

TEXTS: Texts = {
    "en": {
        "who": "who? Write the name, or me: `ticketctl away bo`",
        "back_alone": "--back takes nothing beside the name",
        "nobody": "Nobody is away.",
        "here": "{agent} is here again",
        "since": "{agent} is away since {start} {until}; {stand_in}",
        "from": "{agent} is away from {start} {until}; {stand_in}",
        "open_end": "until further notice",
        "to": "to {end}",
        "stands_in": "{deputy} stands in",
        "nobody_stands_in": "nobody stands in",
        "ticket_left": "1 ticket that is not closed stays theirs; `ticketctl handover {agent} {whom}` hands over",
        "tickets_left": "{count} tickets that are not closed stay theirs; "
        "`ticketctl handover {agent} {whom}` hands over",
    },
    "sv": {
        "who": "vem? Skriv namnet, eller me: `ticketctl away bo`",
        "back_alone": "--back tar inget mer än namnet",
        "nobody": "Ingen är borta.",
        "here": "{agent} är tillbaka",
        "since": "{agent} är borta sedan {start} {until}; {stand_in}",
        "from": "{agent} är borta från {start} {until}; {stand_in}",
        "open_end": "tills vidare",
        "to": "till {end}",
        "stands_in": "{deputy} är ersättare",
        "nobody_stands_in": "ingen är ersättare",
        "ticket_left": "1 ärende som inte är stängt ligger kvar; `ticketctl handover {agent} {whom}` lämnar över",
        "tickets_left": "{count} ärenden som inte är stängda ligger kvar; "
        "`ticketctl handover {agent} {whom}` lämnar över",
    },
}


def away_line(agent: str, away: Away, today: date, language: str) -> str:
    """ "bo is away from Mon 2026-11-16 until further notice; alice stands in" """
    say, is_open = say_in(language, TEXTS), away.end == OPEN_END
    return say(
        "since" if away.start < today and is_open else "from",
        agent=agent,
        start=_day(away.start, language),
        until=say("open_end") if is_open else say("to", end=_day(away.end, language)),
        stand_in=say("stands_in", deputy=away.deputy) if away.deputy else say("nobody_stands_in"),
    )


def _day(day: date, language: str) -> str:
    """ "Mon 2026-11-16" """
    return f"{weekday(day.weekday(), language)} {day}"


def left_line(agent: str, away: Away, count: int, language: str) -> str:
    key = "ticket_left" if count == 1 else "tickets_left"
    return say_in(language, TEXTS)(key, agent=agent, whom=away.deputy or "AGENT", count=count)
