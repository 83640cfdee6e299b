"""`rules replay`: what the rules would have done to past tickets, against what was done."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from tests.commands.test_triage import content
from tests.conftest import RULES, Office
from tests.growth import calls
from ticketctl.domain.ticket.ticket import Act

DAY = timedelta(days=1)
OLD = """\
rules:
  - {id: outage, events: [created], when: {text: {any_word: [nere]}}, then: [{set: {priority: high}}, {label: drift}]}
  - {id: turn, events: [created], when: {text: {any_word: [nere]}}, then: [{assign: least_loaded}]}
"""
NEW = """\
rules:
  - {id: outage, events: [created], when: {text: {any_word: [nere, driftstopp]}},
     then: [{set: {priority: high, category: support}}]}
  - {id: turn, events: [created], when: {text: {any_word: [nere]}}, then: [{assign: least_loaded}]}
  - {id: again, events: [customer_message], when: {status: open, text: {contains: igen}}, then: [{label: vip}]}
  - {id: header, events: [created], when: {header.X-Prio: {is: "1"}}, then: [{set: {area: app}}]}
  - {id: late, events: [sweep], then: [{label: reklamation}]}
"""


@pytest.fixture
def desk(office: Office) -> Office:
    """Three tickets under the old rules; #2 and #3 were sorted by a person, #1 was given to somebody else."""
    rules = office.folder / "rules.yaml"
    rules.write_text(RULES + OLD, "utf-8")
    office.make(1, subject="Allt ligger nere")
    office.make(2, subject="Driftstopp")
    office.make(3, subject="Fråga")
    office.make(4, subject="För länge sedan nere", age=200 * DAY)
    office.say("triage")
    office.say("assign", 1, "bo")
    office.say("set", 2, "category=faktura")
    office.say("set", 3, "category=sälj")
    rules.write_text(RULES + NEW, "utf-8")
    return office


def test_by_field_and_as_counts(desk: Office) -> None:
    told = json.loads(desk.say("rules", "replay", "--json"))
    assert told["tickets"] == 3
    nothing = {"same": 0, "other": 0, "rules_alone": 0, "done_alone": 0}
    assert told["fields"] == {
        "priority": {**nothing, "same": 2, "other": 1},
        "assignee": {**nothing, "same": 1},
        "label drift": {**nothing, "done_alone": 1},
        "category": {**nothing, "rules_alone": 1, "other": 1, "done_alone": 1},
    }
    assert told["rules"] == {
        "outage": {"would": 2, "did": 1},
        "turn": {"would": 1, "did": 1},
        "again": {"would": 0, "did": 0},
        "header": {"would": 0, "did": 0},
    }
    assert {"ticket": 2, "what": "category", "would": "support", "was": "faktura", "kind": "other"} in told[
        "differences"
    ]


def test_as_tables(desk: Office) -> None:
    said = desk.say("rules", "replay", "--since", "1 year").splitlines()
    assert said[0] == "4 tickets replayed; nothing was changed"
    for words in (
        ["what", "same", "other", "value", "rules", "alone", "done", "alone"],
        ["outage", "3", "2"],
        ["#2", "category", "support", "faktura"],
        ["#1", "category", "support", "–"],
    ):
        assert words in [line.split() for line in said], said


def test_another_file(desk: Office, tmp_path: Path) -> None:
    other = tmp_path / "annan.yaml"
    other.write_text(RULES + OLD, "utf-8")
    told = json.loads(desk.say("rules", "replay", "--rules", other, "--json"))
    assert [one for one in told["differences"] if one["kind"] != "done alone"] == []
    other.write_text(RULES + "labls: [a]\n", "utf-8")
    assert "annan.yaml:" in desk.trouble("rules", "replay", "--rules", other, code=2)


def test_nothing_is_changed(desk: Office) -> None:
    desk.say("rules", "check")
    before = content(desk.folder)
    desk.say("rules", "replay")
    assert content(desk.folder) == before


def test_headers_later_mails_and_escalation(desk: Office) -> None:
    mail = "From: a@kund.example\nSubject: {}\nMessage-ID: <{}@kund.example>\n{}\nHej!\n"
    (desk.folder / "rules.yaml").write_text(RULES, "utf-8")
    desk.say("fetch", "-", stdin=mail.format("Trasig kanna", "a1", "X-Prio: 1\n"))
    desk.say("assign", 5, "bo")
    desk.change(5, lambda ticket: ticket.prioritise(Act("system", desk.now, "escalation 100%"), "high"))
    desk.now += timedelta(hours=1)
    desk.say("fetch", "-", stdin=mail.format("SV: Trasig kanna igen", "a2", "In-Reply-To: <a1@kund.example>\n"))
    (desk.folder / "rules.yaml").write_text(RULES + NEW, "utf-8")
    told = json.loads(desk.say("rules", "replay", "--json"))
    own = {one["what"]: (one["would"], one["was"]) for one in told["differences"] if one["ticket"] == 5}
    assert own == {"assignee": ("", "bo"), "label vip": ("yes", ""), "area": ("app", "")}


def test_what_was_logged_by_hand_is_left_out(office: Office) -> None:
    (office.folder / "rules.yaml").write_text(RULES + NEW, "utf-8")
    office.make(1, channel="phone")
    assert office.say("rules", "replay").startswith("0 tickets replayed")
    assert "is not a duration" in office.trouble("rules", "replay", "--since", "igår", code=2)


def test_the_work_grows_with_the_number_of_tickets(desk: Office) -> None:
    """`python -m bench replay` tells how long it takes for 10,000."""
    add(desk, 100)
    few = calls(lambda: desk.say("rules", "replay"))
    add(desk, 400)
    assert calls(lambda: desk.say("rules", "replay")) < 6 * few  # each with each: 25 times
    assert desk.say("rules", "replay").startswith("503 tickets replayed")


def add(desk: Office, count: int) -> None:
    with desk.store.transaction() as inside:
        one = desk.get(2)
        for _ in range(count):
            number = inside.new_number()
            message = msgspec.structs.replace(one.messages[0], message_id=f"n{number}@kund.example")
            inside.save(msgspec.structs.replace(one, number=number, messages=(message,), revision=0))
