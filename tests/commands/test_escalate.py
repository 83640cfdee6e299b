"""`escalate`, as cron runs it."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email import message_from_bytes, policy

import msgspec
import pytest

from ticketctl.domain.ticket.message import Person
from ticketctl.domain.ticket.ticket import Act
from ticketctl.store import fs, locks

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
STEPS = """\
escalation:
  - {when: {used: 75%}, then: [{notify: owner}]}
  - {when: {used: 100%}, then: [{notify: team}, {raise_priority: high}]}
  - {when: {used: 120%}, then: [{notify: chef@exempel.example}, {assign: bo}]}
"""


@pytest.fixture
def desk(office):
    """An office with escalation steps. It is Friday 10:00; medium tickets are answered within 4 h, high ones in 1 h."""
    rules = office.folder / "rules.yaml"
    rules.write_text(rules.read_text(encoding="utf-8") + STEPS, encoding="utf-8")
    return office


def outbox(office):
    """(recipients, subject, text) of each mail in the outbox."""
    with office.store.reading() as desk:
        items = list(desk.outbox())
    mails = [message_from_bytes(office.store.blobs.get(item.raw), policy=policy.default) for item in items]
    return sorted(
        (item.recipients, mail["Subject"], mail.get_body(("plain",)).get_content())
        for item, mail in zip(items, mails, strict=True)
    )


def test_nothing_due_says_so_and_is_silent_under_cron(desk):
    desk.make(1)
    assert desk.say("escalate") == "Nothing is due.\n"
    assert desk.say("escalate", "-q") == ""
    assert outbox(desk) == []


def test_the_owner_is_warned_at_three_quarters(desk):
    desk.make(1, age=18 * HOUR, assignee="bo", subject="Sajten är seg")  # Thursday 16:00: 1 + 2 h of 4 gone
    desk.now -= HOUR
    desk.say("escalate")
    assert outbox(desk) == []
    desk.now += HOUR
    assert "#1 first response due 11:00: notify bo@exempel.example" in desk.say("escalate")
    ((recipients, subject, text),) = outbox(desk)
    assert recipients == ("bo@exempel.example",)
    assert subject == "[Exempel AB] Ärende #1 behöver dig: Sajten är seg"
    assert "Första svar: 75 % av tiden har gått, löftet gäller till fre 2026-11-20 11:00" in text
    assert "#1 Sajten är seg (medel, ansvarig: bo)" in text and "ticketctl" not in text


def test_one_mail_for_each_agent_and_run(desk):
    for number in range(1, 6):
        desk.make(number, age=20 * HOUR, subject=f"Ärende nummer {number}")  # Thursday 14:00: 5 of 4 h gone
    desk.say("escalate")
    mails = outbox(desk)
    assert [recipients for recipients, _, _ in mails] == [
        ("alice@exempel.example",),
        ("bo@exempel.example",),
        ("chef@exempel.example",),
    ]
    assert "5 ärenden behöver dig: #1, #2, #3, #4, #5" in mails[0][1]
    assert mails[0][2].count(" Ärende nummer ") == 5
    assert "prioriteten höjdes till hög" in mails[0][2]


def test_running_it_twice_is_running_it_once(desk):
    desk.make(1, age=20 * HOUR)
    desk.make(2, age=3 * DAY, assignee="alice")
    desk.say("escalate")
    after = [desk.get(number) for number in (1, 2)], outbox(desk)
    assert desk.say("escalate") == "Nothing is due.\n"
    assert ([desk.get(number) for number in (1, 2)], outbox(desk)) == after
    assert desk.get(1).priority == "high"
    assert desk.get(2).assignee == "bo"
    assert desk.get(2).events[-1].actor == "system"


def test_dry_run_tells_the_same_and_changes_nothing(desk):
    desk.make(1, age=20 * HOUR)
    before = (desk.folder / "data" / "desk.json").read_bytes()
    told = json.loads(desk.say("escalate", "--dry-run", "--json"))
    assert (desk.folder / "data" / "desk.json").read_bytes() == before
    done = json.loads(desk.say("escalate", "--json"))
    assert {**told, "dry_run": False} == done
    assert [step["step"] for step in done["escalated"]] == ["75%", "100%", "120%"]


def test_waiting_tickets_come_back_on_their_date(desk):
    desk.make(1)
    desk.change(1, lambda ticket: ticket.wait(Act("alice", desk.now), desk.now + DAY))
    desk.say("escalate")
    assert desk.get(1).status == "waiting"
    desk.now += DAY
    assert "#1 back from waiting" in desk.say("escalate")
    assert desk.get(1).status == "open"
    assert "woken" in [event.what for event in desk.get(1).events]


def test_old_closed_tickets_go_to_the_archive_and_stay_readable(desk):
    desk.make(1)
    desk.change(1, lambda ticket: ticket.close(Act("alice", desk.now)))
    desk.now += 29 * DAY
    assert desk.say("escalate") == "Nothing is due.\n"
    desk.now += 2 * DAY
    assert "would: 1 closed ticket to the archive" in desk.say("escalate", "--dry-run")
    assert "1 closed ticket to the archive" in desk.say("escalate")
    assert list((desk.folder / "data" / "archive").glob("*.json"))
    assert desk.get(1).subject == "Var är min beställning?"


def test_a_second_run_at_the_same_time_skips(desk):
    desk.make(1, age=20 * HOUR)
    with locks.locked(desk.folder / "data" / ".escalate.lock", 0):
        assert desk.say("escalate") == ""
        assert "another run" in desk.run("-v", "escalate").stderr
    assert outbox(desk) == []


def test_many_at_once_do_it_once(desk):
    desk.make(1, age=20 * HOUR)
    with ThreadPoolExecutor(4) as pool:
        runs = [pool.submit(desk.process, "escalate", "-q") for _ in range(4)]
    assert [run.result().returncode for run in runs] == [0] * 4
    assert len(outbox(desk)) == 3
    assert len(desk.get(1).fired) == 3


def test_a_customers_subject_cannot_break_the_mail(desk):
    desk.make(1, age=20 * HOUR, subject="Hej\r\nBcc: alla@exempel.example =?UTF-8?Q?=0ABcc:x?= \x1b[31m")
    desk.say("escalate")
    with desk.store.reading() as inside:
        raws = [desk.store.blobs.get(item.raw) for item in inside.outbox()]
    assert all(message_from_bytes(raw, policy=policy.default)["Bcc"] is None for raw in raws)
    assert all(b"\x1b" not in raw for raw in raws)


# --- nobody owns it, labels, replies, deputies ---

MORE = """\
escalation:
  - {when: {unassigned: 2h}, then: [{notify: team}, {label: vip}]}
  - {when: {unassigned: calendar 1d}, then: [{notify: chef@exempel.example}]}
