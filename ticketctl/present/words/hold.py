"""What `hold` says."""

from __future__ import annotations

from ticketctl.content.terminal import line as one_line
from ticketctl.present.words import Texts, say_in
from ticketctl.usecases.results import Changed, Done

TEXTS: Texts = {
    "en": {
        "held": "#{number} has a legal hold: {why}",
        "lifted": "#{number} has no legal hold any more",
        "held_before": "#{number} has a legal hold already: {why}",
        "not_held": "#{number} has no legal hold",
    },
    "sv": {
        "held": "#{number} har rättsligt stopp: {why}",
        "lifted": "#{number} har inte längre rättsligt stopp",
        "held_before": "#{number} har redan rättsligt stopp: {why}",
        "not_held": "#{number} har inget rättsligt stopp",
    },
}


def line(done: Done[Changed], language: str) -> str:
    say, after = say_in(language, TEXTS), done.value.after
    if done.value.same:
        key = "held_before" if after.legal_hold else "not_held"
    else:
        key = "held" if after.legal_hold else "lifted"
    return one_line(say(key, number=done.number, why=after.legal_hold))
