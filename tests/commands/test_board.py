"""`board`: the state on one screen."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from ticketctl.content.terminal import columns
from ticketctl.domain.ticket.message import Message, Person
from ticketctl.domain.ticket.outbound import Outbound
from ticketctl.domain.ticket.ticket import Act

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def reply(office, number, delivery):
    message = Message(
        key=f"r{delivery}",
        direction="out",
        kind="message",
        at=office.now,
        delivery=delivery,
        sender=Person("a@exempel.example"),
        author="alice",
        text="Svar",
    )
    office.change(number, lambda one: one.write(Act("alice", office.now, "reply"), message))


def queue(office, **fields):
    with office.store.transaction() as desk:
        given = {"id": "x", "kind": "report", "message_id": "a@b", "raw": "", "sender": "", "recipients": ()}
        desk.queue(Outbound(**{**given, "queued_at": office.now, **fields}))


def busy(office):
    office.make(1, priority="high", age=2 * DAY)
    office.make(2, assignee="bo", status="open")
    office.make(3, assignee="bo", status="waiting", wake_at=office.now + 2 * HOUR, age=30 * DAY)
    office.make(4, status="waiting", wake_at=office.now + 3 * DAY)
    office.make(5, status="open", assignee="alice")
    reply(office, 5, "failed")
    queue(office)
    queue(office, id="y", state="failed")
    queue(office, id="z", state="deferred", queued_at=office.now - 5 * HOUR)


def test_an_empty_desk(office):
    shown = office.say("board")
    assert "Nothing is open" in shown and "Exempel AB  Fri 2026-11-20 10:00" in shown


def test_each_ticket_once_under_its_first_heading(office):
    busy(office)
    shown = office.say("board")
    heads = [line.split(" (")[0] for line in shown.splitlines() if line.endswith(")") and not line.startswith(" ")]
    assert heads == ["Not delivered", "Overdue", "Unassigned"]
    for number in (1, 3, 4, 5):
        assert shown.split("\nowner ")[0].count(f"#{number} ") == 1
    counts = "5 open   1 unopened   2 unassigned   2 overdue   1 waking today   2 not delivered   2 in the outbox"
    assert counts in shown.splitlines()
    assert "1 mail not accepted yet, for 5h: `ticketctl send --list`" in shown
    assert "Oldest: #3" in shown


def test_json_names_the_tickets(office):
    busy(office)
    shape = json.loads(office.say("board", "--json"))
    assert {name: shape[name] for name in ("active", "unopened", "unassigned", "waking", "not_delivered")} == {
        "active": 5,
        "unopened": [1],
        "unassigned": [1, 4],
        "waking": [3],
        "not_delivered": [5],
    }
    assert shape["overdue"] == [3, 1] and shape["oldest"] == 3
    outbox = {"pending": 2, "deferred": 1, "deferred_since": "2026-11-20T04:00:00Z", "stuck": 1, "scheduled": 0}
    assert (shape["outbox"], shape["held_back"]) == (outbox, [])
    nobody = shape["owners"][0]
    assert (nobody["owner"], nobody["active"], nobody["oldest"]) == (None, 2, "2026-11-18T09:00:00Z")
    assert (nobody["waiting_on_us"], nobody["waiting_on_customer"], nobody["overdue"]) == (1, 1, 1)


@pytest.mark.parametrize("later", ["sent", "queued"])
def test_a_failed_reply_is_over_once_another_one_left(office, later):
    office.make(1)
    reply(office, 1, "bounced")
    assert json.loads(office.say("board", "--json"))["not_delivered"] == [1]
    reply(office, 1, later)
    assert json.loads(office.say("board", "--json"))["not_delivered"] == []


def test_it_fits_100_columns(office, monkeypatch):
    monkeypatch.setenv("COLUMNS", "250")
    name = "Förvaltningsbolaget Hästskon i Örnsköldsvik Aktiebolag (publ) 日本語"
    for number in range(1, 31):
        office.make(
            number,
            requester=Person("k@kund.example", name),
            subject="Årsabonnemang för Övertorneå " * 9,
            age=number * DAY,
            assignee="namn-" + "å" * 60 if number % 2 else "",
        )
    shown = office.say("board")
    assert max(map(columns, shown.splitlines())) <= 100
    assert "… and 25 more: `ticketctl list --overdue`" in shown


def test_waking_today_ends_with_the_local_day(office):
    office.make(1, status="waiting", wake_at=office.now + 13 * HOUR + timedelta(minutes=59))  # 23:59 in Stockholm
    office.make(2, status="waiting", wake_at=office.now + 14 * HOUR)  # midnight
    assert json.loads(office.say("board", "--json"))["waking"] == [1]
