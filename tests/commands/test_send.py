"""`send`, against a real server that fails at every step: nothing is lost, and only what was uncertain comes twice."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes

import pytest

from tests.conftest import ROOT, RULES, Office, some_now
from tests.faults.leaving import killed_run
from tests.growth import HANG
from tests.smtp_server import Mailbox, serving
from ticketctl.domain.ticket.message import Person
from ticketctl.domain.ticket.outbound import Outbound
from ticketctl.usecases.outgoing.queue import queue_notice
from ticketctl.wiring import build_session

ANNA = Person("anna@kund.example", "Anna Åström")


@contextmanager
def smtp(office: Office, **options: bool) -> Iterator[Mailbox]:
    """The office sends through a server of its own."""
    with serving(**options) as (port, mailbox):
        server = f"smtp: {{host: 127.0.0.1, port: {port}, security: none, timeout: 1, deadline: 1}}"
        rules = RULES.replace("maildir: data/sent", server)
        (office.folder / "rules.yaml").write_text(rules, encoding="utf-8")
        yield mailbox


def reply(office: Office, number: int = 17, text: str = "Hej!", *words: str) -> None:
    office.make(number, requester=ANNA)
    office.run("reply", number, "--text", text, "--queue", *words)


def notice(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TICKETCTL_NOW", office.now.isoformat())
    session = build_session(desk=str(office.folder), user="system")
    with session.store.transaction() as desk:
        queue_notice(session, desk, ["alice@exempel.example"], "Försenat", "#17 är försenat")


def outbox(office: Office) -> list[Outbound]:
    with office.store.reading() as desk:
        return list(desk.outbox())


def delivery(office: Office, number: int = 17) -> str:
    return office.get(number).messages[-1].delivery


def later(office: Office, minutes: int) -> None:
    office.now += timedelta(minutes=minutes)


def test_what_waits_is_sent_and_shows_on_its_ticket(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    with smtp(office) as mailbox:
        reply(office)
        later(office, 1)
        notice(office, monkeypatch)
        told = office.say("send").splitlines()
        assert told[0] == "sent to anna@kund.example: SV: Var är min beställning?"
        assert told[1:] == ["sent to alice@exempel.example: Försenat"]
        assert [mail.rcpt_tos for mail in mailbox.mails] == [["anna@kund.example"], ["alice@exempel.example"]]
        assert mailbox.connections == 1
        assert (delivery(office), outbox(office)) == ("sent", [])
        assert office.say("send") == "nothing to send\n"
        assert office.say("send", "-q") == ""
        assert mailbox.connections == 1
    automatic = message_from_bytes(mailbox.bodies[1])
    assert (automatic["Auto-Submitted"], automatic["X-Auto-Response-Suppress"]) == ("auto-generated", "All")


LATER, NEVER, PERHAPS, TWICE = "later", "never", "perhaps", "twice"
FAULTS = [
    ("CONNECT", "drop", LATER), ("CONNECT", "421 busy", LATER), ("EHLO", "drop", LATER), ("MAIL", "451 later", LATER),
    ("MAIL", "drop", LATER), ("RCPT", "450 greylisted", LATER), ("RCPT", "drop", LATER), ("DATA", "421 bye", LATER),
    ("DATA", "drop", LATER), ("DOT", "451 later", LATER), ("MAIL", "stall", LATER), ("RCPT", "550 5.1.1 no", NEVER),
    ("DATA", "554 no", NEVER), ("DOT", "554 spam", NEVER), ("DOT", "drop", PERHAPS), ("DOT", "stall", PERHAPS),
    ("DOT", "take, drop", TWICE), ("DOT", "take, stall", TWICE),
]  # fmt: skip


@pytest.mark.parametrize(("step", "action", "meaning"), some_now(FAULTS, 2))
def test_a_reply_survives_a_fault_at_any_step(office: Office, step: str, action: str, meaning: str) -> None:
    with smtp(office) as mailbox:
        reply(office)
        mailbox.plan[step] = [action]
        trouble = office.trouble("send", code=8)
        assert "anna@kund.example" in trouble
        states = {LATER: "deferred", NEVER: "failed"}
        assert delivery(office) == states.get(meaning, "uncertain")
        assert outbox(office)[0].state == delivery(office)
        office.run("send")  # at once: too early for anything
        assert len(mailbox.mails) == (meaning == TWICE)
        later(office, 16)
        office.run("send")
        assert len(mailbox.mails) == {NEVER: 0, TWICE: 2}.get(meaning, 1)
        assert delivery(office) == ("failed" if meaning == NEVER else "sent")
        assert len(set(mailbox.bodies)) <= 1  # identical bytes: mail programs show it once
        later(office, 60 * 24 * 9)
        office.run("send")
        assert len(mailbox.mails) == {NEVER: 0, TWICE: 2}.get(meaning, 1)


@pytest.mark.parametrize("action", ["drop", "take, drop"])
def test_a_notice_is_not_sent_twice(office: Office, monkeypatch: pytest.MonkeyPatch, action: str) -> None:
    with smtp(office) as mailbox:
        notice(office, monkeypatch)
        mailbox.plan["DOT"] = [action]
        assert "perhaps delivered" in office.trouble("send", code=8)
        later(office, 60 * 24)
        office.run("send")
        assert len(mailbox.mails) == (action != "drop")
        assert "uncertain" in office.say("send", "--list")


@pytest.mark.parametrize("step", some_now(["CONNECT", "MAIL", "DATA", "BODY", "DOT", "DOT taken", "QUIT"], 2))
def test_a_run_that_is_killed_loses_nothing(office: Office, step: str) -> None:
    with smtp(office) as mailbox:
        reply(office)
        mailbox.plan[step.split()[0]] = ["take, kill" if "taken" in step else "kill"]
        assert killed_run(office, mailbox) == -9
        if step == "QUIT":  # recorded before QUIT
            assert (delivery(office), outbox(office)) == ("sent", [])
            return
        assert outbox(office)[0].state == "sending"
        assert "ended before" in office.trouble("send", code=8)
        assert delivery(office) == "uncertain"
        later(office, 15)
        office.run("send")
        assert len(mailbox.mails) == 1 + ("taken" in step)
        assert (delivery(office), outbox(office)) == ("sent", [])


@pytest.mark.parametrize(("step", "state"), [("CONNECT", "deferred"), ("MAIL", "deferred"), ("DOT", "uncertain")])
def test_ctrl_c_is_recorded_as_what_it_is(office: Office, step: str, state: str) -> None:
    with smtp(office) as mailbox:
        reply(office)
        mailbox.plan[step] = ["interrupt"]
        assert killed_run(office, mailbox) == 130
        assert (delivery(office), outbox(office)[0].state) == (state, state)


def test_overlapping_runs_send_each_mail_once(office: Office) -> None:
    with smtp(office) as mailbox:
        for number in range(1, 9):
            reply(office, number, f"Svar {number}")
        env = {**office.environment(), "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "ticketctl", "send"]
        runs = [subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(4)]
        for run in runs:
            run.communicate(timeout=HANG)
            assert run.returncode == 0
        office.run("send")
        assert sorted(mail.rcpt_tos[0] for mail in mailbox.mails) == ["anna@kund.example"] * 8
        assert len(set(mailbox.bodies)) == 8
        assert outbox(office) == []


def test_a_reply_is_sent_at_once_and_a_failure_is_told(office: Office) -> None:
    with smtp(office) as mailbox:
        office.make(17, requester=ANNA)
        mailbox.plan["RCPT"] = ["550 5.1.1 unknown"]
        result = office.run("reply", 17, "--text", "Hej", "--send", code=8)
        assert "NOT delivered to anna@kund.example" in result.stdout
        assert "550 5.1.1 unknown" in result.stderr
        assert delivery(office) == "failed"
        office.make(18, requester=ANNA)
        mailbox.plan["MAIL"] = ["451 later"]
        office.run("reply", 18, "--text", "Hej", "--send", code=8)
        later(office, 5)
        office.run("send")
        assert [mail.rcpt_tos for mail in mailbox.mails] == [["anna@kund.example"]]


def test_a_reply_takes_no_other_mail_along(office: Office) -> None:
    with smtp(office) as mailbox:
        reply(office, 17, "Väntar")
        office.make(18, requester=ANNA)
        office.run("reply", 18, "--text", "Nu", "--send")
        assert [b"Nu" in body for body in mailbox.bodies] == [True]


def test_a_reply_is_not_taken_for_what_a_dead_run_left(office: Office) -> None:
    with smtp(office) as mailbox:
        reply(office)
        mailbox.plan["DOT"] = ["kill"]
        killed_run(office, mailbox)
        office.make(18, requester=ANNA)
        mailbox.plan["RCPT:bo@kund.example"] = ["550 5.1.1 unknown"]
        result = office.run("reply", 18, "--text", "Hej", "--cc", "bo@kund.example", "--send", code=8)
        assert "#18: reply sent to anna@kund.example" in result.stdout
        assert "bo@kund.example: 550 5.1.1 unknown" in result.stderr
        assert (delivery(office, 17), delivery(office, 18)) == ("uncertain", "sent")


def test_some_recipients_refused(office: Office) -> None:
    with smtp(office) as mailbox:
        mailbox.plan["RCPT:bo@kund.example"] = ["550 5.1.1 unknown"]
        mailbox.plan["RCPT:cia@kund.example"] = ["450 later"]
        reply(office, 17, "Hej", "--cc", "bo@kund.example", "--cc", "cia@kund.example")
        assert "450 later" in office.trouble("send", code=8)
        later(office, 5)
        assert "bo@kund.example: 550 5.1.1 unknown" in office.trouble("send", code=8)
        assert [mail.rcpt_tos for mail in mailbox.mails] == [["anna@kund.example"], ["cia@kund.example"]]
        assert delivery(office) == "sent"  # whom it was written to has it
        office.run("send", outbox(office)[0].id[:6], "--retry")
        assert [mail.rcpt_tos for mail in mailbox.mails][2:] == [["bo@kund.example"]]
        assert outbox(office) == []


def test_a_ticket_that_waits_for_the_answer_to_a_refused_reply_is_ours_again(office: Office) -> None:
    with smtp(office) as mailbox:
        mailbox.plan["RCPT"] = ["450 later", "550 unknown"]
        reply(office, 17, "Vilken färg?", "--wait", "3d")
        office.run("send", code=8)
        assert office.get(17).status == "waiting"  # it may still leave
        later(office, 5)
        office.run("send", code=8)
        assert (office.get(17).status, delivery(office)) == ("open", "failed")


def test_a_failed_mail_is_listed_retried_and_dropped(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    with smtp(office) as mailbox:
        reply(office)
        mailbox.plan["RCPT"] = ["550 mailbox full", "550 mailbox full"]
        office.run("send", code=8)
        (item,) = outbox(office)
        later(office, 60)
        monkeypatch.setenv("COLUMNS", "60")
        listed = office.say("send", "--list")
        assert item.id[:8] in listed
        assert "failed" in listed
        assert "550 mailbox full" in listed
        assert "1h" in listed
        (shape,) = json.loads(office.say("send", "--list", "--json"))
        assert (shape["state"], shape["ticket"], shape["attempts"]) == ("failed", 17, 1)
        assert shape["to"] == ["anna@kund.example"]
        office.run("send", item.id[:8], "--retry", code=8)
        office.run("send", item.id, "--retry")
        assert (delivery(office), len(mailbox.mails)) == ("sent", 1)
        reply(office, 18)
        (item,) = outbox(office)
        assert "dropped" in office.say("send", item.id[:8], "--drop")
        assert (delivery(office, 18), outbox(office)) == ("failed", [])
        office.run("send", "ffffffffffff", "--drop", code=4)


@pytest.mark.parametrize("words", [["abc"], ["--retry"], ["abc", "--retry", "--drop"], ["abc", "--list"]])
def test_what_send_does_not_understand(office: Office, words: list[str]) -> None:
    office.run("send", *words, code=2)


def test_a_viewer_drops_nothing(office: Office) -> None:
    reply(office)
    office.run("send", outbox(office)[0].id, "--drop", user="vera", code=5)
    assert len(outbox(office)) == 1


def test_the_message_is_found_after_a_merge(office: Office) -> None:
    reply(office, 17)
    office.make(18, requester=ANNA)
    office.run("merge", 17, "--into", 18)
    office.run("send")
    (message,) = [one for one in office.get(18).messages if one.direction == "out"]
    assert message.delivery == "sent"


@pytest.mark.parametrize("words", [["--send"], []])
def test_a_reply_that_is_not_accepted_yet_shows_in_the_exit_code(office: Office, words: list[str]) -> None:
    with smtp(office) as mailbox:
        office.make(17, requester=ANNA)
        mailbox.plan["MAIL"] = ["451 too busy"]
        result = office.run("reply", 17, "--text", "Hej på dig!", *words, code=8)
        assert result.stdout.startswith("#17: reply queued for anna@kund.example")
        assert "not accepted yet: " in result.stderr and "451 too busy; it stays in the outbox" in result.stderr
        assert (office.get(17).messages[-1].text, delivery(office)) == ("Hej på dig!", "deferred")
        later(office, 10)
        office.run("send")
        assert (delivery(office), len(mailbox.mails)) == ("sent", 1)


def test_a_server_that_is_down_is_asked_once_and_all_wait(office: Office) -> None:
    with smtp(office) as mailbox:
        for number in (1, 2, 3):
            reply(office, number)
        mailbox.plan["CONNECT"] = ["421 busy"] * 9
        trouble = office.trouble("send", code=8)
        assert trouble.count("421 busy") == 3
        assert mailbox.connections == 1
        mailbox.plan.clear()
        later(office, 5)
        office.run("send")
        assert len(mailbox.mails) == 3


def test_lost_bytes_are_a_failure_that_shows(office: Office) -> None:
    with smtp(office):
        reply(office)
        office.store.blobs.delete(outbox(office)[0].raw)
        assert "bytes are lost" in office.trouble("send", code=8)
        assert delivery(office) == "failed"
