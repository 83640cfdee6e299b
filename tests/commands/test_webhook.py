"""Webhooks: each event arrives, signed, as it was when it happened, and only where it may go."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import NOW, ROOT, Office
from tests.http_server import Recorder, recording
from ticketctl.channels import webhooks as channel
from ticketctl.channels.webhooks import is_allowed, secret_of
from ticketctl.domain.config import Webhook
from ticketctl.domain.ticket.message import Message, Person
from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.domain.ticket.webhook import HOOK_EVENTS
from ticketctl.ports.channels import SendFailed

SECRET = "whsec_" + base64.b64encode(b"0123456789abcdef01234567").decode()


@pytest.fixture
def receiver():
    with recording() as found:
        yield found


@pytest.fixture
def office(office: Office, receiver: Recorder, monkeypatch) -> Office:
    monkeypatch.setenv("TICKETCTL_PASSWORD_LAGER", SECRET)
    configure(office, receiver)
    return office


def configure(office: Office, receiver: Recorder, more: str = "") -> None:
    rules = office.folder / "rules.yaml"
    first = rules.read_text("utf-8").partition("webhooks:")[0]
    url = f"http://127.0.0.1:{receiver.port}/hook"
    rules.write_text(f"{first}webhooks:\n  - {{name: lager, url: '{url}', allow: [127.0.0.1]{more}}}\n", "utf-8")


def told(receiver: Recorder) -> list[Any]:
    """In the order of the ticket's history: what leaves in the same second comes in any."""
    return sorted((json.loads(one.body) for one in receiver.requests), key=lambda one: one["data"]["sequence"])


def waiting(office: Office) -> list[Any]:
    with office.store.reading() as desk:
        return [one for one in desk.outbox() if one.medium == "hook"]


def test_each_event_arrives_signed_and_once(office, receiver):
    office.say("new", "--text", "Hej", "--requester", "Åsa <asa@kund.example>")
    office.say("assign", "1", "bo")
    assert len(waiting(office)) == len(office.get(1).events) and not receiver.requests
    office.say("send")
    office.say("send")
    found = told(receiver)
    assert [one["data"]["sequence"] for one in found] == list(range(1, len(found) + 1))
    assert [one["type"] for one in found] == ["ticket.created", "ticket.status", "ticket.assigned"]
    assert found[-1]["data"]["after"] == "bo" and found[-1]["data"]["by"] == "alice"
    assert len({one.headers["webhook-id"] for one in receiver.requests}) == len(found)
    assert not waiting(office)
    for one in receiver.requests:
        must_be_signed(one, SECRET)


def must_be_signed(one: Any, *secrets: str) -> None:
    content = f"{one.headers['webhook-id']}.{one.headers['webhook-timestamp']}.".encode() + one.body
    marks = [hmac.new(secret_of(secret), content, hashlib.sha256).digest() for secret in secrets]
    assert one.headers["webhook-signature"].split() == [f"v1,{base64.b64encode(mark).decode()}" for mark in marks]


def test_the_body_is_as_it_was_when_it_happened(office, receiver):
    office.say("new", "--text", "Hej")
    office.say("priority", "1", "high")
    office.say("priority", "1", "low")
    office.say("send")
    found = [one["data"] for one in told(receiver)]
    assert [one["ticket"]["priority"] for one in found if one["what"] == "priority"] == ["high", "low"]
    assert found[0]["ticket"]["priority"] == "medium"
    assert [one["ticket"]["revision"] for one in found][-2:] == [2, 3]


def test_five_hundred_events_have_each_their_number(office, receiver):
    office.say("new", "--text", "Hej")
    session = office.session("alice")
    with session.store.transaction() as desk:
        ticket = desk.get(1)
        for at in range(500):
            note = Message(key=f"n{at}", direction="internal", kind="note", at=office.now, sender=Person(""), text="x")
            ticket = ticket.write(Act("alice", office.now), note)
        desk.save(ticket)
    items = waiting(office)
    assert len({one.id for one in items}) == len(items) >= 500
    bodies = [json.loads(office.store.blobs.get(one.raw).partition(b"\n")[2]) for one in items]
    assert sorted(one["data"]["sequence"] for one in bodies) == list(range(1, len(items) + 1))


