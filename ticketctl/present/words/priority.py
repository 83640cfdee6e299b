"""What `priority` says."""

from __future__ import annotations

from ticketctl.content.times import ahead
from ticketctl.present.words import Texts, say_in
from ticketctl.present.words.terms import priority_word
from ticketctl.usecases.results import Done
from ticketctl.usecases.tickets.priority import Prioritised

TEXTS: Texts = {
    "en": {
        "already": "#{number} is {priority} already",
        "now": "#{number} is {priority} now (was {before})",
        "now_due": "#{number} is {priority} now (was {before}); due {due}",
    },
    "sv": {
        "already": "#{number} har redan prioritet {priority}",
        "now": "#{number} har nu prioritet {priority} (förut {before})",
        "now_due": "#{number} har nu prioritet {priority} (förut {before}); frist {due}",
    },
}


def line(done: Done[Prioritised], language: str) -> str:
    say = say_in(language, TEXTS)
    before, after, due = done.value.before.priority, done.value.after.priority, done.value.due_at
    if done.value.same:
        return say("already", number=done.number, priority=priority_word(after, language))
    names = {"priority": priority_word(after, language), "before": priority_word(before, language)}
    if due is None:
        return say("now", number=done.number, **names)
    return say("now_due", number=done.number, due=ahead(due, done.value.now, language), **names)
