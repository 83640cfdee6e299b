"""A ticket as the board and the list show it in a line."""

from __future__ import annotations

from typing import Any

from ticketctl.content.terminal import line
from ticketctl.content.times import age, ahead
from ticketctl.domain.deadlines.work_order import TicketInQueue
from ticketctl.present.words.terms import TEXTS, channel_note, priority_word, status_word
from ticketctl.web.language import language, speak


def row(one: TicketInQueue) -> dict[str, Any]:
    ticket, spoken, say = one.ticket, language(), speak(TEXTS)
    return {
        "number": ticket.number,
        "subject": line(ticket.subject) or say("no_subject"),
        "channel": channel_note(ticket, spoken),
        "labels": [line(name) for name in ticket.labels],
        "draft": next((line(said.author) for said in ticket.messages if said.delivery == "draft"), ""),
        "who": line(ticket.requester.name or ticket.requester.address) or "–",
        "owner": line(ticket.assignee),
        "status": status_word(ticket, spoken),
        "state": "closed" if ticket.closed else ticket.status,
        "priority": priority_word(ticket.priority, spoken),
        "high": ticket.priority == "high" and not ticket.closed,
        "due": _due(one, spoken),
        "late": one.overdue,
        "age": age(one.began, one.now, spoken),
        "asleep": one.asleep,
        "revision": ticket.revision,
    }


def _due(one: TicketInQueue, spoken: str) -> str:
    if one.due and not one.ticket.closed:
        return ahead(one.due, one.now, spoken)
    wake = one.ticket.wake_at
    return ahead(wake, one.now, spoken) if one.ticket.status == "waiting" and wake and wake > one.now else ""
