"""`undo`: my last command on a ticket taken back; history keeps both."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from tests.conftest import Office
from ticketctl.domain.ticket import Ticket

DAY = timedelta(days=1)


def state(ticket: Ticket) -> Ticket:
    """What the ticket is now, without how it came about."""
    return msgspec.structs.replace(ticket, events=(), revision=0)


@pytest.fixture
def desk(office: Office) -> Office:
    office.make(1, status="open", assignee="alice", labels=("vip",), fields={"category": "support"})
    return office


COMMANDS = [
    ["assign", 1, "bo"],
    ["assign", 1, "none"],
    ["priority", 1, "high"],
    ["label", 1, "+drift"],
    ["label", 1, "-vip", "+drift"],
    ["set", 1, "category=faktura", "area=app"],
    ["wait", 1, "2d"],
    ["close", 1, "--cause", "leverans", "--lesson", "Fråga först."],
    ["spam", 1],
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(map(str, command)))
def test_the_ticket_is_as_before_and_history_tells_both(desk: Office, command: list[object]) -> None:
    before = desk.get(1)
    desk.run(*command)
    done = desk.get(1)
    desk.now += DAY / 24
    assert desk.say("undo", 1).startswith(f"#1 undone ({command[0]}): ")
    after = desk.get(1)
    assert state(after) == state(before)
    assert after.events[: len(done.events)] == done.events
    assert {event.why for event in after.events[len(done.events) :]} == {"undo"}


@pytest.mark.parametrize("command", [one for one in COMMANDS if one[0] not in ("close", "spam")])
def test_a_second_undo_takes_the_first_back(desk: Office, command: list[object]) -> None:
    desk.run(*command)
    done = desk.get(1)
    desk.now += DAY / 24
    desk.run("undo", 1)
    desk.now += DAY / 24
    desk.run("undo", 1)
    assert msgspec.structs.replace(state(desk.get(1)), labels=()) == msgspec.structs.replace(state(done), labels=())
    assert set(desk.get(1).labels) == set(done.labels)


def test_a_ticket_that_waited_waits_again_until_then(desk: Office) -> None:
    desk.run("wait", 1, "5d")
    waiting = desk.get(1)
    for command in (["wait", 1, "2d"], ["wait", 1, "no"], ["close", 1]):
        desk.now += DAY / 24
        desk.run(*command)
        desk.now += DAY / 24
        desk.run("undo", 1)
        assert (desk.get(1).status, desk.get(1).wake_at) == ("waiting", waiting.wake_at), command


def test_a_reopened_ticket_is_closed_again(desk: Office) -> None:
    desk.run("spam", 1)
    desk.run("reopen", 1)
    desk.run("undo", 1)
    assert (desk.get(1).status, desk.get(1).spam, desk.get(1).resolution) == ("closed", True, "spam")


def test_a_merge_is_taken_back_whole(desk: Office) -> None:
    before = desk.get(1)
    desk.make(2)
    desk.run("merge", 2, "--into", 1)
    assert "`ticketctl undo 2`" in desk.trouble("undo", 1, code=5)
    assert "#2 is out of #1 again" in desk.say("undo", 2)
    assert desk.get(2).merged_into == 0 and len(desk.get(2).messages) == 1
    assert state(desk.get(1)) == state(before)


def test_what_a_colleague_changed_since_is_theirs(desk: Office) -> None:
    desk.run("assign", 1, "bo")
    desk.run("assign", 1, "none", user="bo")
    assert "the owner was changed since" in desk.trouble("undo", 1, code=5)
    assert desk.get(1).assignee == ""


def test_only_my_own_command(desk: Office) -> None:
    desk.run("priority", 1, "high")
    desk.run("label", 1, "drift", user="bo")
    desk.run("undo", 1)
    assert (desk.get(1).priority, desk.get(1).labels) == ("medium", ("vip", "drift"))
    assert "bo has changed nothing" in desk.trouble("undo", desk.make(5).number, user="bo", code=5)


def test_a_reply_has_left_but_the_rest_is_undone(desk: Office) -> None:
    desk.run("reply", 1, "--text", "Hej", "--wait", "2d")
    told = desk.say("undo", 1)
    assert "the reply m2 has left by mail to åsa@kund.example and cannot come back" in told
    assert (desk.get(1).status, len(desk.get(1).messages)) == ("open", 2)


def test_a_reply_in_the_outbox_is_a_draft_again(desk: Office) -> None:
    before = desk.get(1)
    desk.run("reply", 1, "--text", "Hej", "--queue", "--wait", "5d", "--cc", "eva@kund.example")
    assert "the reply m2 is a draft again" in desk.say("undo", 1)
    after = desk.get(1)
    assert (after.status, after.wake_at) == (before.status, None)
    assert (after.messages[-1].delivery, after.messages[-1].text, after.messages[-1].raw) == ("draft", "Hej", "")
    assert desk.say("send") == "nothing to send\n"
    assert "sent to åsa@kund.example, eva@kund.example" in desk.say("reply", 1, "--send")
    assert "has left by mail" in desk.say("undo", 1)  # what else it did is undone


def test_a_note_stays(desk: Office) -> None:
    desk.run("note", 1, "Hej")
    assert "noted m2 stays" in desk.trouble("undo", 1, code=5)
    assert len(desk.get(1).messages) == 2


def test_a_dry_run_and_a_viewer_change_nothing(desk: Office) -> None:
    desk.run("priority", 1, "high")
    before = desk.get(1)
    assert desk.say("undo", 1, "--dry-run").startswith("would: #1 undone (priority)")
    assert "viewer" in desk.trouble("undo", 1, user="vera", code=5)
    assert desk.get(1) == before
