"""What `label` says."""

from __future__ import annotations

from ticketctl.present.words import Texts, say_in
from ticketctl.usecases.results import Changed, Done

TEXTS: Texts = {
    "en": {
        "already": "#{number} has it so already",
        "labels": "#{number} labels: {labels}",
        "none": "none",
    },
    "sv": {
        "already": "#{number} har det redan så",
        "labels": "#{number} etiketter: {labels}",
        "none": "inga",
    },
}


def line(done: Done[Changed], language: str) -> str:
    say = say_in(language, TEXTS)
    if done.value.same:
        return say("already", number=done.number)
    return say("labels", number=done.number, labels=", ".join(done.value.after.labels) or say("none"))
