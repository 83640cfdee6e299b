"""What `move` and `split` say."""

from __future__ import annotations

from ticketctl.content.terminal import line as safe_line
from ticketctl.present.words import Texts, say_in
from ticketctl.usecases.results import Done
from ticketctl.usecases.tickets.move import Moved

TEXTS: Texts = {
    "en": {
        "moved": "#{number} {message} is {there} of #{target} now",
        "split": "#{number} {message} is the new ticket #{target} now, {requester}: {subject}",
    },
    "sv": {
        "moved": "#{number} {message} är nu {there} i #{target}",
        "split": "#{number} {message} är nu det nya ärendet #{target}, {requester}: {subject}",
    },
}


def moved_line(done: Done[Moved], language: str) -> str:
    moved = done.value
    return say_in(language, TEXTS)(
        "moved", number=done.number, message=moved.message, there=moved.key, target=moved.after.number
    )


def split_line(done: Done[Moved], language: str) -> str:
    fresh = done.value.after
    return say_in(language, TEXTS)(
        "split",
        number=done.number,
        message=done.value.message,
        target=fresh.number,
        requester=safe_line(str(fresh.requester)),
        subject=safe_line(fresh.subject),
    )