def test_two_secrets_make_two_signatures(office, receiver, monkeypatch):
    configure(office, receiver, f", secret_command: 'echo {SECRET} another'")
    office.say("new", "--text", "Hej")
    office.say("send")
    must_be_signed(receiver.requests[0], SECRET, "another")


@pytest.mark.parametrize("secret", [None, "", "whsec_"])
def test_without_a_secret_nothing_is_sent(office, receiver, monkeypatch, secret):
    monkeypatch.delenv("TICKETCTL_PASSWORD_LAGER")
    if secret is not None:
        monkeypatch.setenv("TICKETCTL_PASSWORD_LAGER", secret)
    office.say("new", "--text", "Hej")
    office.invoke("send")
    assert not receiver.requests
    assert any("TICKETCTL_PASSWORD_LAGER" in one.error for one in waiting(office))


def test_only_the_events_that_are_asked_for(office, receiver):
    configure(office, receiver, ", events: [assigned]")
    office.say("new", "--text", "Hej")
    office.say("assign", "1", "bo")
    office.say("send")
    assert [one["type"] for one in told(receiver)] == ["ticket.assigned"]


@pytest.mark.parametrize("texts", [False, True])
def test_what_it_says_of_a_customer(office, receiver, texts):
    configure(office, receiver, f", texts: {str(texts).lower()}")
    office.say(
        "new", "--text", "CANARY-said", "--subject", "CANARY-subject", "--requester", "Åsa <canary@kund.example>"
    )
    office.say("note", "1", "--text", "CANARY-note")
    office.run("reply", "1", "--text", "CANARY-draft", "--draft")
    office.say("hold", "1", "--reason", "CANARY-hold")
    office.say("set", "1", "subject=CANARY-new")
    office.say("send")
    body = b"".join(one.body for one in receiver.requests)
    for hidden in (b"CANARY-note", b"CANARY-draft", b"CANARY-hold"):
        assert hidden not in body
    for told_with_texts in (b"CANARY-said", b"CANARY-subject", b"canary@kund.example"):
        assert (told_with_texts in body) == texts
    assert (b"CANARY-new" in body) == texts


@pytest.mark.parametrize("texts", [False, True])
def test_what_was_typed_into_a_field_goes_only_with_the_texts(office, receiver, texts):
    configure(office, receiver, f", texts: {str(texts).lower()}")
    office.say("new", "--text", "Hej")
    office.say("set", "1", "order_number=471147", "area=app")
    office.say("set", "1", "order_number=")
    office.say("send")
    assert (b"471147" in b"".join(one.body for one in receiver.requests)) == texts
    fields = [one["data"]["ticket"]["fields"] for one in told(receiver)]
    assert [one.get("area") for one in fields][-1] == "app"
    events = {(one["data"].get("field"), one["data"].get("after")) for one in told(receiver)}
    assert {("area", "app"), ("order_number", "")} <= events
    assert (("order_number", "471147") in events) == texts


def test_a_receiver_that_is_down_for_an_hour_gets_all_of_it(office, receiver):
    answers = [(500, b""), (429, b""), (503, b""), (302, b""), (401, b"")]
    receiver.answer = lambda _one: answers[len(receiver.requests) % len(answers)]
    for _ in range(5):
        office.say("new", "--text", "Hej")
        office.invoke("send")
        office.now += timedelta(minutes=12)
    tried = len(receiver.requests)
    assert 1 <= tried <= 8, "a receiver that takes nothing is not asked once for each event"
    assert "failing since Fri 2026-11-20 10:00" in office.say("webhook", "list")
    ids = {f"evt_{one.id}" for one in waiting(office)}
    assert len(ids) == 10, "what was tried keeps its id"
    receiver.answer = lambda _one: (200, b"")
    for _ in range(10):
        office.now += timedelta(hours=1)
        office.invoke("send")
    assert {one.headers["webhook-id"] for one in receiver.requests[tried:]} == ids
    stamps = {one.headers["webhook-timestamp"] for one in receiver.requests}
    assert len(stamps) >= 3, "signed anew at each try"
    assert not waiting(office) and "lager: works" in office.say("webhook", "list")


def test_retry_after_is_kept_to(office, receiver, monkeypatch):
    monkeypatch.setattr(channel, "_post", lambda *_: (429, 7200.0))
    office.say("new", "--text", "Hej")
    office.invoke("send")
    (state,) = office.store.facts("hook ").values()
    assert json.loads(state)["next_at"].startswith("2026-11-20T11:00:00")


