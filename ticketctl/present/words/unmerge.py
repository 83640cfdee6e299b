"""What `unmerge` says."""

from __future__ import annotations

from ticketctl.present.words import Texts, say_in
from ticketctl.usecases.results import Done
from ticketctl.usecases.tickets.merge import Unmerged

TEXTS: Texts = {
    "en": {
        "released": "#{number} is out of #{target} again, {status} as before",
        "answer": "{first}, which answers it, stays there: `ticketctl move {target} {first} {number}`",
        "answers": "{keys}, which answer it, stay there: `ticketctl move {target} {first} {number}`",
    },
}


def line(done: Done[Unmerged], language: str) -> str:
    say = say_in(language, TEXTS)
    number, target, keys = done.number, done.value.target, done.value.answers
    said = [say("released", number=number, target=target, status=done.value.after.status)]
    if keys:
        key = "answer" if len(keys) == 1 else "answers"
        said.append(say(key, keys=", ".join(keys), first=keys[0], number=number, target=target))
    return "; ".join(said)
