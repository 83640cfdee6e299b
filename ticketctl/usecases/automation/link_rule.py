"""Links that rules make: with a ticket by its number, or with what else its requester has open."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from ticketctl.domain.rules.actions import LinkEffect
from ticketctl.domain.ticket.query import ACTIVE
from ticketctl.domain.ticket.ticket import Act, Link, Ticket
from ticketctl.errors import NoSuchTicket
from ticketctl.ports.store import Desk

MOST = 20  # of a requester's own tickets, the newest


class Neighbours(Protocol):
    """The other tickets, as they are in the middle of a run."""

    def ticket(self, number: int) -> Ticket | None: ...
    def open_of(self, address: str) -> Iterable[int]:
        """The numbers of the tickets that are not closed and whose requester that is."""

    def put(self, ticket: Ticket) -> None: ...


class OnDesk:
    """Neighbours in an open transaction: what is put is saved at once."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def ticket(self, number: int) -> Ticket | None:
        try:
            return self._desk.get(number)
        except NoSuchTicket:
            return None

    def open_of(self, address: str) -> Iterable[int]:
        return [one.number for one in self._desk.find(ACTIVE) if one.requester.address == address]

    def put(self, ticket: Ticket) -> None:
        self._desk.save(ticket)


def linked(ticket: Ticket, effect: LinkEffect, act: Act, others: Neighbours) -> Ticket:
    """The ticket with the links, and the others linked back; one that is closed stays as it is. Raises NoSuchTicket."""
    for number in _meant(ticket, effect, others):
        other = others.ticket(number)
        if other is None:
            raise NoSuchTicket("there is no ticket #{number} to link with", code="no_ticket_to_link", number=number)
        if other.merged_into:
            other = others.ticket(other.merged_into) or other
        if other.number == ticket.number:
            continue
        ticket = ticket.link(act, other.number)
        if not other.closed and Link(ticket.number, "related") not in other.links:
            others.put(other.link(act, ticket.number))
    return ticket


def _meant(ticket: Ticket, effect: LinkEffect, others: Neighbours) -> list[int]:
    if effect.to != "own_open":
        return [effect.to]
    address = ticket.requester.address
    found = {number for number in others.open_of(address) if number != ticket.number} if address else set[int]()
    return sorted(found)[-MOST:]
