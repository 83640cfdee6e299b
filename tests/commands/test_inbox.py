"""`inbox`: what others did on my tickets since I last looked, each thing once."""

from __future__ import annotations

import json
from datetime import timedelta

import msgspec

from tests.conftest import Office
from ticketctl.domain.ticket.message import Message
from ticketctl.domain.ticket.ticket import Act, Ticket

HOUR = timedelta(hours=1)


def customer_writes(office: Office, number: int, text: str) -> None:
    def more(ticket: Ticket) -> Ticket:
        message = Message(
            key=ticket.next_key(), direction="in", kind="message", at=office.now, sender=ticket.requester, text=text
        )
        return ticket.receive(Act("system", office.now, "fetch"), message)

    office.change(number, more)


def test_what_customers_and_colleagues_did_is_told_once(office: Office) -> None:
    office.make(1, assignee="alice", subject="Sprucken hjälm")
    office.run("inbox")
    office.now += HOUR
    customer_writes(office, 1, "Hallå? Är någon där?")
    office.run("note", 1, "Jag ringer i morgon.", user="bo")
    office.run("priority", 1, "high")
    told = office.say("inbox").splitlines()
    assert told[0] == "#1 Sprucken hjälm (open, high, alice’s)"
    assert "Åsa Öberg wrote: “Hallå? Är någon där?”" in told[1]
    assert "bo noted: “Jag ringer i morgon.”" in told[2]
    assert "bo opened it" in told[3] and len(told) == 4
    assert office.say("inbox") == "Nothing new on your tickets since Fri 2026-11-20 11:00.\n"


def test_others_tickets_are_not_in_it_and_each_agent_has_their_own(office: Office) -> None:
    office.make(1, assignee="bo")
    office.make(2)
    assert office.say("inbox") == "Nothing new on your tickets.\n"
    assert office.say("inbox", user="bo").startswith("#1 ")
    assert office.say("inbox", user="bo").startswith("Nothing new")


def test_a_reply_that_was_sent_is_no_news_but_one_that_came_back_is(office: Office) -> None:
    office.make(1, assignee="alice")
    office.run("inbox")
    office.run("reply", 1, "--text", "Hej", "--queue")
    office.run("send", user="bo")
    assert office.get(1).messages[-1].delivery == "sent"
    assert office.say("inbox").startswith("Nothing new")
    office.change(1, lambda ticket: ticket.delivered(Act("system", office.now, "fetch"), "m2", "bounced", "5.1.1"))
    assert "the reply m2 came back (5.1.1)" in office.say("inbox")


def test_a_ticket_that_is_given_or_taken(office: Office) -> None:
    office.make(1)
    office.run("note", 1, "Gammalt.", user="bo")
    office.run("inbox")
    office.run("assign", 1, "alice", user="bo")
    told = office.say("inbox")
    assert "bo gave it to you" in told and "Gammalt" not in told
    office.run("assign", 1, "bo", user="bo")
    assert "bo took it (it was yours)" in office.say("inbox")
    office.run("note", 1, "Nu är det mitt.", user="bo")
    assert "Nothing new" in office.say("inbox")


def test_what_was_begun_before_the_look_and_committed_after_it_is_not_missed(office: Office) -> None:
    office.make(1, assignee="alice")
    office.run("inbox")
    office.now -= 2 * HOUR
    office.run("note", 1, "Skriven länge.", user="bo")
    office.now += 3 * HOUR
    assert "Skriven länge." in office.say("inbox")


def test_peeking_leaves_it_new(office: Office) -> None:
    office.make(1, assignee="alice")
    before = (office.folder / "data" / "desk.json").read_bytes()
    assert office.say("inbox", "--peek").startswith("#1 ")
    assert (office.folder / "data" / "desk.json").read_bytes() == before
    assert office.say("inbox").startswith("#1 ")


def test_many_events_are_cut_and_no_line_is_wider_than_the_terminal(office: Office) -> None:
    office.make(1, assignee="alice")
    for index in range(9):
        customer_writes(office, 1, f"Påminnelse {index} " * 20)
    told = office.say("inbox").splitlines()
    assert told[1].startswith("  … 5 earlier") and "Påminnelse 8" in told[-1]
    assert max(map(len, told)) <= 100


def test_json_is_a_ticket_a_line(office: Office) -> None:
    office.make(1, assignee="alice")
    shape = json.loads(office.say("inbox", "--json"))
    assert shape["ticket"] == 1 and shape["events"][0]["what"] == "received"
    assert office.say("inbox", "--json") == ""
    assert "no inbox" in office.trouble("inbox", user="system", code=5)


def test_a_purged_ticket_is_forgotten(office: Office) -> None:
    office.make(1, assignee="alice")
    office.run("inbox")
    with office.store.transaction() as desk:
        desk.delete(1)
    assert office.say("inbox").startswith("Nothing new")
    assert msgspec.json.decode(dict(_facts(office))["inbox alice"])["seen"] == {}


def _facts(office: Office) -> list[tuple[str, str]]:
    with office.store.reading() as desk:
        return list(desk.facts("inbox"))