def test_one_event_that_is_not_taken_stops_no_other(office, receiver):
    receiver.answer = lambda one: (400, b"") if b'"sequence":1,' in one.body else (200, b"")
    office.say("new", "--text", "Hej")
    office.say("assign", "1", "bo")
    office.invoke("send")
    assert [one.state for one in waiting(office)] == ["deferred"]
    assert {one["data"]["sequence"] for one in told(receiver)} == {1, 2, 3}


def test_a_ping_says_whether_the_receiver_takes_it(office, receiver):
    office.say("new", "--text", "Hemligt")
    assert office.say("webhook", "test", "lager") == "lager took the ping\n"
    (ping,) = receiver.requests
    body = json.loads(ping.body)
    assert (body["type"], body["data"]) == ("ping", {})
    must_be_signed(ping, SECRET)
    assert len(waiting(office)) == 2, "what waits goes on waiting"
    receiver.answer = lambda _one: (500, b"")
    assert "lager: the receiver answered 500" in office.trouble("webhook", "test", "lager", code=8)
    assert "no webhook annat in rules.yaml" in office.trouble("webhook", "test", "annat", code=4)
    assert "works" in office.say("webhook", "list"), "a ping changes nothing"


def test_the_board_says_which_receiver_takes_nothing(office, receiver):
    receiver.answer = lambda _one: (500, b"")
    office.say("new", "--text", "Hej")
    office.invoke("send")
    assert "webhook" not in office.say("board") and "in the outbox" not in office.say("board")
    office.now += timedelta(hours=2)
    assert "the webhook lager has taken nothing since 10:00" in office.say("board")
    assert json.loads(office.say("board", "--json"))["webhooks_failing"][0]["paused"] is False
    for _ in range(20):
        office.invoke("send")
        office.now += timedelta(hours=5)
    assert "webhooken lager är pausad" in office.say("--language", "sv", "board")
    receiver.answer = lambda _one: (200, b"")
    assert "it is paused" in office.say("webhook", "test", "lager")


def test_another_address_of_the_name_is_tried(office, receiver, monkeypatch):
    """The first refuses the connection."""
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 0)) for one in ("127.0.0.3", "127.0.0.1")]
    rules = office.folder / "rules.yaml"
    text = rules.read_text("utf-8").replace("//127.0.0.1:", "//localhost:").replace("[127.0.0.1]", "[127.0.0.0/8]")
    rules.write_text(text, "utf-8")
    usual = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *at, **more: found if host == "localhost" else usual(host, *at, **more)
    )
    assert office.say("webhook", "test", "lager") == "lager took the ping\n"
    assert receiver.requests[0].headers["host"] == f"localhost:{receiver.port}"


def test_a_dead_receiver_is_paused_and_resumed_by_hand(office, receiver):
    receiver.answer = lambda _one: (500, b"")
    office.say("new", "--text", "Hej")
    for _ in range(20):
        office.invoke("send")
        office.now += timedelta(hours=5)
    tried = len(receiver.requests)
    assert "paused since" in office.say("webhook", "list")
    assert "paused" in office.invoke("doctor").output
    office.say("assign", "1", "bo")
    office.invoke("send")
    assert len(receiver.requests) == tried
    assert "1 not queued" in office.say("webhook", "list")
    receiver.answer = lambda _one: (200, b"")
    assert "lager is tried again" in office.say("webhook", "resume", "lager")
    office.say("send")
    assert len(receiver.requests) > tried and not waiting(office)
    assert office.trouble("webhook", "resume", "x", code=4) == "ticketctl: there is no webhook x in rules.yaml\n"


def test_a_receiver_that_is_gone_is_paused_at_once(office, receiver):
    receiver.answer = lambda _one: (410, b"")
    office.say("new", "--text", "Hej")
    office.invoke("send")
    assert "paused since" in office.say("webhook", "list") and len(receiver.requests) == 1


def test_mail_goes_before_webhooks_and_is_not_held_up(office, receiver):
    receiver.answer = lambda _one: (500, b"")
    office.make(1)
    office.run("reply", "1", "--text", "Den kommer.", "--no-check")
    office.invoke("send")
    with office.store.reading() as desk:
        assert {one.medium for one in desk.outbox()} == {"hook"}
    assert office.get(1).messages[-1].delivery == "sent"


