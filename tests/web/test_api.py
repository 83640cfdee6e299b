"""The API as a program uses it."""

from __future__ import annotations

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from tests.web.conftest import Site
from tests.web.doors import PAPER, PAPER_HASH, fill
from ticketctl.usecases.access.keys import AddKey, add_key
from ticketctl.web.api.guard import PER_KEY, WRONG


class Program:
    """A program with a key of its own."""

    def __init__(self, site: Site, *scopes: str, agent: str = "alice") -> None:
        self.site = site
        made = add_key(
            site.office.session("alice"), AddKey(name=f"{agent}-{'-'.join(scopes)}", scopes=scopes, agent=agent)
        )
        self.key = made.secret
        self.headers = {"Authorization": f"Bearer {made.secret}", "Accept-Language": "en"}

    def get(self, path: str, **headers: str) -> Any:
        return self.site.app.test_client().get(f"/api/v1{path}", headers=self.headers | _named(headers))

    def send(self, path: str, body: Any, *, method: str = "POST", **headers: str) -> Any:
        client = self.site.app.test_client()
        return client.open(f"/api/v1{path}", method=method, json=body, headers=self.headers | _named(headers))


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


@pytest.fixture
def program(site):
    return Program(site, "read", "write")


def test_a_key_is_made_listed_and_revoked(site):
    office = site.office
    made = office.say("key", "add", "shop", "--scope", "read,write", "--as", "bo").splitlines()
    assert made[0].startswith("shop acts as bo, with read, write. This is the key")
    assert made[1].startswith("tk_") and len(made[1]) == 46
    assert made[1] not in (office.folder / "data" / "desk.json").read_text()
    assert "shop: as bo, read, write, never used" in office.say("key", "list")
    asked = {"Authorization": f"Bearer {made[1]}"}
    assert site.client.get("/api/v1/tickets", headers=asked).status_code == 200
    assert "last used 2026-11-20 10:00" in office.say("key", "list")
    assert office.say("key", "revoke", "shop") == "shop is revoked\n"
    assert site.client.get("/api/v1/tickets", headers=asked).status_code == 401
    assert office.trouble("key", "revoke", "shop", code=4) == "ticketctl: there is no key shop\n"
    assert office.invoke("key", "add", "shop", user="bo").exit_code == 5, "only an admin gives keys"
    assert "key add" in office.say("audit", "show") and made[1] not in office.say("audit", "show")


@pytest.mark.parametrize("scope", ["nothing", "read,all", "customer,read", ""])
def test_scopes_that_are_none_are_refused(office, scope):
    assert office.invoke("key", "add", "x", "--scope", scope).exit_code == 2


def test_the_last_use_is_noted_at_most_once_an_hour(site, program):
    site.office.make(1)

    def generation() -> int:
        with site.office.store.reading() as desk:
            return desk.generation

    program.get("/tickets")
    first = generation()
    for _ in range(3):
        program.get("/tickets")
    assert generation() == first
    site.office.now += timedelta(hours=1)
    program.get("/tickets")
    assert generation() == first + 1


def test_a_ticket_is_read_and_changed(site, program):
    site.office.make(1)
    assert program.get("/tickets/1").json["messages"][0]["text"].startswith("Hej!")
    for path, body in (
        ("/assign", {"to": "bo"}),
        ("/labels", {"add": ["vip"]}),
        ("/priority", {"priority": "high"}),
        ("/notes", {"text": "Ring först."}),
        ("/wait", {"until": "5d"}),
        ("/reply", {"text": "Den kommer snart.\n\nHälsningar", "stay_open": True, "accept": ["check_warning"]}),
        ("/close", {"cause": "leverans", "fields": {"category": "faktura"}}),
        ("/reopen", {}),
    ):
        answered = program.send(f"/tickets/1{path}", body)
        assert answered.status_code == 200, (path, answered.text)
        assert answered.json == {"ticket": 1, "revision": site.office.get(1).revision}
    assert program.send("/tickets/1", {"subject": "Ny rad"}, method="PATCH").status_code == 200
    ticket = site.office.get(1)
    assert (ticket.assignee, ticket.priority, ticket.labels, ticket.status) == ("bo", "high", ("vip",), "open")
    assert (ticket.subject, ticket.fields, ticket.cause) == ("Ny rad", {"category": "faktura"}, "leverans")
    assert [one.kind for one in ticket.messages] == ["message", "note", "message"]
    assert {event.actor for event in ticket.events[1:]} == {"alice"}
    with site.office.store.reading() as desk:
        assert [item.kind for item in desk.outbox()] == ["reply"]


