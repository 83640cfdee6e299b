"""What `spam` says."""

from __future__ import annotations

from ticketctl.content.terminal import line as one_line
from ticketctl.present.words import Texts, say_in
from ticketctl.usecases.results import Changed, Done

TEXTS: Texts = {
    "en": {
        "already": "#{number} is marked as spam already",
        "closed": "#{number} closed as spam: {subject}",
    },
    "sv": {
        "already": "#{number} är redan märkt som skräppost",
        "closed": "#{number} stängt som skräppost: {subject}",
    },
}


def line(done: Done[Changed], language: str) -> str:
    key = "already" if done.value.same else "closed"
    return say_in(language, TEXTS)(key, number=done.number, subject=one_line(done.value.after.subject))
