"""What `quarantine` says."""

from __future__ import annotations

from ticketctl.content.terminal import line
from ticketctl.content.times import local, zone
from ticketctl.ports.store import Quarantined
from ticketctl.present.words import Texts, say_in
from ticketctl.usecases.intake.quarantine import Released, SetAside

TEXTS: Texts = {
    "en": {
        "entry": "{id}  {at}  {source}  {reason}",
        "next": "`ticketctl quarantine show ID` shows one, `release ID` makes it a ticket",
        "none": "nothing is in quarantine",
        "shown": "{id}  {at}  {source}\n{reason}\n{content}",
        "bytes": "{count} bytes:\n\n{text}",
        "withheld": "nothing of it is here; each fetch asks for it again",
        "released": "{id} is in #{number} now",
        "known": "{id} was a mail that is in a ticket already",
        "dropped": "{id} is deleted",
    },
}


def lines(items: tuple[Quarantined, ...], timezone: str, language: str) -> list[str]:
    say, where = say_in(language, TEXTS), zone(timezone)
    listed = [
        say(
            "entry",
            id=item.id,
            at=local(item.at, where),
            source=line(item.source),
            reason=line(item.reason),
        )
        for item in items
    ]
    return [*listed, say("next" if items else "none")]


def shown(found: SetAside, timezone: str, language: str) -> str:
    say, item = say_in(language, TEXTS), found.item
    content = say("bytes", count=f"{len(found.raw):,}", text=found.text) if found.raw else say("withheld")
    at = local(item.at, zone(timezone))
    return say("shown", id=item.id, at=at, source=line(item.source), reason=item.reason, content=content)


def released(done: Released, language: str) -> str:
    return say_in(language, TEXTS)("released" if done.ticket else "known", id=done.id, number=done.ticket)


def dropped(item: Quarantined, language: str) -> str:
    return say_in(language, TEXTS)("dropped", id=item.id)
