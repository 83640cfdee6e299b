"""A reply that came back: on its ticket, on the board, and the promise runs again; a mere delay changes nothing."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tests.conftest import Office
from tests.e2e.desk import HOUR, Desk
from tests.mails import simple

STEPS = """\
escalation:
  - {when: {used: 75%}, then: [{notify: owner}]}
  - {when: {used: 100%}, then: [{notify: team}]}
"""


@pytest.fixture
def desk(office: Office) -> Desk:
    """Friday 10:00; medium tickets get a first response within 4 h."""
    rules = office.folder / "rules.yaml"
    rules.write_text(rules.read_text(encoding="utf-8") + STEPS, encoding="utf-8")
    return Desk(office.folder)


def report(message_id: str, action: str, status: str, to: str = "asa@kund.example") -> bytes:
    """What a mail server writes (RFC 3464)."""
    return "\r\n".join(
        [
            "From: Mail Delivery System <MAILER-DAEMON@post.example>",
            "To: support@exempel.example",
            "Subject: Undelivered Mail Returned to Sender" if action == "failed" else "Subject: Delayed Mail",
            f"Message-ID: <{action}.{status}.{message_id}>",
            "Auto-Submitted: auto-replied",
            "MIME-Version: 1.0",
            'Content-Type: multipart/report; report-type=delivery-status; boundary="snitt"',
            "",
            "--snitt",
            "Content-Type: text/plain",
            "",
            "Your message could not be delivered." if action == "failed" else "It is still being tried.",
            "--snitt",
            "Content-Type: message/delivery-status",
            "",
            "Reporting-MTA: dns; post.example",
            "",
            f"Final-Recipient: rfc822; {to}",
            f"Action: {action}",
            f"Status: {status}",
            "",
            "--snitt",
            "Content-Type: text/rfc822-headers",
            "",
            f"Message-ID: <{message_id}>",
            f"To: {to}",
            "",
            "--snitt--",
            "",
        ]
    ).encode()


def begun(desk: Desk) -> str:
    """A question of 10:00, answered at 13:30 after the owner was warned; the reply's Message-ID."""
    desk.arrive(simple("Trasig kanna", message_id="a@kund.example"))
    desk.run("assign", 1, "bo")
    desk.now += 3 * HOUR
    assert desk.notified() == 1  # 75 %
    desk.now += HOUR / 2
    desk.run("reply", 1, "--text", "Vi skickar en ny.", "--stay-open", "--send")
    return desk.get(1).messages[-1].message_id


def board(desk: Desk) -> dict[str, object]:
    shape: dict[str, object] = json.loads(desk.say("board", "--json"))
    return shape


def due(desk: Desk) -> str | None:
    ticket = json.loads(desk.say("list", "--json").splitlines()[0])
    found: str | None = ticket["due_at"]
    return found


def test_a_first_response_that_came_back_is_owed_again(desk: Desk) -> None:
    message_id = begun(desk)
    resolution = due(desk)
    desk.now += HOUR / 4
    desk.arrive(report(message_id, "failed", "5.1.1"))
    ticket = desk.get(1)
    assert [one.kind for one in ticket.messages] == ["message", "message", "bounce"]
    assert "not delivered" in desk.say("show", 1).lower()
    assert board(desk)["not_delivered"] == [1]
    assert due(desk) == "2026-11-20T13:00:00Z" != resolution  # 14:00 here: 4 h after the question, as at first
    assert desk.notified() == 2  # the step of 75 % had run; it runs again, once
    assert desk.notified() == 2
    desk.now += HOUR
    assert board(desk)["overdue"] == [1]
    assert desk.notified() == 4  # to both of the team
    [figures] = [json.loads(desk.say("report", "--from", "2026-11-20", "--json"))]
    assert figures["unanswered"]["count"] == 1

    desk.run("reply", 1, "--text", "Vi skickar en ny.", "--cc", "asa@hem.example", "--stay-open", "--send")
    assert board(desk)["not_delivered"] == []
    assert due(desk) == resolution
    desk.now += timedelta(days=1)
    assert desk.notified() == 4


