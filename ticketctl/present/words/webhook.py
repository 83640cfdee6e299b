"""What `webhook` says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ticketctl.content.times import local, zone
from ticketctl.present.json import Json, instant
from ticketctl.present.words import Say, Texts, say_in
from ticketctl.usecases.outgoing.webhooks import Hook

TEXTS: Texts = {
    "en": {
        "none": "There are no webhooks in rules.yaml.",
        "line": "{name}: {state}; {waiting} waiting{missed}",
        "works": "works, as far as is known",
        "failing": "failing since {since}, next try {next_at}",
        "paused": "paused since {since}; `ticketctl webhook resume {name}` tries it again",
        "missed": ", {missed} not queued",
        "resumed": "{name} is tried again with the next `ticketctl send`; {waiting} waiting{missed}",
        "taken": "{name} took the ping",
        "taken_paused": "{name} took the ping; it is paused, `ticketctl webhook resume {name}` tries it again",
    },
    "sv": {
        "none": "Det finns inga webhooks i rules.yaml.",
        "line": "{name}: {state}; {waiting} väntar{missed}",
        "works": "fungerar, så vitt det är känt",
        "failing": "fungerar inte sedan {since}, nästa försök {next_at}",
        "paused": "pausad sedan {since}; `ticketctl webhook resume {name}` försöker igen",
        "missed": ", {missed} lades inte i kö",
        "resumed": "{name} försöks igen med nästa `ticketctl send`; {waiting} väntar{missed}",
        "taken": "{name} tog emot pinget",
        "taken_paused": "{name} tog emot pinget; den är pausad, `ticketctl webhook resume {name}` försöker igen",
    },
}


def lines(found: Sequence[Hook], timezone: str, language: str) -> Iterator[str]:
    say = say_in(language, TEXTS)
    if not found:
        yield say("none")
    for one in found:
        state = _state(one, timezone, language)
        yield say("line", name=one.webhook.name, state=state, waiting=one.waiting, missed=_missed(one, say))


def resumed(was: Hook, language: str) -> str:
    say = say_in(language, TEXTS)
    return say("resumed", name=was.webhook.name, waiting=was.waiting, missed=_missed(was, say))


def taken(was: Hook, language: str) -> str:
    say = say_in(language, TEXTS)
    return say("taken_paused" if was.state.paused_at else "taken", name=was.webhook.name)


def hook_json(one: Hook) -> Json:
    return {
        "name": one.webhook.name,
        "failing_since": instant(one.state.since),
        "next_at": instant(one.state.next_at),
        "paused_at": instant(one.state.paused_at),
        "waiting": one.waiting,
        "missed": one.state.missed,
    }


def _state(one: Hook, timezone: str, language: str) -> str:
    say = say_in(language, TEXTS)
    if one.state.paused_at:
        return say("paused", since=local(one.state.paused_at, zone(timezone), language), name=one.webhook.name)
    if one.state.since and one.state.next_at:
        since, next_at = (local(at, zone(timezone), language) for at in (one.state.since, one.state.next_at))
        return say("failing", since=since, next_at=next_at)
    return say("works")


def _missed(one: Hook, say: Say) -> str:
    return say("missed", missed=one.state.missed) if one.state.missed else ""
