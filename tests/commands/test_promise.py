"""Dates promised to customers: offered by `reply`, noted by `promise`, shown, escalated, reported. It is Friday 20
November 2026, 10:00 in Stockholm."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.commands.test_changes import at_terminal
from tests.commands.test_escalate import outbox
from tests.conftest import Office
from ticketctl.domain.deadlines.promises import running

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MONDAY = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)  # 17:00 in Stockholm
TEXT = "Hej! Vi återkommer senast på måndag. Hälsningar Alice"


def owed(office: Office, number: int = 1) -> datetime | None:
    found = running(office.get(number))
    return found.due_at if found else None


@pytest.fixture
def desk(office: Office) -> Office:
    office.make(1, assignee="alice", status="open")
    return office


def test_off_a_terminal_only_what_is_asked_for(desk: Office) -> None:
    desk.say("reply", 1, "--text", TEXT)
    assert owed(desk) is None and desk.get(1).status == "waiting"
    said = desk.say("reply", 1, "--text", TEXT, "--promise", "auto")
    assert "stays open, promised by Mon 2026-11-23 17:00" in said
    assert owed(desk) == MONDAY


def test_the_ticket_stays_with_us_unless_a_time_to_wait_is_given(desk: Office) -> None:
    desk.say("reply", 1, "--text", TEXT, "--promise", "auto", "--wait", "5d")
    ticket = desk.get(1)
    assert ticket.status == "waiting" and owed(desk) == MONDAY
    desk.now = MONDAY + HOUR
    assert desk.say("list").splitlines()[1].split()[3:6] == ["1h", "late", "p"]


def test_a_date_of_ones_own_or_none(desk: Office) -> None:
    desk.say("reply", 1, "--text", TEXT, "--promise", "fredag 27/11 kl. 15")
    assert owed(desk) == datetime(2026, 11, 27, 14, 0, tzinfo=UTC)
    desk.say("reply", 1, "--text", TEXT, "--promise", "none")
    desk.say("promise", 1, "monday")
    assert owed(desk) == MONDAY


@pytest.mark.parametrize("wrong", ["snart", "nästa lördag", "2026-11-01"])
def test_what_is_no_date_sends_nothing(desk: Office, wrong: str) -> None:
    desk.trouble("reply", 1, "--text", TEXT, "--promise", wrong, code=2)
    desk.trouble("promise", 1, wrong, code=2)
    assert len(desk.get(1).messages) == 1


def test_neither_with_closing_nor_for_a_draft(desk: Office) -> None:
    desk.trouble("reply", 1, "--text", TEXT, "--promise", "auto", "--close", code=2)
    desk.trouble("reply", 1, "--text", TEXT, "--promise", "auto", "--draft", code=2)


def test_on_a_terminal_it_is_offered(desk: Office) -> None:
    code, shown = at_terminal(desk, ["reply", "1", "--text", TEXT], typed="\n")
    assert code == 0 and "promise: Mon 2026-11-23 17:00 (“Vi återkommer senast på måndag”)? [Y/n]" in shown
    assert owed(desk) == MONDAY
    desk.say("promise", 1, "drop")
    desk.now += HOUR
    code, shown = at_terminal(desk, ["reply", "1", "--text", TEXT], typed="n\n")
    assert code == 0 and "waits until" in shown and owed(desk) is None


def test_a_reply_that_promises_nothing_asks_nothing(desk: Office) -> None:
    code, shown = at_terminal(desk, ["reply", "1", "--text", "Tack, nu är det klart."])
    assert code == 0 and "promise" not in shown


def test_several_at_once_are_not_asked(desk: Office) -> None:
    desk.make(2)
    code, shown = at_terminal(desk, ["reply", "1", "2", "--text", TEXT])
    assert code == 0 and "?" not in shown
    desk.now += HOUR
    desk.say("reply", 1, 2, "--text", TEXT, "--promise", "auto")
    assert owed(desk, 1) == owed(desk, 2) == MONDAY


def test_promise_kept_dropped_and_told(desk: Office) -> None:
    assert desk.say("promise", "1", "monday", "15:00") == "#1 promised by Mon 2026-11-23 15:00\n"
    assert desk.say("promise", 1, "monday", "--dry-run").startswith("would: #1 promised by Mon 2026-11-23 17:00")
    assert "promised by Mon 2026-11-23 15:00" in desk.say("promise", 1, "monday kl. 15", "--dry-run")
    assert "promised by Mon 2026-11-23 10:00" in desk.say("promise", 1, "måndag klockan tio", "--dry-run")
    desk.now += HOUR
    assert desk.say("promise", 1, "kept") == "#1 the promise was kept\n"
    assert "no promise that runs" in desk.trouble("promise", 1, "kept", code=5)
    assert "no promise that runs" in desk.trouble("promise", 1, "drop", code=5)
    assert "by when?" in desk.trouble("promise", 1, code=2)
    shown = desk.say("show", 1, "--why", "--history")
    assert "alice: promised Mon 2026-11-23 15:00 (promise)" in shown
    assert "promised Fri 2026-11-20 10:00: due Mon 2026-11-23 15:00, kept Fri 2026-11-20 11:00" in shown


def test_who_may_not_and_what_cannot(desk: Office) -> None:
    assert "viewer" in desk.trouble("promise", 1, "monday", code=5, user="vera")
    desk.say("close", 1, "--set", "category=support", "--cause", "leverans")
    assert "is closed" in desk.trouble("promise", 1, "monday", code=5)
    desk.trouble("promise", 7, "monday", code=4)


def test_it_is_seen_in_show_list_board_and_take(desk: Office) -> None:
    desk.make(2, priority="low")
    desk.make(3, priority="high", age=timedelta(minutes=5))
    desk.say("promise", 2, "10:30")
    assert "Promised   Fri 2026-11-20 10:30 (in 30m)" in desk.say("show", 2)
    row = desk.say("list").splitlines()[1].split()
    assert row[0] == "2" and row[3:6] == ["in", "30m", "p"]
    assert json.loads(desk.say("list", "--json").splitlines()[0])["promised_at"] == "2026-11-20T09:30:00Z"
    board = desk.say("board")
    assert "1 promised by today" in board and "Promised, today or late (1)" in board
    assert json.loads(desk.say("board", "--json"))["promised"] == [2]
    assert desk.say("take").startswith("#2 ")


def test_late_is_told_and_a_reply_ends_it(desk: Office) -> None:
    desk.say("promise", 1, "monday")
    desk.now = MONDAY + 2 * HOUR
    assert "(2h late)" in desk.say("show", 1)
    desk.say("reply", 1, "--text", "Här är svaret.")
    desk.say("send", "-q")
    assert owed(desk) is None and "Promised" not in desk.say("show", 1)


def test_undo_takes_it_back(desk: Office) -> None:
    desk.say("promise", 1, "monday")
    desk.now += HOUR
    desk.say("promise", 1, "tuesday")
    assert "#1 is promised by" in desk.say("undo", 1)
    assert owed(desk) == MONDAY
    desk.now += HOUR
    desk.say("promise", 1, "drop")
    desk.say("undo", 1)
    assert owed(desk) == MONDAY
    desk.now += HOUR
    desk.say("promise", 1, "tuesday", user="bo")
    assert "was changed since" in desk.trouble("undo", 1, code=5)


def test_undo_leaves_what_the_customer_was_told(desk: Office) -> None:
    desk.say("reply", 1, "--text", TEXT, "--promise", "auto", "--wait", "5d")
    told = desk.trouble("undo", 1, code=5)
    assert "`ticketctl promise 1 drop`" in told and "cannot be taken back" in told
    assert owed(desk) == MONDAY and desk.get(1).status == "waiting"


def test_the_note_of_a_handover_names_it(desk: Office) -> None:
    desk.say("promise", 1, "monday")
    desk.say("handover", "alice", "bo")
    assert "Utlovat till kunden: mån 2026-11-23 17:00\n" in desk.get(1).messages[-1].text


STEPS = """\
escalation:
  - {when: {promise: 2h}, then: [{notify: owner}]}
  - {id: late, when: {promise: due}, then: [{notify: team}, {raise_priority: high}]}
