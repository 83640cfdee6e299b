"""The page of a ticket: who has its link sees what was written to them and nothing else, and GET changes nothing."""

from __future__ import annotations

import io
import logging
import re
from datetime import timedelta

import pytest
from msgspec.structs import replace

from tests.conftest import RULES
from tests.web.test_form import Visitor
from ticketctl.domain.ticket.message import Attachment, Message, Person
from ticketctl.domain.ticket.ticket import Act
from ticketctl.usecases.customer import page as customer_page
from ticketctl.usecases.customer.links import issue_link
from ticketctl.usecases.tickets.merge import Merge, merge

SITE = """
sources: [{name: web, form: {}}]
web: {address: https://support.exempel.example}
rules:
  - id: acknowledge
    events: [created]
    when: {machine: false}
    then: [{reply: {snippet: mottaget, automatic: true}}]
"""
ENGLISH = {"Accept-Language": "en"}
ANNA, EVA = Person("anna@kund.example", "Anna Ek"), Person("eva@annan.example", "Eva")
CANARY = "KANARIEFAGEL"
PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 20


class Customer:
    """Whoever has the link of a ticket."""

    def __init__(self, site, number: int) -> None:
        self.site, self.number, self.client = site, number, site.app.test_client()
        self.address = issue_link(site.office.session("alice"), number).value.address
        self.path = self.address.removeprefix("https://support.exempel.example")

    def get(self, more: str = ""):
        return self.client.get(self.path + more, headers=ENGLISH)

    def post(self, more: str, **data):
        return self.client.post(self.path + more, data=data, headers=ENGLISH, content_type="multipart/form-data")

    def answer(self, text: str, *files: tuple[str, bytes]):
        token = re.search(r'name="token" value="([^"]+)"', self.get().text)[1]
        given = [(io.BytesIO(data), name) for name, data in files]
        return self.post("/answer", token=token, text=text, **({"files": given} if given else {}))

    @property
    def ticket(self):
        return self.site.office.get(self.number)


@pytest.fixture
def site(site):
    path = site.office.folder / "rules.yaml"
    path.write_text(RULES + SITE, encoding="utf-8")
    for folder in (site.office.folder / "snippets").iterdir():
        snippet = folder / "mottaget.j2"
        snippet.write_text(snippet.read_text("utf-8") + "\n{% if ticket.link %}{{ ticket.link }}{% endif %}\n", "utf-8")
    return site


def said(key: str, at, **given) -> Message:
    more = {"direction": "out", "kind": "message", "sender": Person("support@exempel.example"), "to": (ANNA,), **given}
    return Message(key=key, at=at, **more)


@pytest.fixture
def anna(site) -> Customer:
    """A ticket with everything in it that a customer must not see, each with the canary."""
    office = site.office
    office.make(7, requester=ANNA, subject="Kannan")
    at = office.now - timedelta(minutes=30)
    hidden = [
        said("m2", at, kind="note", direction="internal", text=f"{CANARY} anteckning", to=()),
        said("m3", at, delivery="draft", text=f"{CANARY} utkast"),
        said("m4", at, delivery="held", text=f"{CANARY} stoppat"),
        said("m5", at, delivery="queued", text=f"{CANARY} kan tas tillbaka"),
        said("m6", at, delivery="sent", text=f"{CANARY} till annan", to=(EVA,)),
        said("m7", at, direction="in", sender=EVA, text=f"{CANARY} från annan", to=()),
        said("m8", at, direction="in", sender=ANNA, text=f"{CANARY} på telefon", why="logged by bo", to=()),
        said("m9", at, direction="in", kind="bounce", sender=EVA, text=f"{CANARY} studs", to=()),
    ]
    shown = said("m10", at, delivery="sent", text="Vi skickar en ny kanna.")
    stored = office.store.blobs.put(CANARY.encode())
    hidden[0] = replace(hidden[0], attachments=(Attachment(name="a.txt", type="text/plain", size=12, sha256=stored),))
    office.change(7, lambda one: replace(one, messages=(*one.messages, *hidden, shown), lesson=CANARY, labels=("vip",)))
    office.change(7, lambda one: one.assign(Act("bo", office.now, CANARY), "bo"))
    return Customer(site, 7)


def test_the_holder_sees_what_was_written_to_them_and_nothing_else(anna):
    page = anna.get()
    assert page.status_code == 200 and "Your matter 7" in page.text
    assert "Min beställning har inte kommit." in page.text and "Vi skickar en ny kanna." in page.text
    assert CANARY not in page.text and "alice" not in page.text and ">bo" not in page.text and "vip" not in page.text
    assert anna.get("/file/m2/0").status_code == 404, "a file has the right of its message"


def test_the_link_is_in_the_acknowledgement_and_works_from_then_on(site):
    answered = Visitor(site).fill_in(**{"field-category": ""})
    assert answered.status_code == 303
    ticket = site.office.get(1)
    link = re.search(r"https://support\.exempel\.example(/t/[\w-]{22})\b", ticket.messages[-1].text)
    page = site.client.get(link[1], headers=ENGLISH)
    assert page.status_code == 200 and "Your matter 1" in page.text and "stämmer inte" in page.text
    data = (site.office.folder / "data" / "desk.json").read_text()
    assert [event.what for event in ticket.events].count("page") == 1
    assert link[1][3:] not in re.sub(r'"(text|whole)": ?"[^"]*"', "", data), "beside the mail only its hash is stored"