def test_a_ticket_is_made(site, program):
    body = {"text": "Vill ha en kopia.", "requester": "Åsa Öberg <asa@kund.example>", "labels": ["vip"]}
    answered = program.send("/tickets", body)
    assert (answered.status_code, answered.headers["Location"]) == (201, "/api/v1/tickets/1")
    ticket = site.office.get(1)
    assert (str(ticket.requester), ticket.labels) == ("Åsa Öberg <asa@kund.example>", ("vip",))


def test_an_older_revision_changes_nothing(site, program):
    site.office.make(1)
    etag = program.get("/tickets/1").headers["ETag"]
    assert program.get("/tickets/1", If_None_Match=etag).status_code == 304
    assert program.send("/tickets/1/assign", {"to": "bo"}, If_Match=etag).status_code == 200
    for path, body in (("/assign", {"to": "alice"}), ("/reply", {"text": "Hej", "accept": ["check_warning"]})):
        late = program.send(f"/tickets/1{path}", body, If_Match=etag)
        assert (late.status_code, late.json["code"]) == (412, "changed_meanwhile"), path
        assert late.content_type == "application/problem+json"
    assert site.office.get(1).assignee == "bo"
    assert program.send("/tickets/1/assign", {"to": "alice"}, If_Match="rubbish").status_code == 422


def test_the_same_request_again_changes_nothing_more(site, program):
    site.office.make(1)
    once = {"Idempotency_Key": "7f3c"}
    first = program.send("/tickets/1/notes", {"text": "Ring först."}, **once)
    again = program.send("/tickets/1/notes", {"text": "Ring först."}, **once)
    assert (first.status_code, first.json, again.json) == (200, {"ticket": 1, "revision": 2}, first.json)
    assert "Idempotency-Replayed" not in first.headers and again.headers["Idempotency-Replayed"] == "true"
    assert len(site.office.get(1).messages) == 2
    other = program.send("/tickets/1/notes", {"text": "Något annat."}, **once)
    assert (other.status_code, other.json["code"]) == (422, "key_used_otherwise")
    site.office.now += timedelta(hours=25)
    assert program.send("/tickets/1/notes", {"text": "Något annat."}, **once).status_code == 200
    made = [program.send("/tickets", {"text": "Hej"}, Idempotency_Key="new").json for _ in range(3)]
    assert made == [{"ticket": 2, "revision": 1}] * 3


def test_twenty_of_the_same_at_once_are_one(site, program):
    site.office.make(1)

    def send(_: int) -> Any:
        return program.send("/tickets", {"text": "Hej"}, Idempotency_Key="7f3c")

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(send, range(20)))
    assert {(one.status_code, one.json["ticket"]) for one in answers} == {(201, 2)}
    with site.office.store.reading() as desk:
        assert desk.numbers() == {1, 2}


def test_what_is_noted_for_it_is_no_person(site, program):
    program.send(
        "/tickets", {"text": "Jag heter CANARY", "requester": "c@canary.example"}, Idempotency_Key="canary-word"
    )
    facts = dict(site.office.store.facts("api done "))
    assert len(facts) == 1 and "canary" not in str(facts).lower()


def test_objections_are_told_and_accepted(site, program):
    site.office.make(1)
    body = {"text": "Hej Åsa! Bifogat finns fakturan. Vi återkommer senast fredag.", "stay_open": True}
    refused = program.send("/tickets/1/reply", body)
    assert refused.status_code == 409, refused.text
    codes = {one["code"] for one in refused.json["objections"]}
    assert codes == {"attachment_missing"} and "attach" in refused.json["objections"][0]["text"]
    assert len(site.office.get(1).messages) == 1
    assert program.send("/tickets/1/reply", {**body, "accept": sorted(codes)}).status_code == 200


def test_files_go_both_ways(site, program):
    fill(site)
    got = program.get(f"/tickets/2/files/{PAPER_HASH}")
    assert got.data == PAPER and got.headers["Content-Type"] == "application/octet-stream"
    assert (
        got.headers["Content-Disposition"].startswith("attachment")
        and "sandbox" in got.headers["Content-Security-Policy"]
    )
    assert program.get(f"/tickets/1/files/{PAPER_HASH}").status_code == 404, "of another ticket"
    data = base64.b64encode(b"%PDF-1.7").decode()
    body = {
        "text": "Bifogat.",
        "files": [{"name": "a.pdf", "data": data}],
        "accept": ["check_warning", "wrote_meanwhile"],
    }
    assert program.send("/tickets/1/reply", body).status_code == 200
    assert site.office.get(1).messages[-1].attachments[0].size == 8


