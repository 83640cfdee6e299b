"""Tickets as a table, one a line, and as JSON: `list` and `search`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ticketctl.content.terminal import folded, line
from ticketctl.content.times import age, ahead
from ticketctl.domain.deadlines.work_order import TicketInQueue
from ticketctl.present.json import Json, instant, ticket_json
from ticketctl.present.tables import TAIL, Column, table
from ticketctl.present.words import say_in
from ticketctl.present.words.list import TEXTS, more_lines
from ticketctl.present.words.terms import TEXTS as TERMS
from ticketctl.present.words.terms import channel_note, priority_word, status_word
from ticketctl.usecases.views.list import Listed


def ticket_rows(found: Listed, most: int | None, room: int, language: str) -> Iterator[tuple[str, str]]:
    """The titles, then `most` of the tickets, then how many are left out, in `room` columns. Lines with what they are:
    "title", "warning", "dim" or ""."""
    shown = found.tickets[:most]
    writing = {one.number: one.agent for one in found.writing}
    cells = [_cells(one, writing.get(one.ticket.number, ""), language) for one in shown]
    titles, *lines = table(_columns(language), cells, room)
    yield titles, "dim"
    yield from ((text, _kind(one)) for one, text in zip(shown, lines, strict=True))
    if len(shown) < len(found.tickets):
        late = sum(one.overdue for one in found.tickets)
        hidden = late - sum(one.overdue for one in shown)
        what, how = more_lines(len(shown), len(found.tickets), late, hidden, language)
        yield what, ""
        yield from ((text, "") for text in folded(how, room, "  "))


def queued_json(one: TicketInQueue) -> Json:
    return {
        **ticket_json(one.ticket, False),
        "due_at": instant(one.due),
        "overdue": one.overdue,
        "promised_at": instant(one.promised),
    }


def _columns(language: str) -> Sequence[Column]:
    say = say_in(language, TEXTS)
    return (
        Column("#", right=True),
        Column(say("prio"), optional=2),
        Column(say("status"), optional=3),
        Column(say("due"), right=True),
        Column(say("owner"), least=6, optional=1),
        Column(say("requester"), least=8),
        Column(say("subject"), least=16, weight=2),
        Column(say("age"), right=True, optional=4),
    )


def _cells(one: TicketInQueue, writer: str, language: str) -> list[str]:
    ticket = one.ticket
    labels = f"[{', '.join(map(line, ticket.labels))}]" if ticket.labels else ""
    tail = " ".join(filter(None, (channel_note(ticket, language), labels)))
    subject = line(ticket.subject) or say_in(language, TERMS)("no_subject")
    if writer:
        subject = say_in(language, TEXTS)("writing", agent=line(writer), subject=subject)
    return [
        str(ticket.number),
        priority_word(ticket.priority, language),
        status_word(ticket, language),
        _due(one, language),
        line(ticket.assignee) or "–",
        line(ticket.requester.name or ticket.requester.address or "–"),
        f"{subject}{TAIL}{tail}" if tail else subject,
        age(one.began, one.now, language),
    ]


def _due(one: TicketInQueue, language: str) -> str:
    """When the next deadline is ("p": promised in a reply), else when a waiting ticket comes back."""
    say, wake = say_in(language, TEXTS), one.ticket.wake_at
    if one.due and not one.ticket.closed:
        due = ahead(one.due, one.now, language)
        return say("promised", due=due) if one.due == one.promised else due
    if one.ticket.status != "waiting" or wake is None:
        return ""
    return say("wakes", when=ahead(wake, one.now, language)) if wake > one.now else say("awake")


def _kind(one: TicketInQueue) -> str:
    if one.overdue:
        return "warning"
    if one.ticket.closed or one.asleep:
        return "dim"
    return "title" if one.ticket.status == "new" or one.ticket.priority == "high" else ""
