"""What `new` says."""

from __future__ import annotations

from ticketctl.content.terminal import line as one_line
from ticketctl.content.terminal import shortened
from ticketctl.present.words import Texts, say_in
from ticketctl.usecases.results import Done
from ticketctl.usecases.tickets.new import Logged

TEXTS: Texts = {
    "en": {
        "opened": "#{number} {subject}: opened, {agent}’s",
        "opened_unassigned": "#{number} {subject}: opened, unassigned: `ticketctl assign {number} me`",
        "others": "the same person’s: {others}",
        "about": "What was said; the first line is the subject where none was given.",
    },
    "sv": {
        "opened": "#{number} {subject}: öppnat, ansvarig: {agent}",
        "opened_unassigned": "#{number} {subject}: öppnat, utan ansvarig: `ticketctl assign {number} me`",
        "others": "samma person har {others}",
        "about": "Vad som sades; första raden blir ämne där inget angavs.",
    },
}
_SHOWN = 5


def line(done: Done[Logged], language: str) -> str:
    say, ticket = say_in(language, TEXTS), done.value.ticket
    subject = shortened(one_line(ticket.subject), 60)
    key = "opened" if ticket.assignee else "opened_unassigned"
    parts = [say(key, number=done.number, subject=subject, agent=ticket.assignee)]
    others = ", ".join(f"#{number}" for number in done.value.others[:_SHOWN])
    return "; ".join([*parts, *([say("others", others=others)] if others else [])])
