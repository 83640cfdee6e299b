"""The contact form: what customers fill in becomes one ticket, whatever they, their browser or a program does."""

from __future__ import annotations

import io
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from tests.conftest import RULES
from ticketctl.errors import Busy
from ticketctl.web import form as form_page

FORM = """
sources:
  - name: web
    form: {fields: [category, order_number], required: [category], files: 2, megabytes: 1}
web: {address: https://support.exempel.example, frames: [https://shop.example]}
rules:
  - id: acknowledge
    events: [created]
    when: {machine: false}
    then: [{reply: {snippet: mottaget, automatic: true}}]
"""
SPOKEN = {"Accept-Language": "en"}
FILLED = {"email": "Anna@Kund.example", "name": "Anna Ek", "field-category": "faktura", "subject": "Fakturan",
          "text": "Hej!\nFakturan stämmer inte."}  # fmt: skip


class Visitor:
    """Somebody with a browser, at one network address."""

    def __init__(self, site, address: str = "192.0.2.1", **options) -> None:
        self.site, self.client, self.address = site, site.app.test_client(), address
        self.options = options

    def get(self, path: str = "/form/web"):
        return self.client.get(path, headers=SPOKEN, environ_overrides={"REMOTE_ADDR": self.address})

    def open(self) -> str:
        page = self.get()
        assert page.status_code == 200, page.text
        return token_in(page.text)

    def send(self, token: str, files=(), **values):
        data = {**FILLED, "token": token, **values}
        if files:
            data["files"] = [(io.BytesIO(content), name) for name, content in files]
        return self.client.post(
            "/form/web", data=data, headers=SPOKEN, environ_overrides={"REMOTE_ADDR": self.address},
            content_type="multipart/form-data",
        )  # fmt: skip

    def fill_in(self, files=(), **values):
        token = self.open()
        self.site.office.now += timedelta(seconds=20)
        return self.send(token, files, **values)


def token_in(page: str) -> str:
    return re.search(r'name="token" value="([^"]+)"', page)[1]


@pytest.fixture
def site(site):
    (site.office.folder / "rules.yaml").write_text(RULES + FORM, encoding="utf-8")
    return site


@pytest.fixture
def visitor(site) -> Visitor:
    return Visitor(site)


def tickets(site) -> list:
    with site.office.store.reading() as desk:
        return list(desk.find(texts=True))


def test_a_form_becomes_a_ticket_and_the_page_says_its_number(site, visitor):
    answered = visitor.fill_in(files=[("kvitto.pdf", b"%PDF-1.4")], **{"field-order_number": "123456"})
    assert answered.status_code == 303
    page = visitor.get(answered.location)
    assert page.status_code == 200 and "Your matter has number 1." in page.text
    (ticket,) = tickets(site)
    assert (ticket.channel, str(ticket.requester)) == ("form", "Anna Ek <anna@kund.example>")
    assert ticket.fields == {"category": "faktura", "order_number": "123456"}
    assert ticket.messages[0].text == "Hej!\nFakturan stämmer inte." and ticket.language == "sv"
    assert [one.name for one in ticket.messages[0].attachments] == ["kvitto.pdf"]
    with site.office.store.reading() as desk:
        assert [(one.kind, one.recipients) for one in desk.outbox()] == [("acknowledgement", ("anna@kund.example",))]


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(site, visitor):
    page = visitor.fill_in(email="anna", text="<b>Min text</b>", **{"field-category": "", "field-order_number": "12"})
    assert page.status_code == 422 and not tickets(site)
    for name, said in (
        ("email", "This is no e-mail address. It looks like name@example.com."),
        ("category", "This is needed."),
        ("order_number", "This does not look as it should. Please check it."),
    ):
        assert re.search(rf'id="fault-{name}">{re.escape(said)}<', page.text), name
        assert f'aria-describedby="fault-{name}' in page.text
    assert "&lt;b&gt;Min text&lt;/b&gt;</textarea>" in page.text and 'value="anna"' in page.text
    again = visitor.send(token_in(page.text))
    assert again.status_code == 303 and len(tickets(site)) == 1


def test_our_own_address_is_not_written_to(site, visitor):
    page = visitor.fill_in(email="Support@exempel.example")
    assert page.status_code == 422 and "This is our own address." in page.text and not tickets(site)


@pytest.mark.parametrize("name", ["email", "text"])
def test_nothing_is_filed_without(site, visitor, name):
    assert visitor.fill_in(**{name: "  "}).status_code == 422 and not tickets(site)


def test_the_same_form_again_is_one_ticket_with_the_first_number(site, visitor):
    token = visitor.open()
    site.office.now += timedelta(seconds=20)
    first = visitor.send(token)
    again = visitor.send(token, text="Hej! Och en sak till.")
    assert (first.status_code, again.status_code) == (303, 303)
    page = visitor.get(again.location).text
    assert "Your matter has number 1." in page and "You had sent this form before" in page
    assert visitor.get(first.location).status_code == 200
    assert [len(one.messages) for one in tickets(site)] == [2], "the message and its acknowledgement"