"""


def with_steps(office, steps):
    rules = office.folder / "rules.yaml"
    rules.write_text(rules.read_text(encoding="utf-8").split("escalation:")[0] + steps, encoding="utf-8")
    return office


def test_what_nobody_takes_is_told_once_in_business_time(office):
    desk = with_steps(office, MORE)
    desk.make(1, age=17 * HOUR)  # Thursday 17:00: 2 open hours by Friday 10:00
    desk.make(2, age=17 * HOUR, assignee="bo")
    said = desk.say("escalate")
    assert "#1 unassigned for 2h: label vip; notify alice@exempel.example, bo@exempel.example" in said
    assert "#2" not in said
    assert desk.get(1).labels == ("vip",)
    assert "ingen ansvarig sedan tors 2026-11-19 17:00" in outbox(desk)[0][2]
    assert desk.say("escalate") == "Nothing is due.\n"
    desk.now += DAY
    assert "chef@exempel.example" in desk.say("escalate")  # Saturday: the calendar goes on
    assert desk.say("escalate") == "Nothing is due.\n"


def test_who_loses_its_owner_again_is_told_again_and_who_waits_is_not(office):
    desk = with_steps(office, MORE)
    desk.make(1, age=DAY)
    desk.make(2, age=DAY)
    desk.change(2, lambda ticket: ticket.wait(Act("alice", desk.now), desk.now + 3 * HOUR))
    assert "#2" not in desk.say("escalate")
    desk.say("assign", 1, "bo")
    desk.say("assign", 1, "none")
    desk.now += 3 * HOUR
    said = desk.say("escalate")
    assert "#1 unassigned" in said
    assert "#2 unassigned" not in said  # it has just come back
    desk.now += 2 * HOUR
    assert "#2 unassigned" in desk.say("escalate")
    assert desk.get(1).has_fired("escalation unassigned 2h", "unassigned 1")


def test_nobody_need_own_what_machines_wrote(office):
    desk = with_steps(office, MORE)
    desk.make(1, age=5 * DAY)
    desk.change(
        1,
        lambda ticket: msgspec.structs.replace(
            ticket, messages=(msgspec.structs.replace(ticket.messages[0], kind="automatic", machine="list"),)
        ),
    )
    assert desk.say("escalate") == "Nothing is due.\n"


ANSWERS = """\
escalation:
  - {when: {used: 100%}, then: [{reply: {snippet: fordrojning, automatic: true}}, {notify: owner}]}
  - {id: draft, when: {used: 110%}, then: [{reply: mer-information}, {raise_priority: high}]}
  - {id: second, when: {used: 120%}, then: [{reply: {snippet: paminnelse, automatic: true}}]}
