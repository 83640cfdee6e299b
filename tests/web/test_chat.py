"""The chat by its pages: without JavaScript, and as its script asks."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest

from ticketctl.usecases.chat.presence import Presence, visitors
from ticketctl.usecases.chat.visitor import new_token
from ticketctl.usecases.reply.reply import reply
from ticketctl.usecases.reply.request import ReplyRequest
from ticketctl.web.caps import Caps
from ticketctl.web.chat import PER_MINUTE

SOURCES = "sources:\n  - {name: contact, form: {}}\n  - {name: shop, chat: {form: contact}}\n"
ENGLISH = {"Accept-Language": "en"}


class Page:
    """A visitor's page: what it asks for, with its token in a header, as the script does in a frame."""

    def __init__(self, site: Any) -> None:
        self.site = site
        self.token = new_token(site.office.session(), "shop")
        self.count = 0
        self.etag = self.seen = ""

    @property
    def headers(self) -> dict[str, str]:
        return {"X-Chat-Token": self.token, "X-Chat-Frame": "1", **ENGLISH}

    def says(self, text: str = "Hi!", **more: Any) -> Any:
        self.count += 1
        data = {"client": f"client-{self.count:08d}", "text": text, **more}
        return self.site.app.test_client().post("/chat/shop/say", headers=self.headers, data=data)

    def polls(self, query: str = "") -> Any:
        headers = {**self.headers, "If-None-Match": self.etag}
        answered = self.site.app.test_client().get(f"/chat/shop/poll?seen={self.seen}&{query}", headers=headers)
        if answered.status_code == 200:
            self.etag, self.seen = answered.headers["ETag"], answered.json["cursor"]
        return answered


@pytest.fixture
def chat(site) -> Any:
    site.rules(SOURCES)
    return site


def answers(chat: Any, number: int = 1, text: str = "Which one?") -> None:
    reply(chat.office.session("alice"), ReplyRequest(ticket=number, text=text, promise="none", check="off"))


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)">', page))


def messages(chat: Any, number: int = 1) -> list[str]:
    return [one.text for one in chat.office.get(number).messages]


def test_the_privacy_notice_is_there_before_something_is_said(chat):
    chat.rules("privacy: {notice: snippets/sv/_integritet.j2}\n")
    page = chat.client.get("/chat/shop", headers={"Accept-Language": "sv"}).text
    assert page.index("Så behandlar vi dina uppgifter") < page.index('name="text"')
    said = chat.client.get("/chat/shop", headers=ENGLISH).text
    assert "How we handle your data" in said


# --- without JavaScript ---


def test_a_visitor_without_javascript_writes_and_reads(chat):
    first = chat.client.get("/chat/shop", headers=ENGLISH)
    assert "Set-Cookie" not in first.headers, "nothing is stored before something is said"
    form = hidden(first.text)
    sent = chat.client.post("/chat/shop", data={**form, "text": "Broken jug"})
    assert sent.status_code == 303 and "HttpOnly" in sent.headers["Set-Cookie"]
    again = chat.client.post("/chat/shop", data={**form, "text": "Broken jug"})
    assert again.status_code == 303 and messages(chat) == ["Broken jug"], "a double click, or back and send"
    answers(chat)
    page = chat.client.get("/chat/shop", headers=ENGLISH).text
    assert page.index("Broken jug") < page.index("Which one?") < page.index("<textarea")
    assert hidden(page)["token"] == form["token"] and hidden(page)["client"] != form["client"]
    chat.client.post("/chat/shop", data={**hidden(page), "text": "The blue one"})
    assert messages(chat) == ["Broken jug", "Which one?", "The blue one"]
    ended = chat.client.post("/chat/shop", data={**hidden(page), "end": "1"})
    assert ended.status_code == 303 and "shop=;" in ended.headers["Set-Cookie"], "nothing is kept after the end"
    assert "Broken jug" not in chat.client.get("/chat/shop").text


def test_what_was_written_is_there_again_where_it_was_refused(chat):
    form = hidden(chat.client.get("/chat/shop", headers=ENGLISH).text)
    data = {**form, "text": "Broken & blue", "email": "no address"}
    refused = chat.client.post("/chat/shop", data=data, headers=ENGLISH)
    assert refused.status_code == 422 and "That is not an e-mail address." in refused.text
    assert "Broken &amp; blue</textarea>" in refused.text and hidden(refused.text)["client"] == form["client"]


def test_the_page_says_when_somebody_is_there_and_where_to_write_else(chat):
    assert "Nobody is at the chat right now" in chat.client.get("/chat/shop", headers=ENGLISH).text
    presence = Presence()
    presence.agent(chat.office.session("alice"))
    page = chat.client.get("/chat/shop", headers=ENGLISH).text
    assert "We try to answer within 3 minutes." in page and '<p class="other-way" hidden>' in page
    presence.close()
    chat.office.now += timedelta(hours=9)
    page = chat.client.get("/chat/shop", headers={"Accept-Language": "sv"}).text
    assert "Vi har stängt nu och öppnar på måndag kl. 08:00." in page and 'href="/form/contact"' in page


