"""What a person has decided on a ticket, read from its history: a rule that a later mail sets off leaves that alone."""

from __future__ import annotations

from ticketctl.domain.ticket.ticket import Event, Ticket


def decided_by(ticket: Ticket, what: str) -> str:
    """The agent who set that last ("priority", "assigned", "field area"); "" where a rule, an escalation step or nobody
    did."""
    return next((_person(event) for event in reversed(ticket.events) if event.what == what), "")


def labelled_by(ticket: Ticket, label: str) -> str:
    """The agent who put that label on, or took it off, last; "" where that was no person's."""
    for event in reversed(ticket.events):
        if event.what in ("labelled", "unlabelled") and label in (event.after or event.before).split(", "):
            return _person(event)
    return ""


def _person(event: Event) -> str:
    return "" if event.actor == "system" or event.why.startswith(("rule ", "escalation ")) else event.actor
