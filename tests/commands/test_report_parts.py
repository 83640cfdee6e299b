"""`report --by`, `--over` and `--explain` as a person types them."""

from __future__ import annotations

import csv
import json
from datetime import timedelta

import pytest

from ticketctl.domain.ticket.ticket import Act

HOUR = timedelta(hours=1)


@pytest.fixture
def desk(office):
    """Monday 2026-11-23, 10:00. Last Friday came #1 (vip, butik; alice closed it after 3 h), #2 (bo's, app), and #3,
    which is spam."""
    office.make(1, age=HOUR, assignee="alice", labels=("vip",), fields={"area": "butik"})
    office.change(1, lambda ticket: ticket.close(Act("alice", office.now + 2 * HOUR), cause="leverans"))
    office.make(2, age=HOUR, assignee="bo", fields={"area": "app"})
    office.make(3, age=HOUR, spam=True)
    office.now += timedelta(days=3)
    return office


def lines(office, *options):
    return [json.loads(line) for line in office.say("report", "--json", *options).splitlines()]


def by(office, name):
    return {one["value"]: one for one in lines(office, "--by", name)[0]["groups"]}


def test_groups_have_the_figures_of_the_report(desk):
    vip, none = by(desk, "label")["vip"], by(desk, "label")[None]
    assert (vip["flow"]["arrivals"], vip["flow"]["closes"], vip["backlog"]["total"]) == (1, 1, 0)
    assert vip["resolution_last"]["calendar"]["median_minutes"] == 180
    assert (none["flow"]["arrivals"], none["backlog"]["total"]) == (1, 1)
    assert set(by(desk, "area")) == {"butik", "app"}
    assert set(by(desk, "område")) == {"butik", "app"}, "the field area by its Swedish name"
    assert set(by(desk, "cause")) == {"leverans", None}
    assert set(by(desk, "channel")) == {"email"}


def test_a_label_that_was_set_later_is_not_in_the_past_week(desk):
    desk.change(2, lambda ticket: ticket.label(Act("bo", desk.now), "vip"))
    assert by(desk, "label")["vip"]["flow"]["arrivals"] == 1


def test_by_owner_tells_what_each_has_and_not_how_fast_each_works(desk):
    alice = by(desk, "owner")["alice"]
    assert alice["flow"]["arrivals"] == 1
    assert set(alice) == {"value", "unanswered", "flow", "backlog", "overdue", "replies"}
    assert "closes" not in alice["flow"]
    sheet = dict(csv.reader(desk.say("report", "--csv=plain", "--by", "owner").splitlines()))
    assert sheet["owner=bo.backlog.total"] == "1"
    assert not [name for name in sheet if name.startswith("owner=") and ("resolution" in name or "kept" in name)]
    printed = desk.say("report", "--by", "owner")
    assert "BY OWNER" in printed and "BY OWNER: TIMES" not in printed
    refused = desk.trouble("report", "--explain", "resolution_last", "--by", "owner=alice", code=5)
    assert "per_person_times" in refused
    assert desk.say("report", "--explain", "backlog", "--by", "owner=bo").startswith("Open, 2026-W47, owner bo: 1")


def test_rules_may_allow_it(desk):
    rules = desk.folder / "rules.yaml"
    rules.write_text(rules.read_text("utf-8") + "report: {per_person_times: true}\n", "utf-8")
    assert by(desk, "owner")["alice"]["resolution_last"]["calendar"]["n"] == 1
    assert "BY OWNER: TIMES" in desk.say("report", "--by", "owner")
    assert "1 counted" in desk.say("report", "--explain", "resolution_last", "--by", "owner=alice")


def test_over_time_each_row_is_a_report_of_its_own(desk):
    (whole,) = lines(desk, "--over", "week")
    assert len(whole["over"]) == 13
    last = whole["over"][-1]
    (alone,) = lines(desk, "--week", "2026-W47")
    assert last["window"]["last_day"] == "2026-11-22"
    figures = ("first_response", "flow", "backlog", "resolution_last", "targets_kept", "overdue", "touches")
    assert {name: last[name] for name in figures} == {name: alone[name] for name in figures}
    assert "WEEK BY WEEK" in desk.say("report", "--over", "week")
    assert len(lines(desk, "--over", "month")[0]["over"]) == 12
    assert len(lines(desk, "--year", "2026", "--over", "month")[0]["over"]) == 12


def test_the_tickets_behind_a_figure(desk):
    found = {one["ticket"]: one for one in lines(desk, "--explain", "resolution_last")}
    assert found[1]["counted"] and found[1]["minutes"] == 180
    assert (found[1]["from"]["what"], found[1]["to"]["what"]) == ("received", "closed")
    assert (found[2]["reason"], found[3]["reason"]) == ("open", "spam")
    printed = desk.say("report", "--explain", "resolution-last").splitlines()
    assert printed[0].startswith("Resolution, last close, 2026-W47: 1 counted, median 3 h")
    assert printed[3].split()[:3] == ["#1", "counted", "3"]
    assert "skräppost" in desk.say("--language", "sv", "report", "--explain", "arrivals")
    rows = list(csv.DictReader(desk.say("report", "--explain", "arrivals", "--csv=plain").splitlines()))
    assert [(row["ticket"], row["counted"]) for row in rows] == [("1", "1"), ("2", "1"), ("3", "0")]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--explain", "first_respons"), "did you mean 'first_response'"),
        (("--by", "aera"), "did you mean 'area'"),
        (("--explain", "backlog", "--by", "label"), "label=VALUE"),
        (("--day", "2026-11-31"), "2026-11-20"),
        (("--quarter", "2026-5"), "2026-Q4"),
        (("--year", "26"), "2026"),
        (("--week", "--year"), "one of --day"),
        (("--explain", "backlog", "--email"), "--explain takes --json or --csv"),
        (("--json", "--csv"), "give one of"),
    ],
)
def test_what_is_mistyped_is_named_with_what_to_write(desk, options, said):
    assert said in desk.trouble("report", *options, code=2)
