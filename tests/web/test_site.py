"""What holds for every route: its door, its headers, who may post, its language, how errors look."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import urllib.request

import pytest
from flask import Blueprint

from tests.conftest import ROOT, Office
from ticketctl.errors import Busy, Conflict, NoSuchTicket, NotAllowed, Refused, Usage
from ticketctl.web import site as web_site
from ticketctl.web.doors import door
from ticketctl.web.errors import status_of


def test_a_route_without_a_door_is_refused_when_the_site_is_made(site, monkeypatch):
    lost = Blueprint("lost", __name__)
    lost.get("/lost")(lambda: "in")
    monkeypatch.setattr(web_site, "BLUEPRINTS", (*web_site.BLUEPRINTS, lost))
    with pytest.raises(LookupError, match=r"lost.<lambda> declares no door"):
        web_site.create_site(site._open)


def test_every_page_has_the_headers_that_keep_it_safe(site):
    for path in ("/", "/health", "/no-such-page", "/static/style.css"):
        headers = site.client.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy, path
        assert "unsafe" not in policy and "http" not in policy, path
        assert headers["X-Content-Type-Options"] == "nosniff" and headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert ("no-store" in headers["Cache-Control"]) == (path != "/static/style.css"), path


def test_what_another_site_posts_is_refused(site, monkeypatch):
    taken = Blueprint("taken", __name__)
    taken.post("/taken")(door("public")(lambda: "in"))
    monkeypatch.setattr(web_site, "BLUEPRINTS", (*web_site.BLUEPRINTS, taken))
    client = web_site.create_site(site._open).test_client()
    assert client.post("/taken").status_code == 200, "no browser, and no cookie either"
    assert client.post("/taken", headers={"Origin": "http://localhost"}).status_code == 200
    assert client.post("/taken", headers={"Origin": "https://evil.example"}).status_code == 403
    assert client.post("/taken", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.post("/taken", headers={"Sec-Fetch-Site": "same-site"}).status_code == 403


def test_the_language_is_the_browsers_until_another_is_chosen(site):
    english = site.client.get("/", headers={"Accept-Language": "en-GB,en;q=0.9,sv;q=0.5"}).text
    assert '<html lang="en">' in english and ">Svenska<" in english
    assert '<html lang="sv">' in site.client.get("/", headers={"Accept-Language": "de"}).text, "the desk's"
    assert "Set-Cookie" not in site.client.get("/").headers, "nothing is stored unasked"
    chosen = site.client.get("/?lang=en", headers={"Accept-Language": "sv"})
    assert '<html lang="en">' in chosen.text and "HttpOnly" in chosen.headers["Set-Cookie"]
    assert '<html lang="en">' in site.client.get("/", headers={"Accept-Language": "sv"}).text
    assert '<html lang="sv">' in site.client.get("/?lang=sv").text


@pytest.mark.parametrize(
    ("error", "status"),
    [(Usage, 422), (NoSuchTicket, 404), (NotAllowed, 403), (Refused, 409), (Conflict, 409), (Busy, 503)],
)
def test_an_error_has_the_status_of_its_class(error, status):
    assert status_of(error("x", code="x")) == status


def test_who_is_not_of_the_team_reads_nothing_of_what_is_wrong(site, monkeypatch):
    def broken() -> str:
        raise ZeroDivisionError("the password is 4711")

    def busy() -> str:
        raise Busy("pid 17 has /home/alice/desk", code="busy")

    odd = Blueprint("odd", __name__)
    odd.get("/broken")(door("public")(broken))
    odd.get("/busy")(door("public")(busy))
    monkeypatch.setattr(web_site, "BLUEPRINTS", (*web_site.BLUEPRINTS, odd))
    client = web_site.create_site(site._open).test_client()
    answered = client.get("/broken", headers={"Accept-Language": "en"})
    assert answered.status_code == 500 and "4711" not in answered.text and "noted under" in answered.text
    answered = client.get("/busy", headers={"Accept-Language": "en"})
    assert (answered.status_code, answered.headers["Retry-After"]) == (503, "5")
    assert "alice" not in answered.text and "Please try again" in answered.text


def test_while_rules_have_a_mistake_the_last_valid_ones_count(site, caplog):
    site.rules("priorty: x\n")
    answered = site.client.get("/")
    assert answered.status_code == 422 and "priorty" not in answered.text, "there were none before"
    path = site.office.folder / "rules.yaml"
    path.write_text(path.read_text().replace("priorty: x\n", ""))
    assert site.client.get("/").status_code == 200
    site.rules("priorty: x\n")
    assert [site.client.get("/").status_code for _ in range(2)] == [200, 200]
    assert caplog.text.count("unknown key 'priorty'") == 1


def test_it_is_served_by_a_real_server(served):
    with urllib.request.urlopen(f"{served}/health") as answered:
        assert answered.read() == b"ok\n" and "Server" not in answered.headers


def test_a_port_that_is_taken_is_said(office: Office, served):
    at = served.removeprefix("http://")
    assert office.trouble("serve", "--listen", at, code=8) == (
        f"ticketctl: cannot listen on {at}: Address already in use\n"
    )
    assert "cannot listen on nonsense" in office.trouble("serve", "--listen", "nonsense", code=8)


def test_a_key_in_the_environment_of_the_process_opens_the_form(site):
    """cli takes passwords out of the environment, so that no program started inherits them; its doors have them."""
    site.rules("sources: [{name: web, form: {}}]\n")
    command = [sys.executable, "-m", "ticketctl", "--desk", str(site.office.folder), "serve", "--listen", "127.0.0.1:0"]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "TICKETCTL_PASSWORD_WEB": "nyckel-1"}
    running = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)
    try:
        assert running.stdout is not None
        at = re.search(r"listening on (http://[\d.]+:\d+)", running.stdout.readline())
        assert at is not None
        body = json.dumps({"email": "anna@kund.example", "text": "Hej"}).encode()
        asked = urllib.request.Request(f"{at[1]}/api/form/web", body, {"Authorization": "Bearer nyckel-1"})
        with urllib.request.urlopen(asked) as answered:
            assert answered.status in (200, 201)
    finally:
        running.kill()
        running.communicate()
    assert site.office.get(1).channel == "form"


def test_serve_says_where_the_pages_are_and_what_is_missing(site):
    def said(language: str, count: int) -> list[str]:
        command = [sys.executable, "-m", "ticketctl", "--language", language, "serve", "--listen", "127.0.0.1:0"]
        env = {**os.environ, "TICKETCTL_DESK": str(site.office.folder), "PYTHONPATH": str(ROOT)}
        running = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)
        try:
            assert running.stdout is not None
            lines = [running.stdout.readline().rstrip("\n") for _ in range(count)]
            at = re.search(r"http://[\d.]+:\d+(?=\))", lines[0])
            assert at is not None, lines
            with urllib.request.urlopen(f"{at[0]}/health") as answered:
                assert answered.read() == b"ok\n"
            return [line.replace(at[0], "HERE") for line in lines]
        finally:
            running.kill()
            running.communicate()

    assert said("en", 3) == [
        "Serving http://127.0.0.1:8080/ (listening on HERE); Ctrl-C stops it",
        "  no form and no chat: add one to `sources:` of rules.yaml (docs/web.md)",
        "  team: nobody can log in yet; `ticketctl user add NAME` gives a password",
    ]
    site.rules("sources:\n  - {name: web, form: {}}\n  - {name: shop, chat: {}}\n")
    site.log_in("bo")
    assert said("sv", 4)[1:] == [
        "  formulär web: http://127.0.0.1:8080/form/web",
        "  chatt shop: http://127.0.0.1:8080/chat/shop",
        "  teamet: http://127.0.0.1:8080/login",
    ]