"""


def test_escalation_before_it_is_due_and_when_it_is_each_once(desk: Office) -> None:
    rules = desk.folder / "rules.yaml"
    rules.write_text(rules.read_text("utf-8").partition("targets:")[0] + STEPS, "utf-8")
    desk.say("promise", 1, "monday")
    desk.now = MONDAY - 2 * HOUR - timedelta(minutes=1)
    assert desk.say("escalate") == "Nothing is due.\n"
    desk.now = MONDAY - 2 * HOUR
    assert "#1 promised in a reply due 17:00: notify alice@exempel.example" in desk.say("escalate")
    assert desk.say("escalate") == "Nothing is due.\n"
    desk.now = MONDAY + timedelta(minutes=1)
    assert "#1 promised in a reply overdue since 17:00: raise_priority high; notify" in desk.say("escalate")
    assert desk.say("escalate") == "Nothing is due.\n"
    assert desk.get(1).priority == "high"
    texts = "".join(text for _, _, text in outbox(desk))
    assert "Utlovat i svar: för sent, skulle ha varit klart mån 2026-11-23 17:00" in texts


def test_a_promise_that_is_kept_escalates_no_more(desk: Office) -> None:
    rules = desk.folder / "rules.yaml"
    rules.write_text(rules.read_text("utf-8").partition("targets:")[0] + STEPS, "utf-8")
    desk.say("promise", 1, "monday")
    desk.now += HOUR
    desk.say("reply", 1, "--text", "Här är svaret.")
    desk.now = MONDAY + DAY
    assert "promise" not in desk.say("escalate")


@pytest.mark.parametrize(
    ("when", "told"),
    [
        ("{promise: snart}", "is not a duration"),
        ("{promise: 2h, used: 50%}", "used does not go with promise"),
        ("{promis: due}", "did you mean 'promise'?"),
    ],
)
def test_a_step_that_is_wrong_is_told_with_its_line(desk: Office, when: str, told: str) -> None:
    rules = desk.folder / "rules.yaml"
    rules.write_text(
        f"{rules.read_text('utf-8')}escalation:\n  - {{when: {when}, then: [{{notify: owner}}]}}\n", "utf-8"
    )
    assert told in desk.trouble("escalate", code=2)


def test_the_report_tells_how_many_were_kept(desk: Office) -> None:
    desk.make(2)
    desk.say("promise", 1, 2, "monday")
    desk.now += HOUR
    desk.say("reply", 2, "--text", "Här är svaret.")
    desk.now = MONDAY + 10 * DAY
    text = desk.say("--language", "sv", "report", "--week", "2026-W48")
    row = next(line for line in text.splitlines() if line.startswith("Utlovat i svar"))
    assert row.split()[3:7] == ["1", "av", "2", "50"]
    assert json.loads(desk.say("report", "--week", "2026-W48", "--json"))["promises_kept"]["part"] == 1