def test_pages_of_a_list_leave_nothing_out(site, program):
    for number in range(1, 13):
        site.office.make(number, priority="high" if number % 2 else "low")
    found, cursor = [], ""
    while cursor is not None:
        page = program.get(f"/tickets?limit=5&cursor={cursor}").json
        found += [one["number"] for one in page["tickets"]]
        cursor = page["next"]
        site.office.change(3, lambda ticket: ticket)  # somebody works meanwhile
    assert found == list(range(1, 13))
    assert len(program.get("/tickets?priority=high&priority=medium").json["tickets"]) == 6
    assert [one["number"] for one in program.get("/tickets?q=7").json["tickets"]][:1] == [7]
    for bad in (
        "limit=0",
        "limit=x",
        "cursor=!",
        "status=odd",
        "no=1",
        "label=unknown",
        "field=area=x%00",
        "after=odd",
    ):
        assert program.get(f"/tickets?{bad}").status_code == 422, bad


def test_what_cannot_be_read_is_said(site, program):
    site.office.make(1)
    client, headers = site.app.test_client(), program.headers
    url = "/api/v1/tickets/1/assign"
    for data, kind, status in (
        (b"{", "application/json", 400),
        (b"\xff", "application/json", 400),
        (b'{"to": ' + b"[" * 100_000, "application/json", 422),
        (b'{"to": "bo"}', "text/plain", 415),
        (b'{"to": 3}', "application/json", 422),
        (b'{"too": "bo"}', "application/json", 422),
        (b'{"to": "nobody"}', "application/json", 422),
        (b'"' + b"x" * 1_100_000 + b'"', "application/json", 413),
    ):
        answered = client.post(url, data=data, content_type=kind, headers=headers)
        assert (answered.status_code, answered.json["status"]) == (status, status), (data[:20], answered.text)
    assert program.get("/tickets/99").json["detail"] == "there is no ticket #99"
    for path in ("0", "-1", "1" * 5000, "x"):
        assert program.get(f"/tickets/{path}").status_code == 404, path[:9]


def test_the_role_of_its_agent_counts(site):
    site.office.make(1)
    viewer = Program(site, "read", "write", agent="vera")
    assert viewer.get("/tickets/1").status_code == 200
    refused = viewer.send("/tickets/1/assign", {"to": "bo"})
    assert (refused.status_code, refused.json["code"]) == (403, "viewer_changes_nothing")


def test_a_key_whose_agent_left_opens_nothing(site):
    site.office.make(1)
    program = Program(site, "read", "write", agent="bo")
    rules = site.office.folder / "rules.yaml"
    rules.write_text(rules.read_text().replace("  - {name: bo, email: bo@exempel.example}\n", ""))
    assert program.get("/tickets/1").status_code == 403
    assert program.send("/tickets/1/assign", {"to": "alice"}).status_code == 403


def test_who_asks_too_much_is_told_when_to_come_again(site, program, monkeypatch):
    monkeypatch.setattr("ticketctl.web.api.limits.time", SimpleNamespace(monotonic=lambda: 5000.0))
    site.office.make(1)
    statuses = [program.get("/tickets/1", If_None_Match='"1"').status_code for _ in range(PER_KEY[0] + 1)]
    assert statuses == [304] * PER_KEY[0] + [429]
    assert program.get("/tickets/1").headers["Retry-After"] == "1"
    assert Program(site, "read").get("/tickets/1").status_code == 200, "another key"
    monkeypatch.setattr("ticketctl.web.api.limits.time", SimpleNamespace(monotonic=lambda: 5001.0))
    assert program.get("/tickets/1").status_code == 200


def test_guesses_are_throttled(site, program, monkeypatch):
    monkeypatch.setattr("ticketctl.web.api.limits.time", SimpleNamespace(monotonic=lambda: 5000.0))
    client, statuses = site.app.test_client(), []
    for at in range(200):
        asked = {"Authorization": f"Bearer tk_{at}"}
        statuses.append(client.get("/api/v1/tickets", headers=asked).status_code)
    assert statuses == [401] * WRONG[0] + [429] * (200 - WRONG[0])
    assert program.get("/tickets").status_code == 429, "from the same address, until it is quiet for a while"


def test_the_description_is_made_of_the_structs(site):
    described = site.client.get("/api/openapi.json").json
    assert described["openapi"] == "3.1.0"
    api = [rule for rule in site.app.url_map.iter_rules() if rule.rule.startswith("/api/v1")]
    assert sum(len(one) for one in described["paths"].values()) == len(api)
    body = described["components"]["schemas"]["AssignBody"]
    assert body["required"] == ["to"] and body["additionalProperties"] is False
    asked = {one["name"] for one in described["paths"]["/api/v1/tickets"]["get"]["parameters"]}
    assert {"status", "cursor", "limit", "q"} <= asked
    assert "kund" not in json.dumps(described).replace("asa@kund.example", "")