def test_a_chat_that_is_switched_off_says_so(chat):
    path = chat.office.folder / "rules.yaml"
    path.write_text(path.read_text().replace("{form: contact}", "{open: false}"))
    page = chat.client.get("/chat/shop", headers=ENGLISH)
    assert "The chat is closed." in page.text and "<textarea" not in page.text
    refused = Page(chat).says()
    assert (refused.status_code, refused.json["code"]) == (409, "chat_off")


# --- as the script asks ---


def test_the_script_gets_what_is_new_once_and_304_for_nothing(chat):
    page = Page(chat)
    assert page.says("Broken jug").json["outcome"] == "first"
    assert [one["text"] for one in page.polls().json["lines"]] == ["Broken jug"]
    assert [page.polls().status_code for _ in range(3)] == [304] * 3
    answers(chat)
    fresh = page.polls().json
    assert ([one["text"] for one in fresh["lines"]], fresh["anew"]) == (["Which one?"], False)
    assert page.polls().status_code == 304
    chat.office.say("note", 1, "between us")
    assert page.polls().status_code == 304, "the ticket changed, and nothing that they may see"
    page.seen = page.etag = ""
    assert [one["text"] for one in page.polls().json["lines"]] == ["Broken jug", "Which one?"], "after a gap all of it"


def test_nothing_new_is_said_before_flask(chat, monkeypatch):
    page = Page(chat)
    page.says()
    page.polls()

    def dispatch(*_args: object) -> None:
        raise AssertionError("it went into Flask")

    monkeypatch.setattr(chat.app.extensions["chat"], "_application", dispatch)
    answered = page.polls()
    assert (answered.status_code, answered.headers["Cache-Control"]) == (304, "no-store, private")
    for change in (lambda: answers(chat), lambda: setattr(chat.office, "now", chat.office.now + timedelta(minutes=4))):
        change()
        with pytest.raises(AssertionError, match="into Flask"):
            page.polls()


def test_who_is_there_and_types_comes_through_the_gate(chat):
    page = Page(chat)
    page.says()
    page.polls()
    presence = Presence()
    presence.agent(chat.office.session("alice"), typing=1)
    chat.office.now += timedelta(seconds=2)
    assert page.polls("typing=1&read=m1").json["typing"] == ["Alice"]
    seen = visitors(chat.office.session())[1]
    assert (seen.read, seen.typed_at) == ("m1", chat.office.now)
    chat.office.now += timedelta(seconds=7)
    assert page.polls().json["typing"] == []
    presence.close()
    chat.app.test_client().post("/chat/shop/leave", headers=page.headers)
    assert visitors(chat.office.session()) == {}
    chat.app.extensions["chat"].close()


def test_a_visitor_who_comes_back_is_told_where_it_goes_on(chat):
    page = Page(chat)
    page.says()
    answers(chat)
    chat.office.say("close", 1, "--set", "category=faktura", "--cause", "leverans")
    assert "goes on with it (#1)" in page.polls().json["notice"]
    assert page.says("Once more").json["told"] == "This goes on with your conversation #1."
    answers(chat)
    chat.office.say("close", 1)
    chat.office.now += timedelta(hours=25)
    assert "begins a new one" in page.polls().json["notice"]
    assert page.says("Another thing").json["told"] == "This is a new conversation, #2."
    assert page.polls().json["anew"] is True


def test_a_hundred_visitors_read_nothing_of_each_other(chat):
    pages = [Page(chat) for _ in range(20)]
    for at, page in enumerate(pages):
        page.says(f"SECRET-{at}-")
        chat.app.extensions["caps"] = Caps()
    for at, page in enumerate(pages):
        answered = page.polls()
        assert re.findall(r"SECRET-\d+-", answered.text) == [f"SECRET-{at}-"]
        assert answered.headers["Cache-Control"] == "no-store, private"


def test_files_come_as_nothing_that_a_browser_would_run(chat):
    page = Page(chat)
    page.says("look", files=(BytesIO(b"<svg onload=alert(1)>"), "x.svg"))
    (line,) = page.polls().json["lines"]
    answered = chat.client.get(line["files"][0]["href"], headers=page.headers)
    assert answered.data == b"<svg onload=alert(1)>" and answered.headers["Content-Type"] == "application/octet-stream"
    assert answered.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answered.headers["Content-Security-Policy"]
    assert chat.client.get(line["files"][0]["href"], headers=Page(chat).headers).status_code == 404


