"""What `priority` says."""

from __future__ import annotations

from ticketctl.content.times import ahead
from ticketctl.present.words import Texts, say_in
from ticketctl.usecases.results import Done
from ticketctl.usecases.tickets.priority import Prioritised

TEXTS: Texts = {
    "en": {
        "already": "#{number} is {priority} already",
        "now": "#{number} is {priority} now (was {before})",
        "now_due": "#{number} is {priority} now (was {before}); due {due}",
    },
}


def line(done: Done[Prioritised], language: str) -> str:
    say = say_in(language, TEXTS)
    before, after, due = done.value.before.priority, done.value.after.priority, done.value.due_at
    if done.value.same:
        return say("already", number=done.number, priority=after)
    told = ahead(due, done.value.now) if due else ""
    return say("now_due" if due else "now", number=done.number, priority=after, before=before, due=told)
