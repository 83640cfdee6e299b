"""Rules that ask whether the desk is open, and whether the sender wrote before."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.conftest import RULES, Office
from ticketctl.domain.ticket.message import Person
from ticketctl.domain.ticket.ticket import Act

DAY = timedelta(days=1)
DESK = """\
rules:
  - {id: night, events: [created], when: {hours: outside}, then: [{label: drift}]}
  - {id: day, events: [created], when: {hours: inside}, then: [{label: vip}]}
  - {id: fresh, events: [created], when: {sender: {first_contact: true}}, then: [{note: Hälsa välkommen}]}
  - {id: regular, events: [created, customer_message], when: {sender: {known: true, domain: kund.example}},
     then: [{set: {priority: high}}]}
"""


@pytest.fixture
def desk(office: Office) -> Office:
    (office.folder / "rules.yaml").write_text(RULES + DESK, "utf-8")
    return office


def fired(office: Office, number: int) -> list[str]:
    return [one.rule for one in office.get(number).fired]


def box(folder: Path, *senders: str) -> Path:
    mails = [
        f"From x@y.example Fri Nov 20 09:00:00 2026\nFrom: {sender}\nSubject: Mail {number}\n"
        f"Message-ID: <{number}@k.example>\n\nHej från {sender}, det här är brev {number}.\n\n"
        for number, sender in enumerate(senders)
    ]
    path = folder / "in.mbox"
    path.write_text("".join(mails), "utf-8")
    return path


def test_within_the_opening_hours_and_outside(desk: Office) -> None:
    desk.make(1, requester=Person("a@kund.example"))  # Friday 09:00
    desk.make(2, requester=Person("b@kund.example"), age=timedelta(hours=3))  # 07:00
    desk.make(3, requester=Person("c@kund.example"), age=5 * DAY)  # Sunday
    desk.now += timedelta(hours=12)  # it is when the mail came that counts
    desk.say("triage")
    assert [desk.get(number).labels for number in (1, 2, 3)] == [("vip",), ("drift",), ("drift",)]


def test_the_second_mail_of_a_run_is_from_somebody_known(desk: Office) -> None:
    path = box(desk.folder, "ny@kund.example", "ny@kund.example", "annan@kund.example", "ny@annat.example")
    desk.say("fetch", f"mbox:{path}")
    assert [{"fresh", "regular"} & set(fired(desk, number)) for number in (1, 2, 3, 4)] == [
        {"fresh"},
        {"regular"},
        {"fresh"},
        {"fresh"},
    ]


def test_an_old_closed_ticket_is_remembered_and_spam_is_not(desk: Office) -> None:
    desk.make(1, age=90 * DAY, requester=Person("gammal@kund.example"))
    desk.change(1, lambda ticket: ticket.close(Act("bo", desk.now - 89 * DAY)))
    desk.make(2, age=DAY, requester=Person("skrap@kund.example"))
    desk.change(2, lambda ticket: ticket.mark_spam(Act("bo", desk.now)))
    assert "1 closed ticket to the archive" in desk.say("escalate")
    desk.say("fetch", f"mbox:{box(desk.folder, 'gammal@kund.example', 'skrap@kund.example')}")
    assert "regular" in fired(desk, 3) and "fresh" in fired(desk, 4)
    assert "yes sender.known true: true" in desk.say("explain", 3)


def test_both_can_be_tested(desk: Office) -> None:
    tests = """\
tests:
  - {name: jul, given: {at: 2026-11-20 17:01}, expect: {labels: [drift], fired: [night, fresh]}}
  - {name: känd, given: {known: true, at: 2026-11-20 16:59}, expect: {priority: high, fired: [day, regular]}}
"""
    (desk.folder / "rules.yaml").write_text(RULES + DESK + tests, "utf-8")
    assert desk.say("rules", "test").endswith("all 2 tests passed\n")
