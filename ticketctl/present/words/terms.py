"""Words that several verbs say: statuses, priorities, large numbers."""

from __future__ import annotations

from ticketctl.content.words import CHANNEL, PRIORITY, STATUS, known
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.present.words import Texts, say_in

TEXTS: Texts = {
    "en": {
        "no_subject": "(no subject)",
        "unassigned": "unassigned",
        "spam": "spam",
        "in_ticket": "in #{number}",
    },
    "sv": {
        "no_subject": "(inget ämne)",
        "unassigned": "utan ansvarig",
        "spam": "skräppost",
        "in_ticket": "i #{number}",
    },
}


def status_word(ticket: Ticket, language: str) -> str:
    """ "open"; of a closed ticket also "spam" and "in #17", into which it was merged."""
    if ticket.merged_into:
        return say_in(language, TEXTS)("in_ticket", number=ticket.merged_into)
    return say_in(language, TEXTS)("spam") if ticket.spam else STATUS[known(language)][ticket.status]


def priority_word(priority: str, language: str) -> str:
    return PRIORITY[known(language)].get(priority, priority)


def channel_word(channel: str, language: str) -> str:
    return CHANNEL[known(language)].get(channel, channel)


def channel_note(ticket: Ticket, language: str) -> str:
    """ "(chat)" behind a subject; "" of mail and of what a colleague logged as their own, which is the rule."""
    return "" if ticket.channel in ("email", "system") else f"({channel_word(ticket.channel, language)})"


def figure(number: int, language: str) -> str:
    """ "1,200", in Swedish "1 200"."""
    return f"{number:,}".replace(",", "\u00a0" if language == "sv" else ",")
