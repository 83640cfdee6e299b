"""What `drafts` says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from ticketctl.content.terminal import line as safe_line
from ticketctl.content.times import age
from ticketctl.present.tables import Column, table
from ticketctl.present.words import Texts, say_in
from ticketctl.usecases.reply.drafts import Draft, Drafts, Dropped
from ticketctl.usecases.results import Done

TEXTS: Texts = {
    "en": {
        "number": "#",
        "by": "by",
        "age": "age",
        "to": "to",
        "subject": "subject",
        "text": "text",
        "no_subject": "(no subject)",
        "left": "left by an editor: {file}; `ticketctl reply N --draft --text - < FILE` takes it in",
        "none": "There are no drafts.",
        "dropped": "#{number} draft {message} dropped",
        "which": "which draft? Name its ticket: `ticketctl drafts 17 --drop`",
    },
    "sv": {
        "number": "#",
        "by": "av",
        "age": "ålder",
        "to": "till",
        "subject": "rubrik",
        "text": "text",
        "no_subject": "(ingen rubrik)",
        "left": "kvar efter en editor: {file}; `ticketctl reply N --draft --text - < FIL` tar in den",
        "none": "Det finns inga utkast.",
        "dropped": "#{number} utkastet {message} är borttaget",
        "which": "vilket utkast? Nämn dess ärende: `ticketctl drafts 17 --drop`",
    },
}
LEAST = {"by": 6, "to": 10, "subject": 12, "text": 16}


def lines(found: Drafts, language: str, *, now: datetime, width: int) -> Iterator[str]:
    say = say_in(language, TEXTS)
    if found.drafts:
        keys = ("number", "by", "age", "to", "subject", "text")
        heads = [
            Column(say(key), right=key in ("number", "age"), least=LEAST.get(key, 0), weight=1 + (key == "text"))
            for key in keys
        ]
        yield from table(heads, [_row(one, now, language) for one in found.drafts], width)
    for file in found.left:
        yield say("left", file=file)
    if not found.drafts and not found.left:
        yield say("none")


def dropped_line(done: Done[Dropped], language: str) -> str:
    return say_in(language, TEXTS)("dropped", number=done.number, message=done.value.message)


def _row(one: Draft, now: datetime, language: str) -> list[str]:
    ticket, message = one.ticket, one.message
    who = ticket.requester.name or ticket.requester.address
    subject = ticket.subject or say_in(language, TEXTS)("no_subject")
    return [
        str(ticket.number),
        safe_line(message.author),
        age(message.at, now, language),
        *map(safe_line, (who, subject, message.text)),
    ]
