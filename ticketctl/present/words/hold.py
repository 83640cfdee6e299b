"""What `hold` says."""

from __future__ import annotations

from ticketctl.content.terminal import line as one_line
from ticketctl.present.words import Texts, say_in
from ticketctl.usecases.results import Changed, Done

TEXTS: Texts = {
    "en": {
        "held": "#{number} is held: {why}",
        "lifted": "#{number} is no longer held",
        "same": "#{number} is so already",
    },
    "sv": {
        "held": "#{number} sparas: {why}",
        "lifted": "#{number} sparas inte längre särskilt",
        "same": "#{number} är redan så",
    },
}


def line(done: Done[Changed], language: str) -> str:
    say, after = say_in(language, TEXTS), done.value.after
    if done.value.same:
        return say("same", number=done.number)
    return one_line(say("held" if after.legal_hold else "lifted", number=done.number, why=after.legal_hold))