def test_what_is_imported_is_told_to_nobody(office, receiver):
    path = office.folder / "old.jsonl"
    path.write_text(json.dumps({"number": 70, "subject": "x", "requester": {"address": "a@kund.example"}}) + "\n")
    office.run("import", str(path))
    assert not waiting(office)


# --- every change of a ticket is an event ---

INNER = {"fired", "rule_runs", "revision", "events", "number", "opened_at", "language", "channel", "test", "merged"}
ACT = Act("alice", NOW)
TRANSITIONS = {
    "subject": lambda t: t.rename(ACT, "Ny"),
    "status": lambda t: t.touch(ACT),
    "priority": lambda t: t.prioritise(ACT, "high"),
    "assignee": lambda t: t.assign(ACT, "bo").assign(ACT, ""),
    "labels": lambda t: t.label(ACT, "vip").unlabel(ACT, "vip"),
    "fields": lambda t: t.set_field(ACT, "area", "app"),
    "participants": lambda t: t.add_participants(ACT, [Person("x@y.example")]),
    "watchers": lambda t: t.watch(ACT, "bo").unwatch(ACT, "bo"),
    "closed_at": lambda t: t.close(ACT).reopen(ACT),
    "wake_at": lambda t: t.wait(ACT, ACT.at + timedelta(days=1)).wake(ACT),
    "cause": lambda t: t.explain(ACT, cause="leverans"),
    "lesson": lambda t: t.explain(ACT, lesson="x"),
    "resolution": lambda t: t.close(ACT),
    "spam": lambda t: t.mark_spam(ACT),
    "links": lambda t: t.link(ACT, 3).unlink(ACT, 3),
    "messages": lambda t: t.delivered(ACT, "m1", "sent"),
    "legal_hold": lambda t: t.hold(ACT, "x"),
    "rating": lambda t: t.rate(ACT, 4),
    "rating_text": lambda t: t.rate(ACT, 4, "x"),
}
ELSEWHERE = {"requester", "merged_into"}  # by `requester` and `merge`, tried below


def test_the_table_knows_every_field():
    assert {*TRANSITIONS, *INNER, *ELSEWHERE} == set(Ticket.__struct_fields__)


@pytest.mark.parametrize("field", TRANSITIONS)
def test_every_change_of_a_field_is_told(office, field):
    before = office.make(1)
    told_before = len(waiting(office))
    session = office.session("alice")
    with session.store.transaction() as desk:
        after = desk.save(TRANSITIONS[field](desk.get(1)))
    new = len(waiting(office)) - told_before
    assert new == len(after.events) - len(before.events) >= 1


def test_requester_and_merge_are_told(office):
    office.make(1)
    office.make(2)
    office.say("requester", "1", "Eva <eva@kund.example>")
    assert len(waiting(office)) >= 1
    count = len(waiting(office))
    office.say("merge", "2", "--into", "1")
    with office.store.reading() as desk:
        assert {one.ticket for one in desk.outbox() if one.medium == "hook"} == {1, 2}
    assert len(waiting(office)) >= count + 2


# --- where it may go ---

HERE = """127.0.0.1 127.1 127.0.1 2130706433 0x7f000001 0x7f.1 0177.0.0.1 017700000001 0 0.0.0.0 localhost
[::1] [::ffff:127.0.0.1] [::ffff:7f00:1] [::127.0.0.1] [0:0:0:0:0:ffff:127.0.0.1] [::] [::ffff:0:0] [64:ff9b::7f00:1]
[2002:7f00:1::] 127.255.255.254 127.0.0.1. 0x7f.0.0.1"""
INSIDE = """10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.255 192.168.0.1 192.168.255.255 169.254.169.254 169.254.0.1
100.64.0.1 192.0.0.1 192.0.2.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
[fe80::1] [fc00::1] [fd00:ec2::254] [fec0::1] [ff02::1] [2001:db8::1] [::ffff:10.0.0.1] [::ffff:169.254.169.254]
[2002:a9fe:a9fe::] [2002:c0a8:1::] [64:ff9b::a9fe:a9fe] [64:ff9b::a00:1] [2001::1] [100::1] 0xa9.0xfe.0xa9.0xfe
2852039166 10.1 0xa000001 192.168.1 3232235521"""
NOT_PUBLIC = [*HERE.split(), *INSIDE.split()]