def test_get_and_head_change_nothing_however_often(anna):
    before = anna.ticket
    for path in ("", "/answer", "/close", "/rating", "/file/m1/0", "?done=closed", "?rating=5"):
        for _ in range(3):
            anna.get(path)
            anna.client.head(anna.path + path)
    assert anna.ticket == before and anna.get().status_code == 200


def test_an_answer_is_marked_and_comes_once(site, anna):
    token = re.search(r'name="token" value="([^"]+)"', anna.get().text)[1]
    first = anna.post("/answer", token=token, text="Tack, men den är blå.")
    again = anna.post("/answer", token=token, text="Tack, men den är blå.")
    assert (first.status_code, again.status_code) == (303, 303)
    message = anna.ticket.messages[-1]
    assert (message.text, message.sender, message.flagged) == ("Tack, men den är blå.", ANNA, "by link")
    assert [one.text for one in anna.ticket.messages].count("Tack, men den är blå.") == 1
    page = anna.client.get(first.location, headers=ENGLISH).text
    assert "your answer has come in" in page and "written on this page" in page
    assert "written by the link, which others may have too" in site.office.say("show", 7)


def test_what_is_wrong_with_an_answer_keeps_it(anna):
    assert "This is needed." in anna.answer("").text
    page = anna.answer("Min text", *((f"{n}.txt", b"x") for n in range(6)))
    assert page.status_code == 422 and "These are too many files." in page.text and "Min text</textarea>" in page.text
    page = anna.answer("Min text", ("stor.bin", b"x" * 15_000_000))
    assert page.status_code == 413 and "Min text</textarea>" in page.text
    assert anna.post("/answer", token="x", text="Min text").status_code == 422


def test_files_are_downloads_and_pictures_are_what_their_bytes_are(anna):
    svg, html = b"<svg onload='alert(1)'/>", b"<script>alert(1)</script>"
    sent = anna.answer("Se bilderna", ("bild.png", PNG), ("ond.png", svg), ('a".html', html), ("b.svg", svg))
    assert sent.status_code == 303
    key = anna.ticket.messages[-1].key
    for place, data in enumerate((PNG, svg, html, svg)):
        got = anna.get(f"/file/{key}/{place}")
        assert (got.data, got.content_type) == (data, "application/octet-stream")
        assert got.headers["Content-Disposition"].startswith("attachment; filename=")
        assert (
            "sandbox" in got.headers["Content-Security-Policy"] and got.headers["X-Content-Type-Options"] == "nosniff"
        )
    shown = [anna.get(f"/image/{key}/{place}") for place in range(5)]
    assert [one.status_code for one in shown] == [200, 404, 404, 404, 404]
    assert shown[0].content_type == "image/png"


def test_closing_and_rating(site, anna):
    assert anna.post("/rating", rating="4", line="x").status_code == 409, "it is not over yet"
    closed = anna.post("/close")
    assert closed.status_code == 303 and anna.ticket.closed and anna.ticket.resolution == "solved"
    assert anna.post("/rating", rating="6").status_code == anna.post("/rating").status_code == 422
    rated = anna.post("/rating", rating="4", line="Snabbt svar!")
    page = anna.client.get(rated.location, headers=ENGLISH).text
    assert "You gave us 4 of 5." in page and "Snabbt svar!" in page
    assert (anna.ticket.rating, anna.ticket.rating_text) == (4, "Snabbt svar!")
    anna.post("/rating", rating="5", line="")
    assert anna.ticket.rating == 5
    assert anna.post("/close").status_code == 303


def test_an_answer_to_what_is_closed_opens_it_again_or_a_new_one(site, anna):
    anna.post("/close")
    anna.answer("Den kom inte.")
    assert anna.ticket.status == "open"
    anna.post("/close")
    site.office.now += timedelta(days=40)
    sent = anna.answer("En ny sak.")
    assert sent.location.split("?")[0] != anna.path
    page = anna.client.get(sent.location, headers=ENGLISH).text
    assert "Your matter 8" in page and "En ny sak." in page and "Den kom inte." not in page


