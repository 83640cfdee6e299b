"""News of tickets as lines and as JSON: `inbox`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo

import msgspec

from ticketctl.content.terminal import line, shortened
from ticketctl.content.times import age, local
from ticketctl.domain.ticket.news import News
from ticketctl.present.json import Json, event_json
from ticketctl.present.words import say_in
from ticketctl.present.words.inbox import TEXTS, sentence
from ticketctl.present.words.terms import TEXTS as TERMS
from ticketctl.present.words.terms import priority_word, status_word
from ticketctl.usecases.views.inbox import Inbox

SHOWN = 5


class View(msgspec.Struct, frozen=True, kw_only=True):
    """How to show it: `reader` is whose inbox it is, `room` the terminal columns."""

    reader: str
    now: datetime
    zone: tzinfo
    room: int
    language: str


def inbox_lines(found: Inbox, view: View) -> Iterator[str]:
    """Each ticket with the last of what happened."""
    for one in found.news:
        yield from (shortened(text, view.room) for text in _ticket(one, view))
    say = say_in(view.language, TEXTS)
    if not found.news and not found.quarantined:
        since = found.since and local(found.since, view.zone, view.language)
        yield say("nothing_new_since", since=since) if since else say("nothing_new")


def inbox_json(found: Inbox) -> Iterator[Json]:
    """An object a ticket; before them one about the quarantine, where there is something to look at."""
    if found.quarantined:
        yield {"ticket": None, "subject": None, "events": [], "quarantine": found.quarantined}
    for one in found.news:
        events = [
            {**event_json(event), "before": event.before or None, "after": event.after or None} for event in one.events
        ]
        yield {"ticket": one.ticket.number, "subject": one.ticket.subject, "events": events}


def _ticket(one: News, view: View) -> Iterator[str]:
    ticket, say, terms = one.ticket, say_in(view.language, TEXTS), say_in(view.language, TERMS)
    yield say(
        "head",
        number=ticket.number,
        subject=line(ticket.subject) or terms("no_subject"),
        status=status_word(ticket, view.language),
        priority=priority_word(ticket.priority, view.language),
        owner=say("owner", agent=ticket.assignee) if ticket.assignee else terms("unassigned"),
    )
    if len(one.events) > SHOWN:
        yield f"  {say('earlier', count=len(one.events) - SHOWN, number=ticket.number)}"
    ages = [age(event.at, view.now, view.language) for event in one.events[-SHOWN:]]
    for event, old in zip(one.events[-SHOWN:], ages, strict=True):
        what = sentence(ticket, event, view.reader, view.zone, view.language)
        yield f"  {old:>{max(4, *map(len, ages))}}  {what}"