"""


def answers(desk):
    return [mail for mail in outbox(desk) if mail[0] == ("åsa@kund.example",)]


def test_a_step_answers_once_and_the_next_answer_waits_a_day(office):
    desk = with_steps(office, ANSWERS)
    for language in ("sv", "en"):
        (desk.folder / "snippets" / language / "fordrojning.j2").write_text("Subject: x\nHej\n", "utf-8")
    desk.make(1, age=19 * HOUR, assignee="bo")  # Thursday 15:00: 4 of 4 hours
    desk.say("escalate")
    assert len(answers(desk)) == 1
    desk.now += HOUR
    said = desk.say("escalate")
    assert "1 held back until a later run" in said
    assert [one.delivery for one in desk.get(1).messages] == ["", "queued", "draft"]
    assert "first response 500% used: raise_priority high" in said or "draft" in said
    assert len(answers(desk)) == 1
    desk.now += DAY
    desk.say("escalate")
    desk.say("escalate")
    assert len(answers(desk)) == 2


def test_a_broken_snippet_holds_up_its_own_step_alone(office):
    desk = with_steps(office, ANSWERS)
    for language in ("sv", "en"):
        (desk.folder / "snippets" / language / "fordrojning.j2").write_text("Subject: x\n{{ nix }}\n", "utf-8")
    desk.make(1, age=20 * HOUR, assignee="bo")
    for _ in range(2):
        assert "escalation 100% on #1" in desk.trouble("escalate", code=1)
    assert desk.get(1).priority == "high"
    for language in ("sv", "en"):
        (desk.folder / "snippets" / language / "fordrojning.j2").write_text("Subject: x\nHej\n", "utf-8")
    desk.now += DAY
    desk.say("escalate")
    assert ("bo@exempel.example",) in [mail[0] for mail in outbox(desk)]


def test_who_has_no_address_is_not_answered(office):
    desk = with_steps(office, ANSWERS)
    desk.make(1, age=20 * HOUR, assignee="bo", requester=Person("", "Åsa i växeln"))
    desk.say("escalate")
    assert [mail[0] for mail in outbox(desk)] == [("bo@exempel.example",)]


@pytest.mark.parametrize(
    ("owner", "expected"),
    [("bo", {"alice@exempel.example"}), ("alice", {"alice@exempel.example"}), ("", {"alice@exempel.example"})],
)
def test_the_deputy_is_told(office, owner, expected):
    desk = with_steps(office, "escalation: [{when: {used: 100%}, then: [{notify: deputy}]}]\n")
    rules = desk.folder / "rules.yaml"
    away = "bo@exempel.example, away: [{from: 2026-11-01, to: 2026-12-01, deputy: alice}]}"
    rules.write_text(rules.read_text("utf-8").replace("bo@exempel.example}", away), "utf-8")
    desk.make(1, age=20 * HOUR, assignee=owner)
    desk.say("escalate")
    assert {mail[0][0] for mail in outbox(desk)} == expected


def test_a_raised_priority_makes_no_step_run_twice(office):
    desk = with_steps(
        office,
        """\
escalation:
  - {when: {used: 50%}, then: [{notify: owner}, {raise_priority: high}]}
  - {when: {used: 75%}, then: [{notify: team}]}
""",
    )
    desk.make(1, age=18 * HOUR, assignee="bo", priority="low")
    for _ in range(200):  # 50 opening hours, a run every quarter of an hour
        desk.now += HOUR / 2
        desk.say("escalate", "-q")
    fired = desk.get(1).fired
    assert sorted((one.rule, one.occasion) for one in fired) == [
        (f"escalation {share}", promise) for share in ("50%", "75%") for promise in ("first_response", "resolution")
    ]
    told = [mail for mail in outbox(desk) if mail[0] == ("alice@exempel.example",)]
    assert len(told) == len({one.at for one in fired if one.rule.endswith("75%")})


def test_a_run_killed_before_its_commit_has_done_nothing_and_after_it_everything(office, monkeypatch):
    desk = with_steps(office, MORE)
    for number in (1, 2, 3):
        desk.make(number, age=DAY)
    before = (desk.folder / "data" / "desk.json").read_bytes()
    real = fs.rename
    for step in ("before", "after"):

        def killed(source, target, step=step):
            if target.name == "desk.json" and step == "before":
                raise KeyboardInterrupt
            real(source, target)
            if target.name == "desk.json":
                raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr(fs, "rename", killed)
            desk.run("escalate", code=1)
        there = (desk.folder / "data" / "desk.json").read_bytes()
        assert (there == before) == (step == "before")
        assert len(outbox(desk)) == (0 if step == "before" else 2 + 1)
    desk.say("escalate")
    assert len(outbox(desk)) == 3


def test_two_steps_about_one_deadline_are_one_line(desk):
    desk.make(1, age=3 * DAY, assignee="bo")
    first, *others = desk.say("escalate").splitlines()
    assert first.startswith("#1 first response overdue since")
    assert first.endswith(
        ": raise_priority high; assign bo; notify bo@exempel.example, alice@exempel.example, chef@exempel.example"
    )
    assert not [line for line in others if "first response" in line]
