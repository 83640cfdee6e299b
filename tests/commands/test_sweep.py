"""Sweep rules, as cron runs them: the customer is reminded, the silent ticket closed, the team told; each once."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from tests.commands.test_escalate import outbox
from tests.conftest import RULES, Office
from ticketctl.domain.ticket.message import Message, Person
from ticketctl.domain.ticket.ticket import Act

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SILENT = """\
rules:
  - id: remind-customer
    events: [sweep]
    when: {all: [{status: waiting}, {since_our_reply: {at_least: 5d}}]}
    then: [{reply: {snippet: paminnelse, automatic: true}}]
    once: per_wait
    at_most: 2
  - id: close-silent
    events: [sweep]
    when: {all: [{status: waiting}, {since_our_reply: {at_least: 10d}}]}
    then: [{close: {resolution: no_answer}}]
  - id: forgotten
    events: [sweep]
    when: {status: open, since_customer_message: {at_least: calendar 3d}}
    then: [{notify: owner}]
    why: kunden har väntat länge
"""


@pytest.fixture
def desk(office: Office) -> Office:
    return with_rules(office, SILENT)


def with_rules(office: Office, rules: str) -> Office:
    (office.folder / "rules.yaml").write_text(RULES.replace("targets:", "x:").split("x:")[0] + rules, "utf-8")
    return office


def answered(office: Office, number: int = 0, *, wait: timedelta = 60 * DAY, **fields: object) -> int:
    """A ticket that waits for the customer after our reply of this moment."""
    number = office.make(number, **fields).number
    reply(office, number)
    office.change(number, lambda ticket: ticket.wait(Act("bo", office.now), office.now + wait))
    return number


def reply(office: Office, number: int, delivery: str = "sent") -> None:
    def write(ticket):
        message = Message(
            key=ticket.next_key(),
            direction="out",
            kind="message",
            at=office.now,
            sender=Person("support@exempel.example"),
            author="bo",
            text="Stämmer adressen?",
            delivery=delivery,
            delivered_at=office.now if delivery == "sent" else None,
        )
        return ticket.write(Act("bo", office.now), message)

    office.change(number, write)


def customer_writes(office: Office, number: int) -> None:
    def receive(ticket):
        key = ticket.next_key()
        message = Message(
            key=key, direction="in", kind="message", at=office.now, sender=ticket.requester, text="Ja, det gör den."
        )
        return ticket.receive(Act("system", office.now), message)

    office.change(number, receive)


def sweeps(office: Office, until: datetime, step: timedelta = 6 * HOUR) -> list[tuple[datetime, str]]:
    """What `escalate` says at each run until then, where it has something to say."""
    told = []
    while office.now < until:
        office.now += step
        said = office.say("escalate")
        if said != "Nothing is due.\n":
            told.append((office.now, said))
    return told


@pytest.mark.long
def test_reminded_on_the_fifth_day_closed_on_the_tenth(desk: Office) -> None:
    answered(desk)  # Friday 20 November, 10:00
    told = sweeps(desk, desk.now + 20 * DAY, HOUR)
    assert [at for at, _ in told] == [
        datetime(2026, 11, 27, 9, tzinfo=UTC),  # Friday 10:00, five opening days later
        datetime(2026, 12, 4, 9, tzinfo=UTC),
    ]
    assert "#1 remind-customer: reply with paminnelse" in told[0][1]
    assert "#1 close-silent: close (no_answer)" in told[1][1]
    ticket = desk.get(1)
    assert (ticket.status, ticket.resolution) == ("closed", "no_answer")
    assert ticket.events[-1].why == "rule close-silent" and ticket.events[-1].actor == "system"
    ((recipients, subject, text),) = outbox(desk)
    assert recipients == ("åsa@kund.example",) and "[#1]" in subject and text


def test_running_it_twice_is_running_it_once(desk: Office) -> None:
    answered(desk)
    desk.now += 7 * DAY
    desk.say("escalate")
    before = desk.get(1), outbox(desk)
    assert len(before[1]) == 1
    assert desk.say("escalate") == "Nothing is due.\n"
    assert (desk.get(1), outbox(desk)) == before


def test_each_wait_has_its_reminder_and_a_longer_wait_is_the_same(desk: Office) -> None:
    answered(desk)
    desk.now += 7 * DAY
    assert "remind-customer" in desk.say("escalate")
    desk.change(1, lambda ticket: ticket.wait(Act("bo", desk.now), desk.now + 30 * DAY))
    desk.now += DAY
    assert "remind-customer" not in desk.say("escalate")
    customer_writes(desk, 1)
    assert desk.get(1).status == "open"
    reply(desk, 1)
    desk.change(1, lambda ticket: ticket.wait(Act("bo", desk.now), desk.now + 60 * DAY))
    desk.now += 10 * DAY  # five opening days after a Saturday
    assert "#1 remind-customer" in desk.say("escalate")


def test_a_wait_that_ends_now_is_still_seen_and_no_reply_is_no_reply(desk: Office) -> None:
    answered(desk, wait=7 * DAY)
    desk.make(2, status="waiting")  # nobody has answered
    desk.make(3)
    reply(desk, 3, delivery="bounced")  # nor has that come to them
    desk.change(3, lambda ticket: ticket.wait(Act("bo", desk.now), desk.now + 60 * DAY))
    desk.now += 7 * DAY
    said = desk.say("escalate")
    assert "#1 remind-customer" in said and "#1 back from waiting" in said
    assert "#2 " not in said and "#3 " not in said


def test_no_more_than_at_most_in_a_run(desk: Office) -> None:
    for number in range(1, 6):
        answered(desk, number, requester=Person(f"kund{number}@kund.example"))
    desk.now += 7 * DAY
    for expected, back in (([1, 2], 3), ([3, 4], 1), ([5], 0), ([], 0)):
        told = json.loads(desk.say("escalate", "--json"))
        assert ([one["ticket"] for one in told["swept"]], told["held_back"]) == (expected, back)
    assert len(outbox(desk)) == 5


def test_nobody_gets_two_in_a_day_and_the_second_comes_later(desk: Office) -> None:
    answered(desk)
    answered(desk)
    desk.now += 7 * DAY
    assert "1 held back until a later run" in desk.say("escalate")
    assert desk.get(2).fired == ()
    desk.now += DAY
    assert "#2 remind-customer" in desk.say("escalate")
    assert len(outbox(desk)) == 2


def test_machines_are_not_reminded_but_closed(desk: Office) -> None:
    answered(desk, requester=Person("no-reply@kund.example"))
    sweeps(desk, desk.now + 15 * DAY, DAY)
    assert outbox(desk) == [] and desk.get(1).resolution == "no_answer"


def test_the_owner_is_told_once_until_something_happens(desk: Office) -> None:
    desk.make(1, age=4 * DAY, status="open", assignee="bo", subject="Ärendet som glömdes")
    desk.make(2, age=4 * DAY, status="open", assignee="bo")
    assert "#1 forgotten: notify owner" in desk.say("escalate")
    ((recipients, subject, text),) = outbox(desk)
    assert recipients == ("bo@exempel.example",) and "2 ärenden behöver dig: #1, #2" in subject
    assert "forgotten: kunden har väntat länge" in text and "Se på de här ärendena." in text
    assert [told for _, told in sweeps(desk, desk.now + 2 * DAY)] == []
    customer_writes(desk, 1)
    told = sweeps(desk, desk.now + 4 * DAY)
    assert [at - told[0][0] for at, _ in told] == [timedelta()] and "#1 forgotten" in told[0][1]


def test_dry_run_tells_the_same_and_changes_nothing(desk: Office) -> None:
    answered(desk)
    desk.now += 14 * DAY
    before = {path: path.read_bytes() for path in desk.folder.rglob("*") if path.is_file()}
    said = desk.say("escalate", "--dry-run")
    assert "would: #1 remind-customer" in said and "would: #1 close-silent" in said
    told = json.loads(desk.say("escalate", "--dry-run", "--json"))
    unchanged = {path: path.read_bytes() for path in before}
    assert unchanged == before and not list((desk.folder / "data" / "blobs").rglob("?" * 64))
    assert json.loads(desk.say("escalate", "--json")) == {**told, "dry_run": False}


def test_a_broken_snippet_is_told_and_tried_again(desk: Office) -> None:
    snippet = desk.folder / "snippets" / "sv" / "paminnelse.j2"
    good = snippet.read_text("utf-8")
    answered(desk)
    desk.now += 7 * DAY
    snippet.write_text("Subject: x\n{{ finns.inte }}\n", "utf-8")
    assert "rule remind-customer on #1" in desk.trouble("escalate", code=1)
    assert desk.get(1).fired == () and outbox(desk) == []
    snippet.write_text(good, "utf-8")
    assert "#1 remind-customer" in desk.say("escalate")


def test_a_desk_without_outgoing_mail_says_so_and_does_the_rest(desk: Office) -> None:
    answered(desk)
    desk.make(2, age=4 * DAY, status="open")
    path = desk.folder / "rules.yaml"
    text = path.read_text("utf-8").replace("outgoing:", "#").replace("notify: owner", "label: vip")
    path.write_text(text, "utf-8")
    desk.now += 7 * DAY
    assert "has no `outgoing:`" in desk.trouble("escalate", code=1)
    assert desk.get(1).fired == () and desk.get(2).labels == ("vip",)


def test_text_can_be_asked_for(office: Office) -> None:
    with_rules(
        office,
        "rules:\n  - {id: r, events: [sweep], when: {body: {contains: återbetalning}, since_created: {at_most: 1d}},"
        " then: [{label: reklamation}]}\n",
    )
    office.make(1, text="Jag vill ha en återbetalning")
    office.make(2, text="Tack")
    office.make(3, text="återbetalning", age=5 * DAY)
    assert office.say("escalate") == "#1 r: label reklamation\n"
    assert office.get(1).labels == ("reklamation",)


def test_explain_tells_the_time(desk: Office) -> None:
    answered(desk)
    desk.now += 3 * DAY
    said = desk.say("explain", 1, "--event", "sweep")
    assert "no  since_our_reply at_least 5d: since 2026-11-20 10:00" in said


def test_sweeps_can_be_tested(office: Office) -> None:
    tests = """\
tests:
  - name: on the fifth day
    given: {event: sweep, status: waiting, since_our_reply: 5d}
    expect: {fired: [remind-customer], replies: [paminnelse], status: waiting}
  - name: not before
    given: {event: sweep, status: waiting, since_our_reply: 4d}
    expect: {fired: []}
  - name: on the tenth
    given: {event: sweep, status: waiting, since_our_reply: 10d}
    expect: {fired: [remind-customer, close-silent], resolution: no_answer}
"""
    assert with_rules(office, SILENT + tests).say("rules", "test").endswith("all 3 tests passed\n")


def test_a_ticket_made_to_wait_by_the_rule_itself_is_not_asked_for_ever(office: Office) -> None:
    rule = "rules: [{id: w, events: [sweep], when: {since_our_reply: {at_least: 5d}}, then: [{wait: 5d}]}]\n"
    with_rules(office, rule)
    answered(office)
    office.now += 7 * DAY
    office.say("escalate")
    before = office.get(1)
    office.now += HOUR
    assert office.say("escalate") == "Nothing is due.\n"
    assert msgspec.structs.replace(office.get(1), revision=0) == msgspec.structs.replace(before, revision=0)
