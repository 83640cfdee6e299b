"""What the desk knows of its conversations, in memory for one transaction: a batch looks up thousands of Message-IDs
and adds to the same tickets again and again; each ticket is then saved once."""

from __future__ import annotations

from collections.abc import Collection

from ticketctl.domain.message import Message
from ticketctl.domain.ticket import Ticket
from ticketctl.errors import NoSuchTicket
from ticketctl.store.base import Desk

DROPPED = "dropped "  # facts of the desk: "dropped <content>" of what was thrown out of quarantine → when


class Conversations:
    """Tickets of the desk as outlines until one is wanted whole; `put` changes one here, `save` all of them there."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._outlines: dict[int, Ticket] = {}
        self._whole: dict[int, Ticket] = {}
        self._changed: dict[int, None] = {}
        self._holders: dict[str, int] = {}
        self._mentions: dict[str, set[int]] = {}
        self._contents: dict[str, int] = {}
        for ticket in desk.find():
            self._outlines[ticket.number] = ticket
            for message in ticket.messages:
                self._learn(ticket.number, message)

    @property
    def tickets(self) -> Collection[Ticket]:
        """All that are not archived, as outlines or whole."""
        return (self._outlines | self._whole).values()

    def ticket(self, number: int) -> Ticket | None:
        found = self._whole.get(number) or self._outlines.get(number)
        if found is not None:
            return found
        try:
            return self._desk.get(number)
        except NoSuchTicket:
            return None

    def holder(self, message_id: str) -> int | None:
        return self._holders.get(message_id) or self._desk.find_message(message_id)

    def mentions(self, message_id: str) -> Collection[int]:
        return self._mentions.get(message_id, ())

    def content(self, content: str) -> int | None:
        """As `Desk.find_content`: the ticket that holds it, 0 where it was set aside or purged, None for a new one."""
        return self._contents.get(content) or self._desk.find_content(content)

    def whole(self, number: int) -> Ticket:
        """With its texts; raises NoSuchTicket."""
        return self._whole.get(number) or self._desk.get(number)

    def put(self, ticket: Ticket) -> None:
        before = self._whole.get(ticket.number) or self._outlines.get(ticket.number)
        self._whole[ticket.number] = ticket
        self._changed[ticket.number] = None
        for message in ticket.messages[len(before.messages) if before else 0 :]:
            self._learn(ticket.number, message)

    def save(self) -> None:
        for number in self._changed:
            self._whole[number] = self._desk.save(self._whole[number])
        self._changed.clear()

    def _learn(self, number: int, message: Message) -> None:
        if message.message_id:
            self._holders.setdefault(message.message_id, number)
        if message.content:
            self._contents.setdefault(message.content, number)
        for one in message.references:
            self._mentions.setdefault(one, set()).add(number)
