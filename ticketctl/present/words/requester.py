"""What `requester` says."""

from __future__ import annotations

from ticketctl.content.terminal import line as safe_line
from ticketctl.present.words import Texts, say_in
from ticketctl.usecases.results import Changed, Done

TEXTS: Texts = {
    "en": {
        "already": "#{number} is {before}’s already",
        "changed": "#{number} is {after}’s now (was {before}’s)",
        "takes_part": "{address} takes part and gets no copies",
    },
    "sv": {
        "already": "#{number} tillhör redan {before}",
        "changed": "#{number} tillhör nu {after} (förut {before})",
        "takes_part": "{address} deltar och får inga kopior",
    },
}


def line(done: Done[Changed], language: str) -> str:
    say = say_in(language, TEXTS)
    after, before = done.value.after, done.value.before.requester
    names = {"before": safe_line(str(before)), "after": safe_line(str(after.requester))}
    if done.value.same:
        return say("already", number=done.number, **names)
    said = [say("changed", number=done.number, **names)]
    if after.requester.address != before.address and after.takes_part(before.address):
        said.append(say("takes_part", address=before.address))
    return "; ".join(said)
