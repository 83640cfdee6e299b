"""Five hundred script payloads through every field that a stranger fills, in Chromium: none runs, none becomes part of
a page (the policy would stop it then, and say so in the console), and nothing outside is asked."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from msgspec.structs import replace

from tests.usecases.conftest import set_aside
from tests.web.conftest import PASSWORD
from tests.web.payloads import payloads
from ticketctl.domain.ticket.message import Attachment, Message, Person
from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.usecases.customer.links import issue, link_for
from ticketctl.usecases.users.accounts import SetPassword, add_user

playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright")
pytestmark = [pytest.mark.browser, pytest.mark.long]
EVIL = payloads()
PAPER = b"x"


@pytest.fixture(scope="module")
def chromium() -> Any:
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


@pytest.fixture
def page(chromium, served) -> Any:
    """Looks at every page that it opens; what went wrong is said at the end."""
    context = chromium.new_context(viewport={"width": 1400, "height": 900}, locale="en-GB")
    opened = context.new_page()
    wrong: list[str] = []
    opened.on("console", lambda said: wrong.append(said.text) if "Content Security" in said.text else None)
    opened.on("dialog", lambda dialog: wrong.append(dialog.message))

    def asked(request: Any) -> None:
        if not request.url.startswith(served) and urlsplit(request.url).scheme not in ("data", "about"):
            wrong.append(request.url)

    opened.on("request", asked)
    opened.wrong = wrong
    yield opened
    context.close()
    assert wrong == []


def look(page: Any, address: str) -> None:
    answered = page.goto(address)
    assert answered.status == 200, address
    assert page.evaluate("window.ran") is None and page.wrong == [], address


def fill(site: Any) -> None:
    office = site.office
    (paper,) = office.store.blobs.put_many([PAPER])
    head = "From: x@kund.example\nContent-Type: text/html; charset=utf-8\n\n<p>Hej</p>"
    raws = office.store.blobs.put_many([f"{head}{one}".encode() for one in EVIL])
    tickets = [made(office.now, at, one, raw, paper) for at, (one, raw) in enumerate(zip(EVIL, raws, strict=True), 1)]
    with office.store.transaction() as desk:
        for ticket in tickets:
            desk.new_number()
            desk.save(ticket)


def made(now: datetime, number: int, one: str, raw: str, paper: str) -> Ticket:
    """A ticket with the payload in each field that somebody else fills."""
    requester = Person(f"k{number}@kund.example", one)
    file = Attachment(name=one, type="text/html", size=1, sha256=paper)
    first = Message(key="m1", at=now, sender=requester, text=one, whole=f"{one}\n\n> {one}", direction="in",
                    kind="message", attachments=(file,), raw=raw)  # fmt: skip
    note = Message(key="m2", at=now, sender=Person("b@x.example", one), author="bo", text=one, direction="internal",
                   kind="note", flagged=one, why=one, nature=(one,))  # fmt: skip
    ticket = Ticket(number=number, subject=one, requester=requester, opened_at=now, labels=(one,), lesson=one,
                    cause=one, fields={"category": one})  # fmt: skip
    return replace(ticket.receive(Act("system", now, "fetch"), first), messages=(first, note))


def links(site: Any) -> list[str]:
    """The customers' page of each ticket."""
    session, made = site.office.session("alice"), []
    with site.office.store.transaction() as desk:
        for number in range(1, len(EVIL) + 1):
            ticket = desk.get(number)
            issue(session, desk, ticket, [ticket.requester], session.act("page"))
            made.append(urlsplit(link_for(session, ticket, desk)).path)
    return made


def test_no_payload_runs_on_the_teams_pages(site, served, page):
    fill(site)
    for at, one in enumerate(EVIL[:50]):
        set_aside(site.office, f"aside{at}", one.encode())
    add_user(site.office.session("alice"), SetPassword(agent="alice", password=PASSWORD))
    page.goto(f"{served}/login")
    page.fill("#user", "alice")
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    page.wait_for_url("**/board")
    for path in ("/board", "/quarantine", *(f"/tickets?page={at}" for at in range(1, 11)), "/tickets/1/duplicates"):
        look(page, f"{served}{path}")
    for at in range(50):
        look(page, f"{served}/quarantine/aside{at}")
    for at in range(1, len(EVIL) + 1):
        look(page, f"{served}/tickets/{at}")
        look(page, f"{served}/tickets/{at}/messages/m1/html")
    for one in EVIL[::10]:
        page.goto(f"{served}/tickets")
        page.fill("#find", one)
        page.press("#find", "Enter")
        page.wait_for_url("**/tickets?q=*")
        assert page.evaluate("window.ran") is None, one


def test_no_payload_runs_on_the_customers_pages(site, served, page):
    site.rules("sources: [{name: web, form: {fields: [category]}}]\n")
    fill(site)
    for path in links(site):
        look(page, f"{served}{path}")
    for one in EVIL[::25]:
        page.goto(f"{served}/form/web")
        for name in ("name", "subject", "text"):
            page.fill(f"[name={name}]", one)
        page.fill("[name=email]", "nobody")
        page.evaluate("document.querySelector('form[method=post]').noValidate = true")
        page.locator("main form[method=post] button").last.click()
        page.wait_for_load_state()
        assert page.input_value("[name=text]").strip().replace("\r\n", "\n") == one.strip(), one
        assert page.evaluate("window.ran") is None, one
