"""What `hold` says."""

from __future__ import annotations

from ticketctl.content.terminal import line as one_line
from ticketctl.present.words import Texts, say_in
from ticketctl.usecases.results import Changed, Done

TEXTS: Texts = {
    "en": {
        "held": "#{number} is held: {why}",
        "lifted": "#{number} is no longer held",
        "held_before": "#{number} is held already: {why}",
        "not_held": "#{number} is not held",
    },
    "sv": {
        "held": "#{number} sparas: {why}",
        "lifted": "#{number} sparas inte längre särskilt",
        "held_before": "#{number} sparas redan: {why}",
        "not_held": "#{number} sparas inte särskilt",
    },
}


def line(done: Done[Changed], language: str) -> str:
    say, after = say_in(language, TEXTS), done.value.after
    if done.value.same:
        key = "held_before" if after.legal_hold else "not_held"
    else:
        key = "held" if after.legal_hold else "lifted"
    return one_line(say(key, number=done.number, why=after.legal_hold))