def test_a_double_click_is_one_ticket(site, visitor):
    token = visitor.open()
    site.office.now += timedelta(seconds=20)
    with ThreadPoolExecutor(6) as clicks:
        answers = list(clicks.map(lambda _: Visitor(site).send(token).location, range(6)))
    assert len(tickets(site)) == 1
    assert all("Your matter has number 1." in visitor.get(one).text for one in answers)


def test_a_receipt_cannot_be_made_up(visitor):
    assert visitor.get("/form/web/sent/17.AAAAAAAAAAAAAAAAAAAAAA").status_code == 404


def test_a_program_that_fills_in_what_nobody_sees_learns_nothing(site, visitor):
    human, robot = visitor.fill_in(), Visitor(site, "192.0.2.9").fill_in(website="https://spam.example")
    assert robot.status_code == human.status_code == 303
    told = visitor.get(robot.location).text
    assert "Your matter has number 2." in told
    first, kept = tickets(site)
    assert not first.spam and (kept.spam, kept.status, kept.messages[0].text) == (
        True,
        "closed",
        first.messages[0].text,
    )
    with site.office.store.reading() as desk:
        assert [one.ticket for one in desk.outbox()] == [1], "it is answered by nothing"
    shape = lambda text: re.sub(r"number \d+", "number", text)  # noqa: E731
    assert shape(told) == shape(visitor.get(human.location).text)


@pytest.mark.parametrize("many", [200, pytest.param(5_000, marks=pytest.mark.long)])
def test_what_a_program_sends_stays_under_the_cap(site, many):
    """With and without the trap; a person at another address is served."""
    robot = Visitor(site, "192.0.2.9")
    token = robot.open()
    site.office.now += timedelta(seconds=20)
    answers = [robot.send(token, website="x").status_code for _ in range(many)]
    assert answers.count(303) == 20 and answers.count(429) == many - 20
    forged = [robot.send("x").status_code for _ in range(50)]
    assert set(forged) == {422}
    assert Visitor(site, "192.0.2.1").fill_in().status_code == 303
    assert [one.spam for one in tickets(site)] == [True, False]


def test_over_the_cap_is_said_and_the_text_stays(site, visitor):
    (site.office.folder / "rules.yaml").write_text(RULES + FORM.replace("files: 2", "files: 2, per_address: 3"))
    assert [visitor.fill_in().status_code for _ in range(3)] == [303] * 3
    page = visitor.fill_in(text="Det här skrev jag.")
    assert page.status_code == 429 and int(page.headers["Retry-After"]) > 3_000
    assert "too many messages have come in" in page.text and "Det här skrev jag.</textarea>" in page.text
    assert Visitor(site, "192.0.2.2").fill_in().status_code == 303
    site.office.now += timedelta(hours=1)
    assert visitor.fill_in().status_code == 303


def test_twenty_behind_one_address_are_all_served(site):
    assert {Visitor(site).fill_in(email=f"k{number}@kund.example").status_code for number in range(20)} == {303}
    assert len(tickets(site)) == 20


def test_who_is_quicker_than_people_is_asked_once_more(site, visitor):
    token = visitor.open()
    page = visitor.send(token)
    assert page.status_code == 422 and "That was very quick" in page.text and not tickets(site)
    site.office.now += timedelta(seconds=3)
    assert visitor.send(token_in(page.text)).status_code == 303


def test_a_page_that_was_open_for_long_keeps_the_text(site, visitor):
    token = visitor.open()
    site.office.now += timedelta(days=2)
    page = visitor.send(token)
    assert page.status_code == 422 and "stämmer inte.</textarea>" in page.text and not tickets(site)
    site.office.now += timedelta(seconds=3)
    assert visitor.send(token_in(page.text)).status_code == 303


def test_files_that_are_too_large_are_refused_and_the_text_stays(site, visitor):
    page = visitor.fill_in(files=[("stor.bin", b"x" * 3_000_000)])
    assert page.status_code == 413 and "the files are too large" in page.text
    assert "stämmer inte.</textarea>" in page.text and not tickets(site)
    site.office.now += timedelta(seconds=3)
    many = visitor.send(token_in(page.text), files=[(f"{n}.txt", b"x") for n in range(3)])
    assert many.status_code == 422 and "These are too many files." in many.text
    over = visitor.send(token_in(many.text), files=[("a.bin", b"x" * 1_100_000)])
    assert over.status_code == 422 and "These files are too large together." in over.text
    assert visitor.send(token_in(over.text)).status_code == 303


def test_while_the_desk_is_busy_the_text_stays_and_the_same_token_counts(site, visitor, monkeypatch):
    token = visitor.open()
    site.office.now += timedelta(seconds=20)
    with monkeypatch.context() as broken:
        broken.setattr(form_page, "submit_here", lambda *_: (_ for _ in ()).throw(Busy("pid 4711 has it", code="busy")))
        page = visitor.send(token)
    assert page.status_code == 503 and "send it again in a moment" in page.text and "4711" not in page.text
    assert token_in(page.text) == token and visitor.send(token).status_code == 303


