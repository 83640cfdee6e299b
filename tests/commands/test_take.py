"""`take`: the next ticket to do becomes mine and is shown."""

from __future__ import annotations

import json
from datetime import timedelta

from tests.conftest import Office

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_the_first_of_the_list_that_is_nobodys_becomes_mine_and_is_shown(office: Office) -> None:
    office.make(1, priority="low")
    office.make(2, priority="high", assignee="bo", age=DAY)
    office.make(3, priority="high", subject="Driftstopp i kassan", text="Inget går att betala.")
    told = office.say("take")
    assert told.startswith("#3  Driftstopp i kassan\nopen · high · alice")
    assert "Inget går att betala." in told
    assert (office.get(3).assignee, office.get(3).status, office.get(3).events[-1].why) == ("alice", "open", "take")
    assert office.get(2).assignee == "bo"


def test_the_next_one_is_another(office: Office) -> None:
    office.make(1, age=3 * HOUR)
    office.make(2)
    order = [line.split()[0] for line in office.say("list", "--unassigned").splitlines()[1:]]
    taken = [json.loads(office.say("take", "--json", user=user))["number"] for user in ("alice", "bo")]
    assert [str(number) for number in taken] == order
    assert [office.get(number).assignee for number in taken] == ["alice", "bo"]


def test_what_waits_for_the_customer_is_not_taken_before_it_wakes(office: Office) -> None:
    office.make(1, status="waiting", wake_at=office.now + HOUR)
    assert "Nothing to take" in office.say("take")
    assert office.get(1).assignee == ""
    office.now += 2 * HOUR
    assert office.say("take").startswith("#1 ")


def test_only_with_a_label(office: Office) -> None:
    office.make(1, priority="high")
    office.make(2, priority="low", labels=("vip",))
    assert office.say("take", "--label", "vip").startswith("#2 ")


def test_nothing_to_take(office: Office) -> None:
    assert "Nothing to take" in office.say("take")
    assert office.say("take", "--json") == ""


def test_a_dry_run_takes_nothing(office: Office) -> None:
    before = office.make(1)
    assert office.say("take", "--dry-run") == "would: take #1 Var är min beställning?\n"
    assert office.get(1) == before


def test_a_viewer_and_cron_take_nothing(office: Office) -> None:
    before = office.make(1)
    assert "vera is a viewer" in office.trouble("take", user="vera", code=5)
    assert "system takes no tickets" in office.trouble("take", user="system", code=5)
    assert office.get(1) == before
