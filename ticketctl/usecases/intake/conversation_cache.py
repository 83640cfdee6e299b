"""What the desk knows of its conversations, in memory for one transaction: a batch looks up thousands of Message-IDs
and adds to the same tickets again and again; each ticket is then saved once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from ticketctl.domain.ticket.message import Inbound
from ticketctl.domain.ticket.query import ACTIVE
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.domain.ticket.timeline import imported_at, number_there
from ticketctl.errors import NoSuchTicket
from ticketctl.ports.store import RENUMBERED, Desk

_SAME_DAY = timedelta(days=1)


class ConversationCache:
    """`put` changes a ticket here, `save` all of them there. What no mail concerns is never decoded, so that a large
    desk is not in memory twice."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._tickets: dict[int, Ticket] = {}
        self._changed: dict[int, None] = {}
        self._holders: dict[str, int] = {}
        self._contents: dict[str, int] = {}
        self._mentions: dict[str, set[int]] = {}
        self._open: dict[str, set[int]] | None = None
        self._there: dict[int, list[int]] | None = None

    def ticket(self, number: int) -> Ticket | None:
        """Whole, from the archive too."""
        if number not in self._tickets:
            try:
                self._tickets[number] = self._desk.get(number)
            except NoSuchTicket:
                return None
        return self._tickets[number]

    def open_of(self, address: str) -> Collection[int]:
        """The tickets that are not closed and whose requester that is, those of this run too."""
        if self._open is None:
            self._open = {}
            for ticket in self._desk.find(ACTIVE):
                self._open.setdefault(ticket.requester.address, set()).add(ticket.number)
        here = {one.number for one in self._tickets.values() if one.requester.address == address}
        there = {number for number in self._open.get(address, set()) if number not in self._tickets}
        return there | {number for number in here if not self._tickets[number].closed}

    def renumbered(self, number: int) -> Collection[int]:
        """Looked up once a run, and only where an import gave new numbers: it goes through all tickets."""
        if self._there is None:
            self._there = {}
            for ticket in self._desk.find(archive=True) if self._desk.recall(RENUMBERED) else ():
                if there := number_there(ticket):
                    self._there.setdefault(there, []).append(ticket.number)
        return self._there.get(number, ())

    def holder(self, message_id: str) -> int | None:
        return self._holders.get(message_id) or self._desk.find_message(message_id)

    def mentions(self, message_id: str) -> Collection[int]:
        return self._mentions.get(message_id, set()).union(self._desk.mentions(message_id))

    def content(self, content: str) -> int | None:
        """As `Desk.find_content`: the ticket that holds it, 0 where it was set aside or purged, None for a new one."""
        return self._contents.get(content) or self._desk.find_content(content)

    def imported(self, mail: Inbound, at: datetime) -> int | None:
        """The ticket that holds this mail from another system, which gave no bytes to know it by: the same id, writer
        and day. Programs that repeat ids are known not to repeat these."""
        number = self.holder(mail.message_id)
        ticket = self.ticket(number) if number else None
        if ticket is None or imported_at(ticket) is None or mail.sender is None:
            return None
        for one in ticket.messages:
            same = one.message_id == mail.message_id and one.sender.address == mail.sender.address
            if same and not one.content and abs(one.at - (mail.date or at)) <= _SAME_DAY:
                return number
        return None

    def put(self, ticket: Ticket) -> None:
        before = self._tickets.get(ticket.number)
        fresh = ticket.messages[len(before.messages) if before else 0 :]
        self._tickets[ticket.number] = ticket
        self._changed[ticket.number] = None
        for message in fresh:
            for one in message.references:
                self._mentions.setdefault(one, set()).add(ticket.number)
            if message.message_id:
                self._holders.setdefault(message.message_id, ticket.number)
            if message.content:
                self._contents.setdefault(message.content, ticket.number)

    def save(self) -> None:
        for number in self._changed:
            self._tickets[number] = self._desk.save(self._tickets[number])
        self._changed.clear()
