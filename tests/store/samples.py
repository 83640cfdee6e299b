"""Tickets, outbound mail and quarantined mail of our own making."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from ticketctl.domain.ticket.message import Message, Person
from ticketctl.domain.ticket.outbound import Outbound
from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.ports.store import Desk, Quarantined

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
ACT = Act("alice", NOW)
ÅSA = Person("åsa@kund.example", "Åsa Öberg")


def message(number: int, which: int = 1, **fields: Any) -> Message:
    given: dict[str, Any] = {
        "key": f"m{which}",
        "direction": "in",
        "kind": "message",
        "at": NOW,
        "sender": ÅSA,
        "message_id": f"{number}.{which}@kund.example",
        "content": f"content {number}.{which}",
        "text": f"Hej! Ärende {number}:\nvar är paketet?",
        "whole": "> citat\nHej!",
    }
    return Message(**{**given, **fields})


def ticket(number: int, messages: int = 1, **fields: Any) -> Ticket:
    given: dict[str, Any] = {
        "subject": f"Var är min beställning {number}?",
        "requester": ÅSA,
        "opened_at": NOW,
        "messages": tuple(message(number, which) for which in range(1, messages + 1)),
    }
    return Ticket(number=number, **{**given, **fields})


def closed(number: int, at: datetime, **fields: Any) -> Ticket:
    return ticket(number, **fields).close(Act("alice", at), cause="leverans")


def add(desk: Desk, count: int = 1, **fields: Any) -> list[Ticket]:
    """That many new tickets, saved."""
    return [desk.save(ticket(desk.new_number(), **fields)) for _ in range(count)]


def outbound(name: str, **fields: Any) -> Outbound:
    given: dict[str, Any] = {
        "kind": "reply",
        "message_id": f"{name}@exempel.example",
        "raw": "ab" * 32,
        "sender": "support@exempel.example",
        "recipients": ("åsa@kund.example",),
        "queued_at": NOW,
    }
    return Outbound(id=name, **{**given, **fields})


def quarantined(name: str, **fields: Any) -> Quarantined:
    given: dict[str, Any] = {"at": NOW, "reason": "too deep", "source": "support", "raw": "cd" * 32}
    return Quarantined(id=name, content=f"content {name}", **{**given, **fields})


def renamed(ticket: Ticket, subject: str) -> Ticket:
    return msgspec.structs.replace(ticket, subject=subject)
