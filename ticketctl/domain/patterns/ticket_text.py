"""What a ticket is about, in its customer's words; and which tickets patterns look at."""

from __future__ import annotations

from ticketctl.domain.text.language import detect
from ticketctl.domain.text.subjects import NO_SUBJECT, base_subject
from ticketctl.domain.ticket.message import Message
from ticketctl.domain.ticket.ticket import Ticket


def belongs(ticket: Ticket) -> bool:
    """Whether it can be in a group: no spam, no test, not merged away, and a person's matter. Old tickets that were
    imported are in."""
    if ticket.spam or ticket.test or ticket.merged_into:
        return False
    return any(message.from_customer for message in ticket.messages) or not any(one.machine for one in ticket.messages)


def question(ticket: Ticket) -> str:
    """Subject and what the customer asked first, without what was quoted. "" where nothing is left of both."""
    subject = "" if ticket.subject == NO_SUBJECT else base_subject(ticket.subject)
    return f"{subject}\n{asked(ticket)}".strip()


def asked(ticket: Ticket) -> str:
    """The first text that a customer wrote; of a matter of our own the first of all."""
    first = _first(ticket)
    return first.text if first else ""


def language(ticket: Ticket, text: str, otherwise: str) -> str:
    """In which language its text is written (ISO 639-1): what the text itself tells, what is noted at the ticket,
    otherwise the desk's."""
    return detect(text) or ticket.language or otherwise


def people(ticket: Ticket) -> frozenset[str]:
    """The parts of names and addresses of everybody in it, in small letters: no word of a text that could name it."""
    found = set[str]()
    everybody = [ticket.requester, *ticket.participants, *(message.sender for message in ticket.messages)]
    for person in {one.address: one for one in everybody}.values():
        local = person.address.partition("@")[0]
        found |= {part for part in _parts(f"{person.name} {local}") if len(part) > 2}
    return frozenset(found)


def _parts(name: str) -> list[str]:
    return "".join(char if char.isalpha() else " " for char in name.casefold()).split()


def _first(ticket: Ticket) -> Message | None:
    written = [message for message in ticket.messages if message.text.strip()]
    theirs = (message for message in written if message.from_customer)
    ours = (message for message in written if message.kind != "automatic" and not message.machine)
    return next(theirs, None) or next(ours, None)
