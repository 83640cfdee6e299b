"""Who is away is given nothing; a deputy stands in; the board shows what lies with them. It is Friday 20 November."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from tests.conftest import RULES, Office
from ticketctl.domain.settings.absences import stand_ins
from ticketctl.domain.settings.settings import Agent, Away
from ticketctl.domain.ticket.message import Person
from ticketctl.domain.ticket.ticket import Act

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
BO = "  - {name: bo, email: bo@exempel.example"
MORE = """\
escalation:
  - {when: {used: 100%, owner_away: true}, then: [{assign: deputy}]}
rules:
  - {id: turn, events: [created], when: {subject: {contains: turen}}, then: [{assign: least_loaded}]}
  - {id: round, events: [created], when: {subject: {contains: rundan}}, then: [{assign: round_robin}]}
  - {id: name, events: [created], when: {subject: {contains: namnet}}, then: [{assign: bo}]}
  - {id: deputy, events: [created], when: {subject: {contains: ersättaren}}, then: [{assign: {to: deputy}}]}
"""


def with_absence(office: Office, deputy: str = ", deputy: alice") -> Office:
    away = f"{BO}, away: [{{from: 2026-11-20, to: 2026-11-23{deputy}}}]"
    (office.folder / "rules.yaml").write_text(RULES.replace(BO, away) + MORE, "utf-8")
    return office


@pytest.fixture
def desk(office: Office) -> Office:
    return with_absence(office)


def test_both_days_count_and_a_deputy_who_is_away_has_one_too() -> None:
    first, last = date(2026, 12, 20), date(2027, 1, 6)
    bo = Agent(name="bo", email="", away=(Away(first, last, "eva"),))
    eva = Agent(name="eva", email="", away=(Away(last, last, "kim"),))
    assert stand_ins([bo, eva], date(2026, 12, 19)) == {} == stand_ins([bo, eva], date(2027, 1, 7))
    assert stand_ins([bo, eva], first) == {"bo": "eva"}
    assert stand_ins([bo, eva], last) == {"bo": "kim", "eva": "kim"}
    each_other = Agent(name="eva", email="", away=(Away(first, last, "bo"),))
    assert stand_ins([bo, each_other], first) == {"bo": "", "eva": ""}


def test_assign_refuses_and_says_who_stands_in(desk: Office) -> None:
    desk.make(1)
    assert "bo is away today and is given no tickets; alice stands in" in desk.trouble("assign", 1, "bo", code=5)
    assert desk.get(1).assignee == ""
    desk.say("assign", 1, "least_loaded")
    assert desk.get(1).assignee == "alice"  # who has as many as bo
    desk.now += 4 * DAY
    desk.say("assign", 1, "bo")
    assert desk.get(1).assignee == "bo"


def test_the_day_is_the_desks_own(desk: Office) -> None:
    desk.make(1)
    desk.now = desk.now.replace(day=23, hour=22, minute=59)  # 23:59 in Stockholm
    desk.trouble("assign", 1, "bo", code=5)
    desk.now += timedelta(minutes=1)
    desk.say("assign", 1, "bo")


def test_rules_pass_over_them_or_take_the_deputy(desk: Office) -> None:
    for _ in range(2):
        desk.make(subject="Den i turen")
        desk.make(subject="I rundan")
    desk.make(subject="Till namnet")
    desk.make(subject="Till ersättaren", assignee="bo")
    desk.make(subject="Till ersättaren", assignee="alice")
    result = desk.run("triage")
    assert [desk.get(number).assignee for number in range(1, 8)] == ["alice"] * 7
    assert "deputy: assign to deputy: its owner is not away" in result.stderr


def test_mail_too(desk: Office) -> None:
    mail = "From: a@kund.example\nSubject: Till namnet\nMessage-ID: <1@kund.example>\n\nHej!\n"
    desk.say("fetch", "-", stdin=mail)
    assert desk.get(1).assignee == "alice"


def test_nobody_stands_in(office: Office) -> None:
    with_absence(office, deputy="")
    office.make(1, subject="Till namnet")
    assert "bo is away, and nobody stands in" in office.run("triage").stderr
    assert office.get(1).assignee == ""
    assert "and nobody stands in" in office.trouble("assign", 1, "bo", code=5)


def test_what_is_late_goes_to_the_deputy_once_they_are_away(desk: Office) -> None:
    desk.now -= DAY  # Thursday: bo is here
    desk.make(1, age=20 * HOUR, assignee="bo")
    desk.make(2, age=20 * HOUR, assignee="alice")
    desk.make(3, age=HOUR, assignee="bo")
    assert desk.say("escalate") == "Nothing is due.\n"
    desk.now += DAY - 3 * HOUR
    assert "#1 first response" in desk.say("escalate")
    assert [desk.get(number).assignee for number in (1, 2, 3)] == ["alice", "alice", "alice"]
    assert desk.say("escalate") == "Nothing is due.\n"


def test_the_board_shows_what_lies_with_them(desk: Office) -> None:
    desk.make(1, assignee="bo", subject="Hos den som är borta", status="open")
    desk.make(2, assignee="alice", status="open")
    said = desk.say("board")
    assert "1 with people who are away" in said
    assert "With people who are away (1)" in said and max(map(len, said.splitlines())) <= 100
    assert json.loads(desk.say("board", "--json"))["owner_away"] == [1]
    desk.now += 4 * DAY
    assert "away" not in desk.say("board")


def test_the_tests_of_the_rules_do_not_depend_on_who_is_away(desk: Office) -> None:
    path = desk.folder / "rules.yaml"
    tests = "tests: [{name: namn, given: {subject: Till namnet}, expect: {assignee: bo}}]\n"
    path.write_text(path.read_text("utf-8") + tests, "utf-8")
    assert desk.say("rules", "test").endswith("1 test passed\n")


def test_only_anyway(desk: Office) -> None:
    desk.make(1)
    desk.say("assign", 1, "bo", "--anyway")
    assert desk.get(1).assignee == "bo"


def test_deputy_round_robin_and_none_as_in_rules(desk: Office) -> None:
    desk.make(1, assignee="bo")
    desk.make(2)
    desk.make(3, assignee="alice")
    assert desk.say("assign", 1, "deputy") == "#1 assigned to alice (was bo’s)\n"
    assert "#2 has no deputy: it is unassigned" in desk.trouble("assign", 2, "deputy", code=5)
    assert "alice is not away" in desk.trouble("assign", 3, "deputy", code=5)
    desk.now += 4 * DAY  # bo is back
    desk.make(4, age=HOUR)
    desk.say("assign", 2, 4, "round_robin")
    assert {desk.get(2).assignee, desk.get(4).assignee} == {"alice", "bo"}


def test_a_handover_and_take_neither(desk: Office) -> None:
    desk.make(1, assignee="alice")
    desk.make(2)
    assert "bo is away today" in desk.trouble("handover", "alice", "bo", code=5)
    desk.say("handover", "alice", "bo", "--anyway")
    assert desk.get(1).assignee == "bo"
    assert "bo is away today" in desk.trouble("take", code=5, user="bo")
    assert "bo is away today" in desk.trouble("assign", 2, "me", code=5, user="bo")
    desk.say("take", "--anyway", user="bo")
    assert desk.get(2).assignee == "bo"


def test_who_answers_while_away_does_not_get_the_ticket(desk: Office) -> None:
    desk.make(1)
    desk.say("reply", 1, "--text", "Hej!", user="bo")
    assert desk.get(1).assignee == ""


def test_undo_gives_it_back_to_whose_it_was_and_says_so(desk: Office) -> None:
    desk.make(1, assignee="bo")
    desk.say("assign", 1, "alice")
    assert "bo is away, alice stands in" in desk.say("undo", 1)
    assert desk.get(1).assignee == "bo"


def test_the_stand_in_is_told_in_the_owners_place(office: Office) -> None:
    with_absence(office)
    rules = office.folder / "rules.yaml"
    step = "{when: {used: 100%, owner_away: true}, then: [{assign: deputy}]}"
    rules.write_text(rules.read_text("utf-8").replace(step, "{when: {used: 100%}, then: [{notify: owner}]}"), "utf-8")
    office.make(1, assignee="bo", age=20 * HOUR)
    office.now += 2 * HOUR
    assert "notify alice@exempel.example" in office.say("escalate")


def test_a_customers_answer_to_somebody_away_is_in_the_stand_ins_inbox(desk: Office) -> None:
    desk.make(1, assignee="bo", status="open", requester=Person("bror@kund.example"))
    desk.run("inbox")
    head = "From: bror@kund.example\nSubject: Re: x\nIn-Reply-To: <1@kund.example>\nMessage-ID: <2@kund.example>"
    desk.say("fetch", "-", stdin=f"{head}\n\nNå?\n")
    assert "Nå?" in desk.say("inbox")
    desk.now += 4 * DAY
    desk.change(1, lambda ticket: ticket.label(Act("system", desk.now), "drift"))
    desk.run("inbox")
    desk.change(1, lambda ticket: ticket.unlabel(Act("system", desk.now), "drift"))
    assert "Nothing new" in desk.say("inbox")  # bo is back


def test_least_loaded_weighs_priority_and_what_waits(office: Office) -> None:
    office.make(1, assignee="alice", priority="high")  # 2
    office.make(2, assignee="bo")  # 1
    for number in range(3, 6):
        office.make(number, assignee="bo", status="waiting", wake_at=office.now + DAY)  # 0.25 each
    office.make(6)
    office.make(7)
    office.say("assign", 6, 7, "least_loaded")
    assert [office.get(number).assignee for number in (6, 7)] == ["bo", "alice"]  # 1.75 < 2 < 2.75


# --- `ticketctl away` ---


def test_who_falls_ill_is_away_until_further_notice_and_then_is_back(office: Office) -> None:
    office.make(1, assignee="bo")
    assert office.say("away") == "Nobody is away.\n"
    told = "bo is away from Fri 2026-11-20 until further notice; alice stands in\n"
    hint = "1 ticket that is not closed stays theirs; `ticketctl handover bo alice` hands over\n"
    assert office.say("away", "me", user="bo") == told + hint
    office.now += 20 * DAY
    assert "alice stands in (use --anyway to assign all the same)" in office.trouble("assign", 1, "bo", code=5)
    since = "bo is away since Fri 2026-11-20 until further notice; alice stands in"
    assert since in office.say("board") and since in office.say("doctor", "--offline")
    assert "1 with people who are away" in office.say("board")
    office.run("note", 1, "@bo?", user="system")
    assert "#1" in office.say("inbox", user="alice"), "who stands in sees what is theirs"
    assert office.say("away", "bo", "--back") == "bo is here again\n"
    assert "bo is away" not in office.say("board")
    office.make(2)
    office.say("assign", 2, "bo")
    assert office.get(2).assignee == "bo"
    assert "bo is not away" in office.trouble("away", "bo", "--back", code=5)


def test_escalation_and_rules_know_of_it_too(office: Office) -> None:
    (office.folder / "rules.yaml").write_text(RULES + MORE, "utf-8")
    office.make(1, assignee="bo", priority="high", age=2 * DAY)
    office.say("escalate")
    assert office.get(1).assignee == "bo"
    office.say("away", "bo")
    office.say("escalate")
    assert office.get(1).assignee == "alice"


def test_days_in_words_both_included(office: Office) -> None:
    told = office.say("away", "bo", "måndag", "2026-12-01", "--deputy", "alice")
    assert told == "bo is away from Mon 2026-11-23 to Tue 2026-12-01; alice stands in\n"
    office.make(1)
    office.say("assign", 1, "bo")
    office.now += 11 * DAY
    assert "is away" in office.trouble("take", code=5, user="bo")
    office.now += DAY
    assert office.say("away") == "Nobody is away.\n"
    shape = json.loads(office.say("away", "bo", "--json"))
    assert shape == {"agent": "bo", "away": True, "from": "2026-12-02", "to": None, "deputy": "alice"}


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("eva",), 2, "no agent 'eva'"),
        (("bo", "fredag"), 2, "2026-11-20 (Friday) or 2026-11-27 (Friday)"),
        (("bo", "sedan"), 2, "'sedan' is not a day"),
        (("bo", "2026-11-19"), 2, "is in the past; today is 2026-11-20"),
        (("bo", "2026-12-01", "2026-11-30"), 2, "2026-11-30 is before 2026-12-01"),
        (("bo", "--deputy", "bo"), 5, "bo cannot be their own deputy"),
        (("--back",), 2, "who?"),
        (("bo", "today", "--back"), 2, "--back takes nothing"),
    ],
)
def test_what_is_unclear_about_it_is_refused(office: Office, words: tuple[str, ...], code: int, told: str) -> None:
    assert told in office.trouble("away", *words, code=code)
    assert office.say("away") == "Nobody is away.\n"


def test_what_rules_yaml_says_is_changed_there(desk: Office) -> None:
    assert desk.say("away") == "bo is away from Fri 2026-11-20 to Mon 2026-11-23; alice stands in\n"
    assert "rules.yaml says that bo is away" in desk.trouble("away", "bo", "--back", code=5)
