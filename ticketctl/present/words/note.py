"""What `note` says."""

from __future__ import annotations

from ticketctl.content.terminal import line as one_line
from ticketctl.content.terminal import shortened
from ticketctl.present.words import Texts, say_in
from ticketctl.usecases.results import Done
from ticketctl.usecases.tickets.note import Noted

TEXTS: Texts = {
    "en": {
        "noted": "#{number} noted: {text}",
        "noted_for": "#{number} noted: {text} ({names} will see it)",
        "about": "Internal note on {tickets}; the customer does not see it.",
    },
    "sv": {
        "noted": "#{number} antecknat: {text}",
        "noted_for": "#{number} antecknat: {text} ({names} får se det)",
        "about": "Intern anteckning till {tickets}; kunden ser den inte.",
    },
}


def line(done: Done[Noted], language: str) -> str:
    text, names = shortened(one_line(done.value.text), 60), done.value.shown_to
    key = "noted_for" if names else "noted"
    return say_in(language, TEXTS)(key, number=done.number, text=text, names=", ".join(names))
