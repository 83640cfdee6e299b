"""Mails to the administrators: that a mailbox can't be fetched, and when it can be again."""

from __future__ import annotations

from datetime import datetime

import msgspec

from ticketctl.content.terminal import line
from ticketctl.content.times import zone
from ticketctl.content.words import known, weekday
from ticketctl.domain.config import Config

WORDS = {
    "sv": {
        "down": "[{desk}] Post hämtas inte från {source}",
        "down_body": (
            "Det har inte gått att hämta post från {source} sedan {since}.\n\n  {reason}\n\n"
            "Posten ligger kvar på servern och hämtas när det går igen.\n"
            "Det här mejlet kommer en gång för varje avbrott.\n"
        ),
        "up": "[{desk}] Post hämtas igen från {source}",
        "up_body": "Från {source} hämtas post igen. Avbrottet varade från {since} till {now}.\n",
    },
    "en": {
        "down": "[{desk}] No mail is fetched from {source}",
        "down_body": (
            "No mail could be fetched from {source} since {since}.\n\n  {reason}\n\n"
            "The mail stays on the server and is fetched once that works again.\n"
            "This mail comes once for each outage.\n"
        ),
        "up": "[{desk}] Mail is fetched from {source} again",
        "up_body": "Mail is fetched from {source} again. The outage lasted from {since} to {now}.\n",
    },
}


class Down(msgspec.Struct, frozen=True):
    """A mailbox that can't be fetched; `since` is None where it never could be. `reason` is "" where nothing has tried
    for long."""

    source: str
    since: datetime | None
    reason: str


def down(config: Config, source: str, since: datetime, reason: str) -> tuple[str, str]:
    """(subject, body)."""
    words = WORDS[known(config.language)]
    told = {"desk": config.name, "source": source, "since": _moment(config, since), "reason": line(reason)}
    return words["down"].format(**told), words["down_body"].format(**told)


def up(config: Config, source: str, since: datetime, now: datetime) -> tuple[str, str]:
    words = WORDS[known(config.language)]
    times = {"since": _moment(config, since), "now": _moment(config, now)}
    return words["up"].format(desk=config.name, source=source), words["up_body"].format(source=source, **times)


def _moment(config: Config, at: datetime) -> str:
    here = at.astimezone(zone(config.timezone))
    return f"{weekday(here.weekday(), config.language)} {here:%Y-%m-%d %H:%M}"
