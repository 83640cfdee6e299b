"""`notify:`: short notices go out with `send`, name no customer, and no part of a target's address is ever shown."""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Iterator
from datetime import timedelta
from itertools import count

import pytest

from tests.conftest import Office
from tests.http_server import Recorder, recording
from ticketctl.domain.ticket.message import Person
from ticketctl.ports.plain_message import PlainMessage
from ticketctl.usecases.intake.receive import Receive, receive

pytestmark = pytest.mark.extra("notify")

ALL = "[escalation, high, chat, source, weekly]"
RULES = """\
rules:
  - {id: brand, events: [created], when: {subject: {contains: driftstopp}}, then: [{set: {priority: high}}]}
escalation: [{when: {used: 75%}, then: [{notify: owner}]}]
report: {to: [chef@exempel.example]}
"""
_NUMBERS = count(1)
CANARIES = ("kanariauser", "kanariapass", "kanariapath", "kanariahead", "kanariaquery")


@pytest.fixture
def service() -> Iterator[Recorder]:
    with recording() as recorder:
        yield recorder


def with_targets(office: Office, *targets: tuple[str, str, str], more: str = RULES) -> Office:
    """(name, address, events); the addresses are in files outside the desk."""
    secrets = office.folder.parent / "secrets"
    secrets.mkdir(exist_ok=True)
    lines = []
    for name, address, events in targets:
        (secrets / name).write_text(address, encoding="utf-8")
        lines.append(f"  - {{name: {name}, url_command: 'cat {secrets / name}', events: {events}}}")
    rules = office.folder / "rules.yaml"
    written = "\n".join([rules.read_text(encoding="utf-8") + more, "notify:", *lines, ""])
    rules.write_text(written, encoding="utf-8")
    return office


def jour(service: Recorder) -> tuple[str, str, str]:
    return "jour", f"json://127.0.0.1:{service.port}/hook", ALL


def mail(subject: str) -> str:
    """Each with an id of its own, by the order in which they are written."""
    number = next(_NUMBERS)
    return (
        f"From: Asa Oberg <asa@kund.example>\nTo: support@exempel.example\nSubject: {subject}\n"
        f"Message-ID: <{number}@kund.example>\n\nHej!\n"
    )


def said(service: Recorder) -> list[str]:
    return [json.loads(one.body)["message"] for one in service.requests]


def test_a_new_high_ticket_is_told_by_the_next_send_and_not_before(office: Office, service: Recorder) -> None:
    desk = with_targets(office, jour(service))
    for number in (1, 2):
        desk.run("fetch", "-", stdin=mail(f"driftstopp hos Oberg {number}"))
    desk.run("fetch", "-", stdin=mail("En fråga"))
    desk.run("list")
    assert service.requests == []
    desk.run("send")
    assert said(service) == ["Nytt med hög prioritet: #1, #2"]
    assert json.loads(service.requests[0].body)["title"] == "Exempel AB"
    assert not [one for one in ("kund", "oberg", "driftstopp") if one in service.requests[0].body.decode().casefold()]
    desk.run("send")
    assert len(service.requests) == 1
    assert desk.store.facts("push ") == {}


def test_what_is_over_by_then_is_not_told(office: Office, service: Recorder) -> None:
    desk = with_targets(office, jour(service))
    desk.run("fetch", "-", stdin=mail("driftstopp"))
    desk.run("close", 1, "--set", "category=support")
    desk.run("send")
    assert service.requests == []


def test_each_target_gets_what_it_asked_for(office: Office, service: Recorder) -> None:
    address = f"json://127.0.0.1:{service.port}"
    desk = with_targets(office, ("a", f"{address}/a", "high"), ("b", f"{address}/b", "[weekly]"))
    desk.run("fetch", "-", stdin=mail("driftstopp"))
    desk.run("send")
    assert [one.path for one in service.requests] == ["/a"]


def test_escalations_and_the_weekly_summary(office: Office, service: Recorder) -> None:
    desk = with_targets(office, jour(service))
    desk.make(1, age=timedelta(hours=1))
    desk.now += timedelta(days=3)
    desk.run("escalate", "--clock-is-right", user="system")
    desk.run("send")
    assert said(service) == ["Tidsgräns passerad eller nära: #1"]
    desk.now += timedelta(days=7)
    desk.run("report", "--email", user="system")
    desk.run("send")
    assert len(said(service)) == 2 and "v. " in said(service)[-1]


def test_a_chat_that_waits_is_told_and_one_that_is_answered_is_not(office: Office, service: Recorder) -> None:
    desk = with_targets(office, jour(service))
    for number in (1, 2):
        visitor = Person(f"@{number}:chat", "Åsa", "chat")
        said_there = PlainMessage(id=f"{number}@chat.invalid", sender=visitor, text="Hej", conversation=f"c{number}")
        receive(desk.session("system"), Receive(source="webben", channel="chat", message=said_there))
    desk.run("reply", 2, "--text", "Hej!", "--no-check")
    desk.run("send")
    assert said(service) == ["Väntar i chatten: #1"]


