"""What a customer may see: one function for the page, the API and the chat."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from ticketctl.domain.chat.view import visible
from ticketctl.domain.ticket.customer_view import view_of
from ticketctl.domain.ticket.message import Message, Person
from ticketctl.domain.ticket.seen import seen_by_requester
from ticketctl.domain.ticket.ticket import Ticket

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
EVA, PER, US = Person("eva@kund.example", "Eva"), Person("per@annan.example"), Person("bo@exempel.example")
SENT = {"direction": "out", "kind": "message", "sender": US, "to": (EVA,), "delivery": "sent"}
HERS = {"direction": "in", "kind": "message", "sender": EVA}
SHOWN: dict[str, dict[str, Any]] = {
    "hers": HERS,
    "a reply": SENT,
    "an automatic answer": {**SENT, "kind": "automatic"},
    "a copy": {**SENT, "to": (PER,), "cc": (EVA,)},
    "came back": {**SENT, "delivery": "bounced"},
    "perhaps delivered": {**SENT, "delivery": "uncertain"},
}
HIDDEN: dict[str, dict[str, Any]] = {
    "a note": {"direction": "internal", "kind": "note", "sender": US},
    "another's": {**HERS, "sender": PER},
    "another's, to her": {**HERS, "sender": PER, "to": (EVA,)},
    "a call that we wrote down": {**HERS, "why": "logged by bo"},
    "a question to others": {**SENT, "to": (PER,), "aside": True},
    "a question to others with a copy": {**SENT, "aside": True},
    "to another": {**SENT, "to": (PER,)},
    **{
        f"a reply that is {one}": {**SENT, "delivery": one} for one in ("draft", "queued", "held", "failed", "deferred")
    },
}


def seen(fields: dict[str, Any]) -> list[bool]:
    message = Message(key="m1", at=NOW, text="CANARY", **fields)
    ticket = Ticket(number=1, subject="Kannan", requester=EVA, opened_at=NOW, messages=(message,))
    view = view_of(ticket, EVA.address)
    return [bool(seen_by_requester(ticket)), bool(view and view.said), bool(visible(ticket, EVA.address))]


@pytest.mark.parametrize("name", SHOWN)
def test_what_is_hers_is_shown_by_every_door(name):
    assert seen(SHOWN[name]) == [True, True, True]


@pytest.mark.parametrize("name", HIDDEN)
def test_what_is_not_hers_is_shown_by_none(name):
    assert seen(HIDDEN[name]) == [False, False, False]


def test_an_answer_of_another_system_without_readers_is_the_requesters():
    message = Message(key="m1", at=NOW, text="Svar", direction="out", kind="message", sender=US)
    ticket = Ticket(number=1, subject="Kannan", requester=EVA, opened_at=NOW, messages=(message,))
    assert seen_by_requester(ticket) == (message,)
    assert view_of(ticket, PER.address) is None and visible(ticket, EVA.address) == ()
