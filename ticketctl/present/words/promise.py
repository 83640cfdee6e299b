"""What `promise` says."""

from __future__ import annotations

from datetime import tzinfo

from ticketctl.content.times import local
from ticketctl.domain.deadlines.promises import DROPPED, running
from ticketctl.present.words import Texts, say_in
from ticketctl.usecases.results import Changed, Done

TEXTS: Texts = {
    "en": {
        "promised": "#{number} promised by {due}",
        "kept": "#{number} the promise was kept",
        "dropped": "#{number} nothing is promised any more",
        "by_when": "by when? Write it behind the ticket: {examples}, or kept, or drop",
    },
    "sv": {
        "promised": "#{number} lovat till {due}",
        "kept": "#{number} löftet hölls",
        "dropped": "#{number} inget är lovat längre",
        "by_when": "till när? Skriv det efter ärendet: {examples}, eller kept eller drop",
    },
}


def line(done: Done[Changed], language: str, *, zone: tzinfo) -> str:
    say, owed = say_in(language, TEXTS), running(done.value.after)
    if owed is not None:
        return say("promised", number=done.number, due=local(owed.due_at, zone, language))
    return say("dropped" if done.value.after.events[-1].what == DROPPED else "kept", number=done.number)
