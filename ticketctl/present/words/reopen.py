"""What `reopen` says."""

from __future__ import annotations

from ticketctl.present.words import Texts, say_in
from ticketctl.usecases.results import Changed, Done

TEXTS: Texts = {
    "en": {
        "open": "#{number} is open again, {agent}’s",
        "open_unassigned": "#{number} is open again, unassigned: `ticketctl assign {number} me`",
    },
    "sv": {
        "open": "#{number} är öppet igen, ansvarig: {agent}",
        "open_unassigned": "#{number} är öppet igen, utan ansvarig: `ticketctl assign {number} me`",
    },
}


def line(done: Done[Changed], language: str) -> str:
    agent = done.value.after.assignee
    return say_in(language, TEXTS)("open" if agent else "open_unassigned", number=done.number, agent=agent)
