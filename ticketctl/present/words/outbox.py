"""What `outbox` says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo

from ticketctl.content.terminal import line as safe_line
from ticketctl.content.times import age, local
from ticketctl.domain.ticket.delivery import trouble
from ticketctl.domain.ticket.outbound import Outbound
from ticketctl.domain.ticket.scheduling import state_of
from ticketctl.present.tables import Column, table
from ticketctl.present.thread import wrapped
from ticketctl.present.words import Say, Texts, say_in
from ticketctl.usecases.outgoing.outbox import SHOWN_ID
from ticketctl.usecases.reply.take_back import TakenBack
from ticketctl.usecases.results import Done

TEXTS: Texts = {
    "en": {
        "empty": "the outbox is empty",
        "id": "Id",
        "kind": "Kind",
        "state": "State",
        "ticket": "Ticket",
        "age": "Age",
        "tries": "Tries",
        "to": "To",
        "when": "Sent at, or next try",
        "held": "`ticketctl outbox release {which}` sends it, `ticketctl outbox cancel {which}` makes it a draft",
        "draft": "#{number}: nothing was sent; {messages} is a draft again{then}",
        "drafts": "#{number}: nothing was sent; {messages} are drafts again{then}",
        "closed": ", and the ticket is closed; `ticketctl reopen {number}` first, to go on with it",
        "continue": "; `ticketctl reply {number}` goes on with it",
    },
}
INDENT = " " * (SHOWN_ID + 2)
COLUMNS = ("id", "kind", "state", "ticket", "age", "tries", "to", "when")
FIGURES = ("age", "tries")


def outbox_lines(items: Sequence[Outbound], language: str, *, now: datetime, zone: tzinfo, width: int) -> Iterator[str]:
    """A line each, and below it what went wrong so far."""
    say = say_in(language, TEXTS)
    if not items:
        yield say("empty")
        return
    heads = [Column(say(one), right=one in FIGURES, least=14 * (one == "to")) for one in COLUMNS]
    head, *rows = table(heads, [_row(item, now, zone) for item in items], width)
    yield head
    for item, row in zip(items, rows, strict=True):
        yield row
        for said in _below(item, say):  # whole: a server's answer is too long for a column
            yield from (one.text for one in wrapped(said, width, INDENT))


def cancelled_line(done: Done[TakenBack], language: str) -> str:
    say, number, taken = say_in(language, TEXTS), done.number, done.value
    several = len(taken.keys) > 1 and len(taken.after.messages) == len(taken.before.messages)
    then = say("closed" if taken.after.closed else "continue", number=number)
    return say("drafts" if several else "draft", number=number, messages=", ".join(taken.keys), then=then)


def _row(item: Outbound, now: datetime, zone: tzinfo) -> list[str]:
    when = item.next_at or item.leaves_at
    return [
        item.id[:SHOWN_ID],
        item.kind,
        state_of(item),
        f"#{item.ticket}" if item.ticket else "",
        age(item.queued_at, now),
        str(item.attempts or ""),
        safe_line(", ".join(item.recipients)),
        local(when, zone) if when and item.state != "held" else "",
    ]


def _below(item: Outbound, say: Say) -> Iterator[str]:
    if said := safe_line(trouble(item)):
        yield said
    if item.state == "held":
        yield say("held", which=item.ticket or item.id[:SHOWN_ID])
