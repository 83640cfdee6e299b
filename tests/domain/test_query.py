"""What a search means: the reference that every store must answer by."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ticketctl.domain.ticket.message import Attachment, Message, Person
from ticketctl.domain.ticket.query import ACTIVE, EVERYTHING, Query, fold
from ticketctl.domain.ticket.ticket import Ticket

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
TICKET = Ticket(
    number=17,
    subject="Faktura för Ångström",
    requester=Person("asa@kund.example", "Åsa Öberg"),
    opened_at=AT,
    status="open",
    priority="high",
    assignee="alice",
    labels=("vip", "drift"),
    fields={"area": "app"},
    participants=(Person("bo@kund.example", "Bo"),),
    messages=(
        Message(
            key="m1",
            direction="in",
            kind="message",
            at=AT,
            sender=Person("cia@kund.example", "Cia"),
            subject="Betalning",
            text="Hej på er",
            whole="Hej på er\n> citerad räksmörgås",
            attachments=(Attachment(name="kvitto.pdf", type="application/pdf", size=1, sha256="0"),),
        ),
    ),
)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (EVERYTHING, True),
        (ACTIVE, True),
        (Query(numbers=frozenset({17, 18})), True),
        (Query(numbers=frozenset()), False),
        (Query(statuses=frozenset({"open"})), True),
        (Query(statuses=frozenset({"new"})), False),
        (Query(assignee="alice"), True),
        (Query(assignee=""), False),
        (Query(assignee="bo"), False),
        (Query(priorities=frozenset({"high", "low"})), True),
        (Query(priorities=frozenset({"low"})), False),
        (Query(labels=frozenset({"vip", "drift"})), True),
        (Query(labels=frozenset({"vip", "x"})), False),
        (Query(fields={"area": "app"}), True),
        (Query(fields={"area": "butik"}), False),
        (Query(fields={"category": ""}), True),
        (Query(fields={"category": "x"}), False),
        (Query(requester="asa@kund.example"), True),
        (Query(requester="bo@kund.example"), False),
        (Query(opened_from=AT), True),
        (Query(opened_from=AT + timedelta(seconds=1)), False),
        (Query(opened_to=AT), False),
        (Query(opened_to=AT + timedelta(seconds=1)), True),
        (Query(spam=False), True),
        (Query(spam=True), False),
        (Query(search="  "), True),
        (Query(search="FAKTURA a\u030angstro\u0308m"), True),
        (Query(search="faktura saknas"), False),
        (Query(search="öberg"), True),
        (Query(search="bo@kund"), True),
        (Query(search="cia"), True),
        (Query(search="betalning"), True),
        (Query(search="RÄKSMÖRGÅS"), True),
        (Query(search="kvitto.pdf"), True),
        (Query(search="öberg räksmörgås kvitto"), True),
        (Query(assignee="alice", search="saknas"), False),
    ],
)
def test_every_given_part_must_hold(query, found):
    assert query.matches(TICKET) is found


def test_active_is_all_but_closed():
    import msgspec

    assert [
        status
        for status in ("new", "open", "waiting", "closed")
        if ACTIVE.matches(msgspec.structs.replace(TICKET, status=status))
    ] == ["new", "open", "waiting"]


def test_only_a_search_needs_the_texts():
    assert Query(search="x").needs_texts and not Query(labels=frozenset({"vip"})).needs_texts


def test_folding():
    assert fold("A\u030aNGSTRÖM") == fold("ångström") and fold("Straße") == fold("STRASSE")