@pytest.mark.parametrize("host", NOT_PUBLIC)
def test_no_connection_is_made_to_what_is_not_public(host, receiver, monkeypatch):
    made = []
    monkeypatch.setattr(
        channel.socket, "create_connection", lambda *given: made.append(given) or pytest.fail("connected")
    )
    for scheme in ("http", "https"):
        hook = Webhook(name="lager", url=f"{scheme}://{host}:{receiver.port}/latest/meta-data")
        with pytest.raises((OSError, ValueError)):
            channel._post(hook, b"{}", {})
    assert not made and not receiver.requests


def test_there_are_sixty_of_them():
    assert len(set(NOT_PUBLIC)) >= 60


def test_a_name_that_changes_leads_where_it_was_looked_up(monkeypatch):
    looked, connected = [], []

    def look(host: str, port: int, **_more: Any) -> Any:
        looked.append(host)
        address = "93.184.216.34" if len(looked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    def connect(address: Any, *_more: Any) -> Any:
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(channel.socket, "getaddrinfo", look)
    monkeypatch.setattr(channel.socket, "create_connection", connect)
    hook = Webhook(name="lager", url="https://changes.example/hook")
    with pytest.raises(ConnectionRefusedError):
        channel._post(hook, b"{}", {})
    assert (looked, connected) == (["changes.example"], [("93.184.216.34", 443)])
    with pytest.raises(PermissionError):
        channel._post(hook, b"{}", {})
    assert len(connected) == 1


def test_one_private_address_among_public_ones_is_enough_to_refuse(monkeypatch):
    found = [(2, 1, 6, "", (one, 443)) for one in ("93.184.216.34", "10.0.0.1")]
    monkeypatch.setattr(channel.socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(PermissionError):
        channel._post(Webhook(name="x", url="https://x.example/"), b"{}", {})


def test_what_rules_name_may_be_connected_to():
    assert is_allowed("127.0.0.1", ("127.0.0.1/32",)) and is_allowed("::ffff:127.0.0.1", ("127.0.0.1/32",))
    assert not is_allowed("127.0.0.2", ("127.0.0.1/32",)) and is_allowed("93.184.216.34", ())


def test_a_redirect_is_not_followed(office, receiver):
    with recording() as other:
        answered = []

        def answer(_one: Any) -> tuple[int, bytes]:
            answered.append(1)
            return 302, f"http://127.0.0.1:{other.port}/".encode()

        receiver.answer = answer
        office.say("new", "--text", "Hej")
        office.invoke("send")
        assert answered and not other.requests


def test_errors_name_no_address(office, receiver):
    sink = office.session().app.sink("hook")
    receiver.answer = lambda _one: (500, b"the secret of the receiver")
    with pytest.raises(SendFailed) as failed:
        sink.send("", ["lager"], b"evt_1\n{}")
    assert str(failed.value) == "lager: the receiver answered 500"


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("{name: a, url: 'http://example.com/'}", "is not an https:// address"),
        ("{name: a, url: 'http://2130706433/'}", "is not an https:// address"),
        ("{name: a, url: 'https://user:pw@example.com/'}", "is not an https:// address"),
        ("{name: a, url: 'https://x.example/', events: [nothing]}", "unknown event 'nothing'"),
        ("{name: a, url: 'https://x.example/', allow: [nonsense]}", "is no IP address or network"),
        ("{name: a, url: 'https://x.example/', secret: abc}", "does not belong in rules.yaml"),
        ("{name: a}", "'url' is missing here"),
    ],
)
def test_faults_of_rules_are_said_with_their_place(office, line, fault):
    rules = office.folder / "rules.yaml"
    rules.write_text(rules.read_text("utf-8").partition("webhooks:")[0] + f"webhooks:\n  - {line}\n", "utf-8")
    said = office.trouble("list", code=2)
    assert fault in said and "rules.yaml:" in said


def test_the_kinds_of_events_are_documented():
    page = (ROOT / "docs" / "api.md").read_text("utf-8")
    assert all(f"`{one}`" in page for one in HOOK_EVENTS)
