"""Who wrote to this desk before: asked by rules with `sender: known`, and worked out once a run, only if one asks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from ticketctl.domain.ticket.message import Message
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.ports.store import Desk

Letter = tuple[datetime, int, str]  # when it came, the ticket and the key of the message: the first letter is the least


class Senders:
    """Of every address the first message that is here, archive included. Spam, machine mail and what was purged or
    anonymised is none."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._first: dict[str, Letter] | None = None
        self._added: list[Ticket] = []
        self._spoken: dict[str, tuple[datetime, str]] | None = None

    def language_of(self, address: str, *, archive: bool) -> str:
        """In which language they wrote last; "" where that is not known. With `archive`, long ago too."""
        if self._spoken is None:
            self._spoken = {}
            for ticket in (*self._desk.find(archive=archive), *self._added):
                self._hear(self._spoken, ticket)
        return self._spoken.get(address, (None, ""))[1]

    def add(self, ticket: Ticket) -> None:
        """A ticket of this run that is not saved yet."""
        if self._spoken is not None:
            self._hear(self._spoken, ticket)
        self._added.append(ticket)
        if self._first is not None:
            self._learn(self._first, [ticket])

    def wrote_before(self, ticket: Ticket, message: Message | None) -> bool:
        """Whether its sender had written before `message` came; of a reply of ours, whether who is answered had."""
        if message is not None and message.direction == "out":
            message = ticket.last(direction="in")
        if message is None:
            return False
        if self._first is None:
            self._first = {}
            self._learn(self._first, self._desk.find(archive=True))
            self._learn(self._first, self._added)
        first = self._first.get(message.sender.address)
        return first is not None and first < (message.at, ticket.number, message.key)

    def _hear(self, spoken: dict[str, tuple[datetime, str]], ticket: Ticket) -> None:
        for message in ticket.messages if not ticket.spam else ():
            address, language = message.sender.address, message.language
            if message.from_customer and language and (address not in spoken or spoken[address][0] <= message.at):
                spoken[address] = message.at, language

    def _learn(self, first: dict[str, Letter], tickets: Iterable[Ticket]) -> None:
        for ticket in tickets:
            for message in ticket.messages if not ticket.spam else ():
                letter = message.at, ticket.number, message.key
                address = message.sender.address
                if (
                    message.from_customer
                    and address
                    and letter < first.get(address, (letter[0], ticket.number + 1, ""))
                ):
                    first[address] = letter
