"""`escalate`, as cron runs it."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email import message_from_bytes, policy

import pytest

from ticketctl.domain.ticket import Act
from ticketctl.store import fs

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
    assert "#1 first response 75% used: notify bo@exempel.example" in desk.say("escalate")
    ((recipients, subject, text),) = outbox(desk)
    assert recipients == ("bo@exempel.example",)
    assert subject == "[Exempel AB] Ärende #1 behöver dig: Sajten är seg"
    assert "Första svar: 75 % av tiden har gått, löftet gäller till fre 2026-11-20 11:00" in text
    assert "ticketctl show 1" in text


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
    assert mails[0][2].count("ticketctl show") == 5
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
    with fs.locked(desk.folder / "data" / ".escalate.lock", 0):
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
