"""`report people`: what rests on one person, and whose tickets wait while they are away."""

from __future__ import annotations

import json
from datetime import timedelta

from ticketctl.domain.ticket.message import Message, Person
from ticketctl.domain.ticket.ticket import Act

DAY = timedelta(days=1)


def answered(office, number, author, **fields):
    office.make(number, **fields)
    at = office.now + timedelta(minutes=30)
    reply = Message(
        key="m2",
        direction="out",
        kind="message",
        at=at,
        sender=Person("support@exempel.example"),
        author=author,
        delivery="sent",
        delivered_at=at,
        text="Den är på väg.",
    )
    office.change(number, lambda one: one.write(Act(author, at), reply))


def test_labels_and_areas_that_only_one_answers(office):
    for number in range(1, 6):
        answered(office, number, "alice", labels=("drift",), fields={"area": "app"})
    answered(office, 6, "bo", fields={"area": "app"})
    for number in range(7, 11):
        answered(office, number, "bo", labels=("vip",))  # four are too few
    office.now += DAY
    assert office.say("--language", "en", "report", "people") == (
        "label drift: alice wrote all 5 answers in the last 90 days\n"
    )
    found = json.loads(office.say("report", "people", "--json"))
    assert found["key_persons"] == [{"kind": "label", "value": "drift", "person": "alice", "answers": 5}]
    office.now += 90 * DAY
    said = office.say("--language", "sv", "report", "people")
    assert said == "Ingen etikett och inget område har alla sina svar från en enda person.\n"


def test_open_tickets_of_who_is_away_within_a_week(office):
    office.make(1, assignee="bo")
    office.make(2, assignee="bo", status="closed", closed_at=office.now)
    office.make(3, assignee="alice")
    office.say("away", "bo", "2026-11-25..2026-11-27")
    assert "bo är borta 2026-11-25 till 2026-11-27; öppna: #1\n" in office.say("--language", "sv", "report", "people")
    office.now -= 7 * DAY
    assert "#1" not in office.say("report", "people")


def test_what_does_not_go_together_is_refused(office):
    for option in (["--month"], ["--csv"], ["--email"], ["--explain", "backlog"], ["--html", "x.html"]):
        assert "report people" in office.trouble("report", "people", *option, code=2)
    assert "--dry-run goes with --email" in office.trouble("report", "people", "--dry-run", code=2)
