"""Tickets in bulk, by day: a desk whose past is known."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import msgspec

from ticketctl.domain.ticket.message import Message, Person
from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.ports.store import Store


def ticket(number: int, day: date, **fields: Any) -> Ticket:
    """One customer's mail of that day, at 9:05 to 15:05 UTC."""
    at = datetime.combine(day, time(9 + number % 7, 5), UTC)
    who = Person(f"kund{number % 97}@kund.example", "")
    message = Message(key="m1", direction="in", kind="message", at=at, sender=who, message_id=f"{number}@kund.example")
    made = Ticket(number=number, subject="Fråga", requester=who, opened_at=at, channel="email")
    return msgspec.structs.replace(made.receive(Act("system", at, "fetch"), message), **fields)


def closed(number: int, day: date, cause: str, *, after: timedelta = timedelta(hours=2), **fields: Any) -> Ticket:
    """The same, closed with that cause."""
    made = ticket(number, day, **fields)
    return made.close(Act("alice", made.opened_at + after, "close"), cause=cause)


def filled(store: Store, tickets: Iterable[Ticket]) -> None:
    """In one commit."""
    with store.transaction() as desk:
        for one in tickets:
            desk.save(one)


def days_of(monday: date, count: int, *, over: int = 5) -> list[date]:
    """`count` days, spread evenly over the first `over` of that week."""
    return [monday + timedelta(days=one % over) for one in range(count)]
