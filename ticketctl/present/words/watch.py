"""What `watch` and `unwatch` say."""

from __future__ import annotations

from ticketctl.present.words import Texts, say_in
from ticketctl.usecases.results import Done
from ticketctl.usecases.tickets.watch import Watched

TEXTS: Texts = {
    "en": {
        "watched": "#{number} is watched by {agent}",
        "watched_by_mail": "#{number} is watched by {agent}, also by mail",
        "no_longer": "#{number} is no longer watched by {agent}",
        "not_watched": "#{number} is not watched by {agent}",
    },
    "sv": {
        "watched": "#{number} bevakas av {agent}",
        "watched_by_mail": "#{number} bevakas av {agent}, även med mejl",
        "no_longer": "#{number} bevakas inte längre av {agent}",
        "not_watched": "#{number} bevakas inte av {agent}",
    },
}


def watch_line(done: Done[Watched], language: str) -> str:
    key = "watched_by_mail" if done.value.mail else "watched"
    return say_in(language, TEXTS)(key, number=done.number, agent=done.value.agent)


def unwatch_line(done: Done[Watched], language: str) -> str:
    key = "not_watched" if done.value.same else "no_longer"
    return say_in(language, TEXTS)(key, number=done.number, agent=done.value.agent)