def test_a_broken_source_is_told_once_and_when_it_works_again(office: Office, service: Recorder) -> None:
    desk = with_targets(office, jour(service), more=RULES + "sources: [{name: inkorg, maildir: inkorg}]\n")
    inbox = desk.folder / "inkorg"

    def poll(code: int) -> None:
        desk.now += timedelta(minutes=5)
        desk.run("fetch", code=code)
        desk.run("send")

    for _ in range(4):
        poll(code=8)
    assert said(service) == ["Hämtas inte: inkorg"]
    for part in ("new", "cur", "tmp"):
        (inbox / part).mkdir(parents=True)
    poll(code=0)
    poll(code=0)
    assert said(service) == ["Hämtas inte: inkorg", "Hämtas igen: inkorg"]
    shutil.rmtree(inbox)


def test_no_part_of_an_address_is_ever_shown(
    office: Office, service: Recorder, caplog: pytest.LogCaptureFixture
) -> None:
    """User, password, path, header and query of a service that refuses, one that is not there, and one that is none."""
    caplog.set_level(logging.DEBUG)
    user, password, path, head, query = CANARIES
    secret = f"{user}:{password}@127.0.0.1:{service.port}/{path}?+X-Key={head}&-token={query}"
    service.answer = lambda _request: (500, b"no")
    desk = with_targets(
        office,
        ("refuses", f"json://{secret}", ALL),
        ("absent", f"json://{secret.replace(str(service.port), '9')}", ALL),
        ("unknown", f"nosuch://{secret}", ALL),
    )
    desk.run("fetch", "-", stdin=mail("driftstopp"))
    shown = [desk.invoke("-v", "send").output, desk.invoke("outbox").output, desk.invoke("doctor").output]
    assert len(service.requests) == 1
    request = service.requests[0]
    assert path in request.path and query in request.path and request.headers["x-key"] == head  # it did go out
    assert "refuses" in shown[0] and "absent" in shown[0] and "unknown" in shown[0]
    stored = b"".join(one.read_bytes() for one in sorted(desk.folder.rglob("*")) if one.is_file())
    for canary in CANARIES:
        assert not [text for text in (*shown, caplog.text) if canary in text], canary
        assert canary.encode() not in stored, canary


def test_ten_dead_targets_keep_no_mail_from_leaving(office: Office, service: Recorder) -> None:
    """A mail goes first; each target is tried once in a run, and again later."""
    dead = f"json://127.0.0.1:{service.port}/dead"
    service.answer = lambda _request: (503, b"")
    desk = with_targets(office, *((f"t{number}", f"{dead}{number}", ALL) for number in range(10)))
    desk.run("fetch", "-", stdin=mail("driftstopp"))
    desk.run("reply", 1, "--text", "Vi ser på det.", "--no-check")
    assert service.requests == []  # whoever answers waits for none of them
    desk.run("fetch", "-", stdin=mail("driftstopp igen"))
    told = desk.invoke("send").output
    assert len(service.requests) == 10
    with desk.store.reading() as outbox:
        assert {(item.medium, item.state) for item in outbox.outbox()} == {("notify", "deferred")}
    assert "t9" in told
    desk.now += timedelta(minutes=6)
    service.answer = lambda _request: (200, b"{}")
    desk.run("send")
    assert len(service.requests) == 20
    with desk.store.reading() as outbox:
        assert list(outbox.outbox()) == []


def test_a_service_that_is_gone_for_a_day_is_given_up(office: Office, service: Recorder) -> None:
    service.answer = lambda _request: (503, b"")
    desk = with_targets(office, jour(service))
    desk.run("fetch", "-", stdin=mail("driftstopp"))
    desk.invoke("send")
    desk.now += timedelta(days=1, hours=5)
    desk.invoke("send")
    with desk.store.reading() as outbox:
        assert [item.state for item in outbox.outbox()] == ["failed"]
    assert "jour" in desk.say("outbox")


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("- {name: a, url: 'json://x', events: [high]}", "the address holds secrets"),
        ("- {name: a, events: [high]}", "'url_command' is missing"),
        ("- {name: a, url_command: x, events: [hihg]}", "unknown event"),
        ("- {name: a, url_command: x}", "'events' is missing"),
    ],
)
def test_faults_name_the_place(office: Office, line: str, wrong: str) -> None:
    rules = office.folder / "rules.yaml"
    rules.write_text(rules.read_text() + f"notify:\n  {line}\n", encoding="utf-8")
    told = office.trouble("rules", "check", code=2)
    assert wrong in told and "rules.yaml:" in told
