"""What `wait` says."""

from __future__ import annotations

from ticketctl.content.times import local, zone
from ticketctl.present.words import Texts, say_in
from ticketctl.usecases.results import Done
from ticketctl.usecases.tickets.wait import Waiting

TEXTS: Texts = {
    "en": {
        "waits": "#{number} waits for the customer until {until}",
        "already": "#{number} waits for the customer already, until {until}",
        "back": "#{number} waits for us again",
        "until_when": "until when? Write it behind the ticket: {examples}, or no",
    },
    "sv": {
        "waits": "#{number} väntar på kunden till {until}",
        "already": "#{number} väntar redan på kunden, till {until}",
        "back": "#{number} väntar på oss igen",
        "until_when": "till när? Skriv det efter ärendet: {examples}, eller no",
    },
}


def line(done: Done[Waiting], language: str) -> str:
    say, until = say_in(language, TEXTS), done.value.until
    if until is None:
        return say("back", number=done.number)
    told = local(until, zone(done.value.timezone), language)
    return say("already" if done.value.same else "waits", number=done.number, until=told)