def test_floods_are_stopped_and_say_so_while_others_are_served(chat):
    page = Page(chat)
    codes = [page.says(f"{number}").status_code for number in range(PER_MINUTE + 5)]
    assert codes == [200] * PER_MINUTE + [429] * 5
    told = page.says()
    assert "Please try again in 6" in told.json["told"] and int(told.headers["Retry-After"]) > 0
    office = [Page(chat).says().status_code for _ in range(20)]
    assert office == [200] * 20, "twenty visitors behind one address"
    flood = [Page(chat).says().status_code for _ in range(60)]
    assert flood.count(200) == 30 - 21 and flood[-1] == 429
    chat.office.now += timedelta(hours=1)
    assert Page(chat).says().status_code == 200
    with chat.office.store.reading() as desk:
        assert len(list(desk.find())) == 31, "as many as were let in"


def test_what_is_too_large_is_refused_before_it_is_read(chat):
    page = Page(chat)
    refused = page.says("big", files=(BytesIO(b"x" * 11_000_000), "big.bin"))
    assert refused.status_code == 413
    assert page.says("six", files=[(BytesIO(b"x"), f"{at}.bin") for at in range(6)]).json["code"] == "chat_files"


def test_what_cannot_be_stored_is_said_and_comes_in_later(chat, monkeypatch):
    from ticketctl.errors import StoreFailed
    from ticketctl.usecases.chat import say as saying

    page = Page(chat)

    def full(*_args: object, **_more: object) -> None:
        raise StoreFailed("the disk is full", code="disk_full")

    monkeypatch.setattr(saying, "receive", full)
    refused = page.says("Broken jug")
    assert refused.status_code == 500 and refused.json["code"] == "not_now" and "disk" not in refused.text
    monkeypatch.undo()
    page.count -= 1
    assert page.says("Broken jug").json["number"] == 1


def test_the_frame_stands_only_on_the_sites_that_rules_yaml_names(chat):
    assert "frame-ancestors 'none'" in chat.client.get("/chat/shop").headers["Content-Security-Policy"]
    path = chat.office.folder / "rules.yaml"
    path.write_text(path.read_text().replace("web: {", "web: {frames: [https://shop.example], "))
    headers = chat.client.get("/chat/shop?frame=1").headers
    assert "frame-ancestors https://shop.example" in headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in headers


def test_there_is_one_live_region_and_every_text_is_in_both_languages(chat):
    for language in ("sv", "en"):
        page = chat.client.get("/chat/shop", headers={"Accept-Language": language}).text
        assert len(re.findall(r'role="(?:log|status|alert)"|aria-live', page)) == 1 and 'role="log"' in page
        texts = json.loads(re.search(r"data-texts='([^']+)'", page)[1].replace("&#39;", "'"))
        assert all(texts.values())


def test_whoever_of_the_team_has_a_page_open_is_there(chat):
    page = Page(chat)
    page.says()
    assert "Nobody is at the chat" in page.polls().json["status"]
    assert chat.log_in().client.get("/board").status_code == 200
    chat.office.now += timedelta(seconds=2)
    assert "try to answer" in page.polls().json["status"]
    chat.office.now += timedelta(seconds=65)
    assert "Nobody is at the chat" in page.polls().json["status"], "the page was closed, or its computer is gone"
    chat.app.extensions["chat"].close()


def test_an_agent_answers_from_the_teams_pages(chat):
    """Who waits stands first on the board; the ticket says whether the visitor is there; each sees the other type."""
    page, alice = Page(chat), chat.log_in()
    page.says("Is the blue jug there?")
    page.polls()
    board = alice.get("/board", headers=ENGLISH).text
    assert board.index("In the chat") < board.index("Unopened") and "has waited for" in board and "page open" in board
    live = alice.get("/tickets/1/live", headers=ENGLISH)
    assert "The visitor has the page open." in live.text
    page.polls("typing=1")
    typed = alice.get("/tickets/1/live", headers={**ENGLISH, "If-None-Match": live.headers["ETag"]})
    assert typed.status_code == 200 and "The visitor is typing." in typed.text
    assert alice.post("/tickets/1/writing").status_code == 204
    chat.office.now += timedelta(seconds=2)
    assert page.polls().json["typing"] == ["Alice"]
    sent = alice.post("/tickets/1/reply", keys="m1", do="send", text="Yes, two of them.", after="stay_open",
                      promise="none", accept=["check_warning"])  # fmt: skip
    assert (
        "done=said" in sent.headers["Location"]
        and "It is sent." in alice.get("/tickets/1?done=said", headers=ENGLISH).text
    )
    chat.office.now += timedelta(seconds=2)
    assert "Yes, two of them." in page.polls().text
    chat.app.test_client().post("/chat/shop/leave", headers=page.headers)
    assert "The visitor has left." in alice.get("/tickets/1", headers=ENGLISH).text
    chat.app.extensions["chat"].close()