class TestTheLinkOpensOneTicketAndNoOther:
    ROUTES = ("", "/file/m1/0", "/image/m1/0")
    POSTS = ("/answer", "/close", "/rating")

    def statuses(self, anna, path) -> set[int]:
        gets = {anna.client.get(path + more).status_code for more in self.ROUTES}
        return gets | {
            anna.client.post(path + more, data={"rating": "3", "text": "x"}).status_code for more in self.POSTS
        }

    def test_made_up_and_numbers(self, anna):
        for token in ("7", "AAAAAAAAAAAAAAAAAAAAAA", anna.path[3:][:-1], anna.path[3:] + "A", "ü", "%00"):
            assert self.statuses(anna, f"/t/{token}") == {404}, token

    def test_over(self, site, anna):
        site.office.now += timedelta(days=89)
        assert anna.get().status_code == 200
        site.office.now += timedelta(days=1)
        assert self.statuses(anna, anna.path) == {404}

    def test_taken_back_and_given_out_anew(self, site, anna):
        assert "no link to the customer's page works any more; there were 1" in site.office.say("page", 7, "--revoke")
        assert self.statuses(anna, anna.path) == {404}
        fresh = site.office.say("page", 7).split()[0].removeprefix("https://support.exempel.example")
        assert fresh != anna.path and anna.client.get(fresh).status_code == 200
        assert self.statuses(anna, anna.path) == {404}

    def test_erased(self, site, anna):
        site.office.run("person", "erase", "anna@kund.example", "--yes")
        assert self.statuses(anna, anna.path) == {404}
        assert not site.office.store.facts("link ")

    def test_another_customer_of_a_merged_ticket(self, site, anna):
        site.office.make(9, requester=EVA, text="Evas hemlighet.")
        eva = Customer(site, 9)
        merge(site.office.session("alice"), Merge(tickets=(9,), into=7))
        page = eva.get()
        assert page.status_code == 200 and "Evas hemlighet." in page.text
        assert "Min beställning" not in page.text and "Vi skickar en ny kanna." not in page.text
        assert "Evas hemlighet." not in anna.get().text
        assert eva.post("/close").status_code == 409 and not anna.ticket.closed

    @pytest.mark.parametrize("guesses", [200, pytest.param(10_000, marks=pytest.mark.long)])
    def test_guesses_are_stopped(self, anna, guesses):
        codes = [anna.client.get(f"/t/guess{number}").status_code for number in range(guesses)]
        assert codes.count(404) == 60 and codes.count(429) == guesses - 60
        assert anna.get().status_code == 200, "whoever has a link still comes in"


def test_the_token_is_in_no_log_no_referrer_and_no_error_page(anna, caplog, monkeypatch):
    caplog.set_level(logging.DEBUG)
    page = anna.get()
    assert page.headers["Referrer-Policy"] == "no-referrer"
    monkeypatch.setattr("ticketctl.web.link.page", lambda *_: 1 / 0)
    broken = anna.get()
    token = anna.path[3:]
    assert broken.status_code == 500 and token not in broken.text and "ZeroDivisionError" in caplog.text
    assert token not in caplog.text
    assert "noindex" in page.text and "Disallow: /" in anna.client.get("/robots.txt").text


def test_without_pages_a_snippet_has_no_link(site):
    path = site.office.folder / "rules.yaml"
    path.write_text(path.read_text().replace("web: {address: https://support.exempel.example}\n", ""))
    site.office.make(1, requester=ANNA)
    assert "http" not in site.office.say("snippets", "try", "mottaget", 1)
    assert "web: address:" in site.office.trouble("page", 1, code=5)


def test_pictures_are_told_by_their_beginning():
    begun = (PNG, b"\xff\xd8\xff\xe0", b"GIF89a", b"RIFF1234WEBP", b"<svg")
    kinds = ["image/png", "image/jpeg", "image/gif", "image/webp", ""]
    assert [customer_page.image_type(one) for one in begun] == kinds


class TestNewLinks:
    def ask(self, site, email: str, address: str = "192.0.2.1"):
        client = site.app.test_client()
        given = {"environ_overrides": {"REMOTE_ADDR": address}, "headers": ENGLISH}
        answered = client.post("/link", data={"email": email}, **given)
        answered.close()  # as a server does once it is sent
        return answered

    def mails(self, site) -> list:
        with site.office.store.reading() as desk:
            return list(desk.outbox())

    def test_the_same_is_said_whether_the_address_is_known_and_mail_goes_to_known_ones(self, site, anna):
        site.office.make(8, requester=EVA, text="Evas hemlighet.")
        known, unknown = self.ask(site, "Anna@Kund.example"), self.ask(site, "ingen@annan.example")
        assert (known.status_code, known.location, known.data) == (unknown.status_code, unknown.location, unknown.data)
        assert {name for name, _ in known.headers} == {name for name, _ in unknown.headers}
        assert "If that address has matters with us" in site.client.get(known.location, headers=ENGLISH).text
        (mail,) = self.mails(site)
        assert (mail.recipients, mail.sender, mail.ticket) == (("anna@kund.example",), "", 0)
        raw = site.office.store.blobs.get(mail.raw).decode()
        assert anna.path in raw and "Auto-Submitted: auto-replied" in raw and "Kannan" not in raw

    def test_an_address_gets_one_mail_an_hour(self, site, anna):
        assert {self.ask(site, "anna@kund.example").status_code for _ in range(3)} == {303}
        assert len(self.mails(site)) == 1
        site.office.now += timedelta(hours=1)
        self.ask(site, "anna@kund.example")
        assert len(self.mails(site)) == 2

    def test_who_asks_for_many_is_stopped(self, site, anna):
        codes = [self.ask(site, f"k{number}@kund.example").status_code for number in range(15)]
        assert codes == [303] * 10 + [429] * 5 and not self.mails(site)