def test_one_line_switches_it_off(site, visitor):
    token = visitor.open()
    (site.office.folder / "rules.yaml").write_text(RULES + FORM.replace("files: 2", "files: 2, open: false"))
    page = visitor.get()
    assert page.status_code == 410 and "This form is closed" in page.text and "support@exempel.example" in page.text
    written = visitor.send(token)
    assert written.status_code == 410 and "stämmer inte.</pre>" in written.text and not tickets(site)
    assert visitor.get("/form/other").status_code == 404
    assert "/form/web" not in visitor.get("/").text


def test_only_the_named_sites_may_frame_it(visitor):
    headers = visitor.get().headers
    assert "frame-ancestors https://shop.example" in headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in headers
    assert "frame-ancestors 'none'" in visitor.get("/help").headers["Content-Security-Policy"]


def test_the_notice_stands_before_the_button_and_nothing_is_stored(site, visitor):
    site.rules("privacy: {notice: snippets/sv/_integritet.j2}\n")
    page = visitor.get()
    assert page.text.index("How we handle your data") < page.text.index(">Send</button>")
    assert "Set-Cookie" not in page.headers


class TestShop:
    """The shop's own server posts what was filled in on its site."""

    BODY = {"email": "anna@kund.example", "text": "Var är min kanna?", "fields": {"category": "support"}}

    @pytest.fixture
    def post(self, site, monkeypatch):
        monkeypatch.setenv("TICKETCTL_PASSWORD_WEB", "nyckel-1")

        def post(body=self.BODY, key="nyckel-1", **headers):
            given = {"Authorization": f"Bearer {key}", **{name.replace("_", "-"): v for name, v in headers.items()}}
            return site.app.test_client().post("/api/form/web", json=body, headers=given)

        return post

    def test_it_files_once_by_its_key(self, site, post):
        first, again = post(Idempotency_Key="17"), post(Idempotency_Key="17")
        assert (first.status_code, first.json) == (201, {"number": 1, "again": False})
        assert (again.status_code, again.json) == (200, {"number": 1, "again": True})
        assert post().json["number"] == 2
        (ticket, _) = tickets(site)
        assert (ticket.channel, ticket.fields) == ("form", {"category": "support"})

    def test_without_the_key_nobody_comes_in(self, site, post, monkeypatch):
        assert [post(key=key).status_code for key in ("", "nyckel-2", "ü")] == [401] * 3
        assert site.app.test_client().post("/api/form/nonsense", json={}).status_code == 401
        assert [post(key="x").status_code for _ in range(40)].count(429) >= 10
        monkeypatch.delenv("TICKETCTL_PASSWORD_WEB")
        site.app.extensions["form_keys"].clear()
        assert post(key="").status_code == 429 and not tickets(site)

    def test_faults_name_their_field(self, post):
        answered = post({"email": "anna", "text": ""})
        assert (answered.status_code, answered.content_type) == (422, "application/problem+json")
        assert answered.json["faults"] == {"email": "no_address", "category": "missing", "text": "missing"}
        assert post({"email": 7}).status_code == 422

    def test_a_command_of_rules_prints_the_key(self, site, post):
        with_command = FORM.replace("files: 2", "files: 2, key_command: echo nyckel-9")
        (site.office.folder / "rules.yaml").write_text(RULES + with_command)
        assert post(key="nyckel-9").status_code == 201


LABELLED = """
fields:
  category:
    values: [faktura, retur]
    label: {sv: Vad gäller det, en: What is it about}
    value_labels: {faktura: {sv: Faktura, en: Invoice}, retur: {en: Return}}
  order_number: {pattern: "[0-9]{6}", label: {sv: Ditt ordernummer}}
"""


def test_fields_are_asked_for_in_the_visitors_language(visitor):
    path = visitor.site.office.folder / "rules.yaml"
    rules = re.sub(r"(?m)^fields:\n(  .*\n)+", LABELLED.lstrip(), path.read_text())
    assert "What is it about" in rules
    path.write_text(rules)
    english = visitor.get().text
    assert re.findall(r'for="field-\w+">([^<]+)', english) == ["What is it about *", "Order number "]
    assert re.findall(r'<option value="(\w+)">([^<]+)', english) == [("faktura", "Invoice"), ("retur", "Return")]
    swedish = visitor.client.get("/form/web", headers={"Accept-Language": "sv"}).text
    assert "Vad gäller det *" in swedish and "Ditt ordernummer" in swedish
    assert ">Faktura<" in swedish and ">Retur<" in swedish, "what has no label in a language is its name as words"
    visitor.fill_in(**{"field-category": "retur"})
    assert visitor.site.office.get(1).fields["category"] == "retur", "what is stored has one language"
