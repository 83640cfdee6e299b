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
    assert "`ticketctl merge 2 --into 1` merges again" in desk.trouble("undo", 2, code=5)
    assert "#2 was taken out of #1; `ticketctl merge 2 --into 1`" in desk.trouble("undo", 1, code=5)


def test_dates_are_told_in_the_desks_time(desk: Office) -> None:
    desk.run("wait", 1, "i dag 15", user="bo")
    assert desk.say("undo", 1, user="bo") == "#1 undone (wait): waiting Fri 2026-11-20 15:00\n"
    desk.run("promise", 1, "i morgon 9")
    assert desk.say("undo", 1) == "#1 undone (promise): promised Sat 2026-11-21 09:00\n"


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


def test_a_handover_gives_it_back_and_the_note_stays(desk: Office) -> None:
    desk.run("handover", "alice", "bo")
    assert "but noted m2 stays" in desk.say("undo", 1)
    assert desk.get(1).assignee == "alice"


def test_take_and_watch(desk: Office) -> None:
    desk.make(2)
    desk.run("take")
    desk.run("undo", 2)
    assert desk.get(2).assignee == ""
    desk.now += DAY
    desk.run("watch", 2)
    desk.run("undo", 2)
    assert desk.get(2).watchers == ()


def test_a_moved_message_comes_back(desk: Office) -> None:
    desk.make(2)
    desk.run("note", 1, "Hej")
    desk.now += DAY
    desk.run("move", 1, "m1", 2)
    assert "came in by a move; `ticketctl undo 1`" in desk.trouble("undo", 2, code=5)
    assert "m1 is back from #2" in desk.say("undo", 1)
    assert [len(desk.get(number).messages) for number in (1, 2)] == [2, 1]
    assert "Min beställning" in desk.get(1).messages[0].text


def test_a_moved_message_that_has_gone_further_does_not(desk: Office) -> None:
    desk.make(2)
    desk.make(3)
    desk.run("note", 1, "Hej")
    desk.now += DAY
    desk.run("move", 1, "m1", 2)
    desk.run("move", 2, "m2", 3, user="bo")
    assert "m1 is not in #2 any more" in desk.trouble("undo", 1, code=5)


def test_a_split_is_merged_back(desk: Office) -> None:
    desk.run("note", 1, "Hej")
    desk.now += DAY
    desk.run("split", 1, "m1")
    assert "#2 is merged back" in desk.say("undo", 1)
    assert (len(desk.get(1).messages), desk.get(2).merged_into) == (2, 1)


RULES = """
rules:
  - id: outage
    events: [created]
    when: {subject: {contains: beställning}}
    then: [{set: {priority: high, category: support}}, {label: drift}, {assign: bo}]
"""


def test_what_the_rules_did_when_i_let_them_run(office: Office) -> None:
    rules = office.folder / "rules.yaml"
    rules.write_text(rules.read_text("utf-8") + RULES, "utf-8")
    for number in (1, 2, 3):
        office.make(number)
    before = [state(office.get(number)) for number in (1, 2, 3)]
    office.run("triage")
    assert office.get(1).assignee == "bo"
    office.run("label", 2, "vip", user="bo")
    office.run("priority", 3, "low", user="bo")
    assert "undone (triage)" in office.say("undo", "1-2")
    told = office.say("undo", 3)
    assert "the priority was changed since" in told
    after = [msgspec.structs.replace(state(office.get(number)), fired=(), rule_runs=()) for number in (1, 2, 3)]
    assert after[0] == msgspec.structs.replace(before[0], status="open")  # somebody has looked at it
    assert after[1] == msgspec.structs.replace(before[1], labels=("vip",), status=after[1].status)
    assert (after[2].priority, after[2].assignee, after[2].labels) == ("low", "", ())
    assert "bo has changed nothing" in office.trouble("undo", 1, code=5, user="bo")
