"""What `link` says."""

from __future__ import annotations

from ticketctl.present.words import Texts, say_in
from ticketctl.usecases.results import Done
from ticketctl.usecases.tickets.link import Linked

TEXTS: Texts = {
    "en": {
        "linked": "#{number} and #{other} are now linked",
        "already": "#{number} and #{other} are linked already",
        "unlinked": "#{number} and #{other} are no longer linked",
        "not_linked": "#{number} and #{other} are not linked",
    },
    "sv": {
        "linked": "#{number} och #{other} är nu länkade",
        "already": "#{number} och #{other} är redan länkade",
        "unlinked": "#{number} och #{other} är inte längre länkade",
        "not_linked": "#{number} och #{other} är inte länkade",
    },
}


def line(done: Done[Linked], language: str) -> str:
    one = done.value
    key = ("not_linked" if one.same else "unlinked") if one.removed else ("already" if one.same else "linked")
    return say_in(language, TEXTS)(key, number=one.before.number, other=done.number)