@pytest.mark.parametrize(("action", "status"), [("delayed", "4.4.1"), ("delivered", "2.0.0")])
def test_what_is_only_late_changes_nothing(desk: Desk, action: str, status: str) -> None:
    message_id = begun(desk)
    before = desk.get(1).messages[1], due(desk), board(desk)["not_delivered"]
    desk.arrive(report(message_id, action, status))
    assert (desk.get(1).messages[1], due(desk), board(desk)["not_delivered"]) == before
    assert desk.notified() == 1


def test_a_server_that_gave_up_after_days_has_not_delivered(desk: Desk) -> None:
    """4.4.7, delivery time expired: a reason that may pass, and the last that is heard of that mail."""
    message_id = begun(desk)
    desk.arrive(report(message_id, "delayed", "4.4.1"))
    desk.now += timedelta(days=3)
    desk.arrive(report(message_id, "failed", "4.4.7"))
    assert board(desk)["not_delivered"] == [1]


def test_a_copy_that_came_back_leaves_the_answer_an_answer(desk: Desk) -> None:
    desk.arrive(simple("Trasig kanna", message_id="a@kund.example"))
    desk.run("reply", 1, "--text", "Hej", "--cc", "bo@kund.example", "--stay-open", "--send")
    before = due(desk)
    desk.arrive(report(desk.get(1).messages[-1].message_id, "failed", "5.1.1", to="bo@kund.example"))
    assert (due(desk), board(desk)["not_delivered"]) == (before, [])
    assert "but not to bo@kund.example" in desk.get(1).events[-1].after


def test_a_reply_with_which_the_ticket_was_closed_came_back(desk: Desk) -> None:
    desk.arrive(simple("Trasig kanna", message_id="a@kund.example"))
    desk.run("set", 1, "category=support")
    desk.run("reply", 1, "--text", "Hej", "--close", "--cause", "leverans", "--send")
    message_id = desk.get(1).messages[-1].message_id
    assert board(desk)["not_delivered"] == []
    desk.now += HOUR
    desk.arrive(report(message_id, "failed", "5.1.1"))
    assert desk.get(1).status == "closed"  # machine mail reopens nothing
    assert board(desk)["not_delivered"] == [1]
    assert "Not delivered (1)" in desk.say("board")
    desk.run("reopen", 1)
    desk.run("close", 1, "--cause", "leverans")  # seen, and settled by telephone
    assert board(desk)["not_delivered"] == []


def test_a_ticket_that_waits_for_the_answer_to_what_came_back_is_ours_again(desk: Desk) -> None:
    desk.arrive(simple("Trasig kanna", message_id="a@kund.example"))
    desk.run("reply", 1, "--text", "Vilken färg?", "--wait", "5d", "--send")
    assert desk.get(1).status == "waiting"
    message_id = desk.get(1).messages[-1].message_id
    desk.now += HOUR
    desk.arrive(report(message_id, "delayed", "4.4.1"))
    assert desk.get(1).status == "waiting"  # it may still arrive
    desk.arrive(report(message_id, "failed", "5.1.1"))
    ticket = desk.get(1)
    assert (ticket.status, ticket.wake_at) == ("open", None)
    assert board(desk)["not_delivered"] == [1]
    assert "m2 was not delivered" in desk.say("show", 1, "--history")


def test_a_ticket_waits_on_where_a_later_reply_arrived(desk: Desk) -> None:
    desk.arrive(simple("Trasig kanna", message_id="a@kund.example"))
    desk.run("reply", 1, "--text", "Vilken färg?", "--wait", "5d", "--send")
    first = desk.get(1).messages[-1].message_id
    desk.run("reply", 1, "--text", "Vilken färg?", "--cc", "asa@hem.example", "--wait", "5d", "--send")
    desk.arrive(report(first, "failed", "5.1.1"))
    assert desk.get(1).status == "waiting"
