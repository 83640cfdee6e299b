"""`undo`: my last command on a ticket taken back; history keeps both."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from tests.conftest import Office
from ticketctl.domain.ticket.ticket import Ticket

DAY = timedelta(days=1)


def state(ticket: Ticket) -> Ticket:
    """What the ticket is now, without how it came about."""
    return msgspec.structs.replace(ticket, events=(), revision=0)


@pytest.fixture
def desk(office: Office) -> Office:
    office.make(1, status="open", assignee="alice", labels=("vip",), fields={"category": "support"})
    return office


TOLD = {
    "assign 1 bo": "#1 is alice’s again",
    "assign 1 none": "#1 is alice’s again",
    "priority 1 high": "#1 has medium priority again",
    "label 1 +drift": "#1 has no label drift",
    "label 1 -vip +drift": "#1 has no label drift and has the label vip again",
    "set 1 category=faktura area=app": "#1 has no area and has category support again",
    "wait 1 2d": "#1 waits for us again",
    "close 1 --cause leverans --lesson Klart.": "#1 is open again, has no cause and has no lesson",
    "spam 1": "#1 is open again and no spam",
}
COMMANDS = [command.split() for command in TOLD]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(map(str, command)))
def test_the_ticket_is_as_before_and_history_tells_both(desk: Office, command: list[object]) -> None:
    before = desk.get(1)
    desk.run(*command)
    done = desk.get(1)
    desk.now += DAY / 24
    assert desk.say("undo", 1).strip() == TOLD[" ".join(map(str, command))]
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


def test_a_link_stays_and_says_how_it_is_taken_away(desk: Office) -> None:
    desk.make(2)
    desk.run("link", 1, 2)
    assert "`ticketctl link 1 2 --remove` is the opposite" in desk.trouble("undo", 1, code=5)
    desk.run("link", 1, 2, "--remove")
    assert "`ticketctl link 2 1` is the opposite" in desk.trouble("undo", 2, code=5)


def test_dates_are_told_in_the_desks_time(desk: Office) -> None:
    desk.run("wait", 1, "i dag 15", user="bo")
    assert desk.say("undo", 1, user="bo") == "#1 waits for us again\n"
    desk.run("promise", 1, "i morgon 9")
    desk.now += DAY / 24
    desk.run("promise", 1, "i morgon 10")
    assert desk.say("undo", 1) == "#1 is promised by Sat 2026-11-21 09:00 again\n"
    desk.run("wait", 1, "2d")
    desk.now += DAY / 24
    desk.run("wait", 1, "no")
    assert desk.say("undo", 1) == "#1 waits for the customer again until Tue 2026-11-24 11:00\n"


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


@pytest.mark.parametrize(
    ("options", "instead"),
    [
        (["--wait", "2d"], "`ticketctl wait 1 no` ends the waiting"),
        (["--close"], "`ticketctl reopen 1` opens it again"),
        (["--promise", "i morgon 9"], "`ticketctl promise 1 drop` says that nothing is promised"),
    ],
)
def test_a_reply_that_has_left_is_refused_with_what_to_do_instead(
    desk: Office, options: list[str], instead: str
) -> None:
    desk.run("set", 1, "category=support")
    desk.now += DAY / 24
    desk.run("reply", 1, "--text", "Hej", *options)
    before = desk.get(1)
    told = desk.trouble("undo", 1, code=5)
    assert "the reply m2 was sent to åsa@kund.example and cannot be taken back; nothing was undone" in told
    assert "`ticketctl reply 1` writes another" in told and instead in told
    assert desk.get(1) == before


def test_what_is_older_than_a_day_is_asked_about(desk: Office) -> None:
    desk.run("priority", 1, "high")
    desk.now += DAY
    assert desk.say("undo", 1, "--dry-run") == "would: #1 has medium priority again\n"
    desk.now += DAY / 24
    told = desk.trouble("undo", 1, code=5)
    assert "#1: your `priority` was Fri 2026-11-20 10:00, more than a day ago; `ticketctl undo 1 --yes`" in told
    assert desk.get(1).priority == "high"
    assert desk.say("undo", 1, "--yes") == "#1 has medium priority again\n"


def test_a_reply_in_the_outbox_is_a_draft_again(desk: Office) -> None:
    before = desk.get(1)
    desk.run("reply", 1, "--text", "Hej", "--queue", "--wait", "5d", "--cc", "eva@kund.example")
    assert "has the reply m2 as a draft again, and nothing was sent" in desk.say("undo", 1)
    after = desk.get(1)
    assert (after.status, after.wake_at) == (before.status, None)
    assert (after.messages[-1].delivery, after.messages[-1].text, after.messages[-1].raw) == ("draft", "Hej", "")
    assert desk.say("send") == "nothing to send\n"
    assert "sent to åsa@kund.example, eva@kund.example" in desk.say("reply", 1, "--send")
    assert "and cannot be taken back" in desk.trouble("undo", 1, code=5)


def test_a_note_stays(desk: Office) -> None:
    desk.run("note", 1, "Hej")
    assert "noted m2 stays" in desk.trouble("undo", 1, code=5)
    assert len(desk.get(1).messages) == 2


def test_a_dry_run_and_a_viewer_change_nothing(desk: Office) -> None:
    desk.run("priority", 1, "high")
    before = desk.get(1)
    assert desk.say("undo", 1, "--dry-run").startswith("would: #1 has medium priority again")
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
    assert "#2 is open again, is unassigned, has medium priority again" in office.say("undo", "1-2")
    told = office.say("undo", 3)
    assert "the priority was changed since" in told
    after = [msgspec.structs.replace(state(office.get(number)), fired=(), rule_runs=()) for number in (1, 2, 3)]
    assert after[0] == msgspec.structs.replace(before[0], status="open")  # somebody has looked at it
    assert after[1] == msgspec.structs.replace(before[1], labels=("vip",), status=after[1].status)
    assert (after[2].priority, after[2].assignee, after[2].labels) == ("low", "", ())
    assert "bo has changed nothing" in office.trouble("undo", 1, code=5, user="bo")


def test_a_subject_goes_back_and_each_undo_is_a_command_of_its_own(office: Office) -> None:
    office.make(17)
    before = office.get(17).subject
    office.run("set", 17, "subject=Ny rubrik")
    office.run("undo", 17)
    assert office.get(17).subject == before
    office.run("priority", 17, "high")
    office.run("undo", 17)
    office.run("label", 17, "vip")
    office.run("undo", 17)
    assert "has the label vip again" in office.say("undo", 17)  # and not what the undo before the label did
    assert office.get(17).priority == "medium"


def test_what_was_logged_is_no_reply(desk: Office) -> None:
    desk.run("new", "--subject", "Ringde", "--requester", "070-123 45 67", "--channel", "phone", "--text", "Hej")
    told = desk.trouble("undo", 2, code=5)
    assert "received m1 stays" in told and "the reply" not in told
