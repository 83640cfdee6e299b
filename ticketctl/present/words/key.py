"""What `key` says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from ticketctl.content.times import zone
from ticketctl.present.json import Json, instant
from ticketctl.present.words import Texts, say_in
from ticketctl.usecases.access.keys import Added, ApiKey

TEXTS: Texts = {
    "en": {
        "added": "{name} acts as {agent}, with {scopes}. This is the key; it is shown only now:",
        "revoked": "{name} is revoked",
        "none": "There are no keys. `ticketctl key add NAME --scope read` makes one.",
        "line": "{name}: as {agent}, {scopes}, {used}{end}",
        "never": "never used",
        "used": "last used {at}",
        "until": ", until {at}",
        "over": ", over since {at}",
    },
    "sv": {
        "added": "{name} agerar som {agent}, med {scopes}. Det här är nyckeln; den visas bara nu:",
        "revoked": "{name} är återkallad",
        "none": "Det finns inga nycklar. `ticketctl key add NAMN --scope read` gör en.",
        "line": "{name}: som {agent}, {scopes}, {used}{end}",
        "never": "aldrig använd",
        "used": "senast använd {at}",
        "until": ", till {at}",
        "over": ", slut sedan {at}",
    },
}


def added(one: Added, language: str) -> list[str]:
    say = say_in(language, TEXTS)
    return [say("added", name=one.key.name, agent=one.key.agent, scopes=", ".join(one.key.scopes)), one.secret]


def revoked(one: ApiKey, language: str) -> str:
    return say_in(language, TEXTS)("revoked", name=one.name)


def lines(found: Sequence[ApiKey], now: datetime, timezone: str, language: str) -> Iterator[str]:
    say = say_in(language, TEXTS)
    if not found:
        yield say("none")
    for one in found:
        used = say("used", at=_local(one.used_at, timezone)) if one.used_at else say("never")
        over = one.expires_at is not None and one.expires_at <= now
        end = say("over" if over else "until", at=_local(one.expires_at, timezone)) if one.expires_at else ""
        yield say("line", name=one.name, agent=one.agent, scopes=", ".join(one.scopes), used=used, end=end)


def key_json(one: ApiKey) -> Json:
    return {
        "name": one.name,
        "as": one.agent,
        "scopes": list(one.scopes),
        "made_at": instant(one.made_at),
        "made_by": one.made_by,
        "expires_at": instant(one.expires_at),
        "used_at": instant(one.used_at),
    }


def _local(at: datetime, timezone: str) -> str:
    return f"{at.astimezone(zone(timezone)):%Y-%m-%d %H:%M}"
