"""The board, the list, the page of a ticket, and what an agent does there."""

from __future__ import annotations

import html
import io
import re
from datetime import timedelta

import pytest
from msgspec.structs import replace

from tests.usecases.conftest import set_aside
from ticketctl.domain.ticket.message import Attachment, Message, Person
from ticketctl.domain.ticket.ticket import Act

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def alice(site):
    browser = site.log_in("alice")
    browser.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return browser


def seen(office, number: int = 1) -> int:
    return office.get(number).revision


def send(browser, office, number: int = 1, **form):
    keys = " ".join(one.key for one in office.get(number).messages)
    return browser.post(f"/tickets/{number}/reply", **{"keys": keys, "do": "send", "promise": "none", **form})


def test_the_board_and_its_304(alice, site):
    office = site.office
    assert "Nothing is open." in alice.get("/board").text
    office.make(age=timedelta(days=6), subject="Gammal <b>sak</b>")
    answered = alice.get("/board")
    assert "Gammal &lt;b&gt;sak&lt;/b&gt;" in answered.text and "Unopened" not in answered.text, "it is overdue"
    live = alice.get("/board/live")
    again = alice.get("/board/live", headers={"If-None-Match": live.headers["ETag"]})
    assert (live.status_code, again.status_code, again.data) == (200, 304, b"")
    office.make(subject="Ny sak")
    changed = alice.get("/board/live", headers={"If-None-Match": live.headers["ETag"]})
    assert changed.status_code == 200 and "Ny sak" in changed.text and "<html" not in changed.text
    out = site.client.get("/board/live", headers={"X-Requested-With": "poll"})
    assert (out.status_code, out.data) == (401, b"")


def test_a_proposed_reallocation_is_carried_out_by_one_click(alice, site):
    office = site.office
    for _ in range(12):
        office.make(assignee="alice")
    office.make(assignee="bo")
    shown = alice.get("/board").text
    assert "too much" in shown and "Proposed reallocation" in shown
    gifts = re.findall(r'name="gift" value="([^"]+)"', shown)
    assert 4 <= len(gifts) <= 7 and all(one.endswith(":bo") for one in gifts)
    moved = int(gifts[0].split(":")[0])
    office.change(moved, lambda one: one.label(Act("bo", office.now), "vip"))
    answered = alice.post("/board/reallocate", gift=gifts)
    assert answered.headers["Location"] == "/board?done=some_stayed"
    owners = [office.get(number).assignee for number in range(1, 14)]
    assert owners.count("bo") == len(gifts) and office.get(moved).assignee == "alice"
    assert "Proposed" not in alice.get("/board").text


def test_a_viewer_looks_and_changes_nothing(site):
    office = site.office
    office.make()
    vera = site.log_in("vera")
    page = vera.get("/tickets/1").text
    assert "Min beställning" in page and 'action="/tickets/1' not in page
    for path in ("assign", "note", "priority", "labels", "fields", "wait", "close", "reopen", "merge", "split", "link",
                 "spam", "undo", "reply", "take-back", "drop-draft", "writing"):  # fmt: skip
        assert vera.post(f"/tickets/1/{path}", to="bo", text="x", into="1").status_code == 403, path
    assert vera.post("/board/reallocate", gift="1:1:bo").status_code == 403
    assert office.get(1).revision == 1


def test_the_list_filters_pages_and_searches(alice, site):
    office = site.office
    for at in range(60):
        office.make(subject=f"Fråga {at}", assignee="bo" if at % 2 else "", labels=("vip",) if at == 7 else ())
    first = alice.get("/tickets").text
    assert first.count("data-row") == 50 and "Page 1 of 2" in first
    assert alice.get("/tickets?page=2").text.count("data-row") == 10
    assert alice.get("/tickets?owner=bo").text.count("data-row") == 30
    assert "Fråga 7" in alice.get("/tickets?label=vip").text
    assert alice.get("/tickets?q=17").headers["Location"] == "/tickets/17"
    assert "Fråga 33" in alice.get("/tickets?q=33+fr%C3%A5ga").text
    assert alice.get("/tickets?owner=nisse").status_code == 422
    assert alice.get("/tickets?page=abc&status=x").status_code == 200


def test_views_are_saved_for_each_agent(alice, site):
    alice.post("/tickets/views", name="Mina VIP", query="owner=me&label=vip&evil=1")
    assert "/tickets?owner=me&amp;label=vip" in alice.get("/tickets").text
    assert "Mina VIP" not in site.log_in("bo").get("/tickets").text
    alice.post("/tickets/views", name="Mina VIP", query="owner=me&label=vip", do="forget")
    assert "Mina VIP" not in alice.get("/tickets").text


def test_a_morning_of_work(alice, site):
    office = site.office
    office.make()
    assert alice.post("/take").headers["Location"] == "/tickets/1?done=taken"
    for path, form, holds in (
        ("priority", {"priority": "high"}, lambda one: one.priority == "high"),
        ("labels", {"label": ["vip"]}, lambda one: one.labels == ("vip",)),
        ("fields", {"field-area": "app", "subject": "Ett annat ämne"}, lambda one: one.subject == "Ett annat ämne"),
        ("wait", {"until": "5d"}, lambda one: one.status == "waiting"),
        ("wait", {"do": "back"}, lambda one: one.status == "open"),
        ("assign", {"to": "bo"}, lambda one: one.assignee == "bo"),
        ("undo", {}, lambda one: one.assignee == "alice"),
        ("close", {"cause": "leverans", "field-category": "support"}, lambda one: one.cause == "leverans"),
        ("reopen", {}, lambda one: one.status == "open"),
        ("spam", {}, lambda one: one.spam),
    ):
        answered = alice.post(f"/tickets/1/{path}", seen=seen(office), **form)
        assert answered.status_code == 303, (path, answered.text)
        assert holds(office.get(1)), path
    office.make()
    office.make()
    assert alice.post("/tickets/2/note", text="Ringde @bo").status_code == 303
    assert alice.post("/tickets/2/link", other="#3").status_code == 303 and office.get(2).links[0].to == 3
    assert alice.post("/tickets/3/merge", into="2").status_code == 303 and office.get(3).merged_into == 2
    assert "This was merged into #2" in alice.get("/tickets/3").text


def test_a_close_asks_for_what_is_lacking(alice, site):
    site.office.make()
    assert 'id="l-category"' in alice.get("/tickets/1").text
    refused = alice.post("/tickets/1/close", seen=1, cause="leverans")
    assert refused.status_code == 409 and "it needs category" in refused.text


def test_a_conflict_keeps_the_text(alice, site):
    office = site.office
    office.make()
    office.change(1, lambda one: one.prioritise(Act("bo", office.now), "high"))
    answered = alice.post(
        "/tickets/1/close", seen=1, cause="leverans", lesson="Skriv <tydligare>", **{"field-category": "support"}
    )
    assert answered.status_code == 409 and "Somebody changed the ticket" in answered.text
    assert 'name="lesson" value="Skriv &lt;tydligare&gt;"' in answered.text
    assert f'name="seen" value="{seen(office)}"' in answered.text, "sent again it is meant"
    assert office.get(1).status == "new"


def test_a_reply_with_snippet_check_objection_and_way_back(alice, site):
    office = site.office
    office.make()
    begun = alice.post("/tickets/1/reply", do="snippet", snippet="mottaget", text="Hej Åsa!")
    assert begun.status_code == 200 and "Hej Åsa!" in begun.text and office.get(1).revision == 1
    hinted = alice.post("/tickets/1/reply", do="check", text="Se bifogad faktura.")
    assert "nothing is attached" in hinted.text
    objected = send(alice, office, text="Se bifogad faktura från oss.")
    assert objected.status_code == 409 and 'value="attachment_missing"' in objected.text
    assert "Se bifogad faktura från oss." in objected.text and len(office.get(1).messages) == 1
    sent = send(alice, office, text="Se bifogad faktura från oss.", accept=["attachment_missing", "check_warning"])
    assert sent.headers["Location"] == "/tickets/1?done=sent#end"
    ticket = office.get(1)
    assert (ticket.messages[-1].delivery, ticket.assignee, ticket.status) == ("queued", "alice", "waiting")
    assert "Take it back" in alice.get("/tickets/1").text
    alice.post("/tickets/1/take-back", message=ticket.messages[-1].key)
    assert "Se bifogad faktura från oss." in office.say("drafts"), "the shell has it too"
    page = alice.get("/tickets/1").text
    assert "This is a draft that was kept" in page


def test_a_file_goes_with_a_reply(alice, site):
    office = site.office
    office.make()
    upload = (io.BytesIO(b"%PDF-1.4 x"), "faktura.pdf")
    assert (
        send(alice, office, text="Här är fakturan som du bad om.", files=upload, accept=["check_warning"]).status_code
        == 303
    )
    assert office.get(1).messages[-1].attachments[0].name == "faktura.pdf"
    saved = alice.get("/tickets/1/messages/m2/files/0")
    assert saved.headers["Content-Type"] == "application/octet-stream"
    assert (
        "attachment" in saved.headers["Content-Disposition"] and "sandbox" in saved.headers["Content-Security-Policy"]
    )


def test_what_came_meanwhile_is_shown_before_a_reply_leaves(alice, site):
    office = site.office
    office.make()
    keys = "m1"
    office.say("note", 1, "--text", "Jag har redan ringt.", user="bo")
    answered = alice.post("/tickets/1/reply", keys=keys, do="send", text="Vi ringer i dag.", promise="none",
                          accept=["check_warning"])  # fmt: skip
    assert (
        answered.status_code == 409 and "Jag har redan ringt." in answered.text and "Vi ringer i dag." in answered.text
    )
    assert 'value="wrote_meanwhile"' in answered.text
    kept = alice.post("/tickets/1/reply", keys="m1 m2", do="draft", text="Vi ringer i dag.")
    assert kept.headers["Location"] == "/tickets/1?done=drafted" and "Vi ringer" in office.say("drafts")


def test_who_writes_is_seen_in_page_and_shell(alice, site):
    from ticketctl.usecases.reply.presence import writers
    from ticketctl.web.team.presence import stops

    office = site.office
    office.make()
    assert alice.post("/tickets/1/writing").status_code == 204
    assert [one.agent for one in writers(office.session("bo"), 1)] == ["alice"]
    assert "alice has been writing" in site.log_in("bo").get("/tickets/1", headers=ENGLISH).text
    assert "alice has been writing" not in alice.get("/tickets/1").text
    stops(office.session("alice"), 1)


def test_html_of_a_stranger_is_sanitised_and_framed(alice, site):
    office = site.office
    mail = (
        b"From: Eva <eva@kund.example>\nTo: support@exempel.example\nSubject: Hej\nMessage-ID: <h1@kund.example>\n"
        b"MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n"
        b"<p onclick=alert(1)>Hej <b>alla</b></p><script>alert(2)</script><img src=https://spy.example/x.png>"
        b"<a href='javascript:alert(3)'>x</a><style>p{background:url(https://spy.example)}</style>"
        b"<form action=https://evil.example><input></form><iframe src=https://evil.example></iframe>"
    )
    (office.folder / "post.eml").write_bytes(mail)
    with (office.folder / "post.eml").open("rb") as given:
        office.run("fetch", "-", stdin=given.read().decode())
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in alice.get("/tickets/1").text
    framed = alice.get("/tickets/1/messages/m1/html")
    policy = framed.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "sandbox" in policy and "frame-ancestors 'self'" in policy
    assert "X-Frame-Options" not in framed.headers
    assert "<b>alla</b>" in framed.text
    for word in ("alert", "script", "spy.example", "evil.example", "onclick", "<form", "<iframe", "<style"):
        assert word not in framed.text.partition("<body>")[2], word
    assert alice.get("/tickets/1/messages/m9/html").status_code == 404


@pytest.mark.parametrize(
    "name", ["x.svg", "x.html", "../../etc/passwd", 'a"; filename="b.html', "x\r\nSet-Cookie: a=b", "ö.js"]
)
def test_a_file_is_only_saved(alice, site, name):
    office = site.office
    with office.store.transaction():
        sha = office.store.blobs.put(b"<script>alert(1)</script>")
    office.make(attachments=(Attachment(name=name, type="text/html", size=25, sha256=sha),))
    answered = alice.get("/tickets/1/messages/m1/files/0")
    assert answered.data == b"<script>alert(1)</script>"
    assert answered.headers["Content-Type"] == "application/octet-stream"
    assert answered.headers["Content-Disposition"].startswith("attachment")
    assert (
        "Set-Cookie" not in answered.headers and "/" not in answered.headers["Content-Disposition"].split("UTF-8''")[0]
    )
    assert alice.get("/tickets/1/messages/m1/files/1").status_code == 404


def test_what_a_page_shows_is_noted(alice, site):
    site.office.make(requester=Person("eva@kund.example", "Eva"))
    alice.get("/tickets/1")
    assert "web" in site.office.say("audit", "show", 1)


def test_figures_are_the_reports(alice, site):
    office = site.office
    office.make(age=timedelta(days=5))
    shown = alice.get("/figures").text
    assert "2026-W46" in shown and "style=" not in shown.partition("<main")[2] and "In and out" in shown
    assert alice.get("/figures?period=year&by=owner", headers={"Accept-Language": "sv"}).status_code == 200


def test_single_letters_can_be_turned_off(alice, site):
    assert 'data-keys="on"' in alice.get("/board").text
    alice.post("/account/keys")
    assert 'data-keys="off"' in alice.get("/board").text
    alice.post("/account/keys", keys="on")
    assert 'data-keys="on"' in alice.get("/board").text


@pytest.mark.parametrize(
    "path", ["/board", "/tickets", "/tickets/1", "/account", "/account/code", "/figures", "/login", "/quarantine"]
)
def test_every_page_in_both_languages(site, path):
    site.office.make()
    browser = site.log_in("alice")
    for code, word in (("en", "Log out"), ("sv", "Logga ut")):
        page = browser.get(path, headers={"Accept-Language": code})
        assert page.status_code == 200 and f'lang="{code}"' in page.text
        assert path != "/account" or word in page.text


@pytest.mark.parametrize(("given", "promised"), [({"accept": ["promise_found"]}, True), ({"promise": "none"}, False)])
def test_a_promise_is_asked_about(alice, site, given, promised):
    office = site.office
    office.make()
    form = {"keys": "m1", "do": "send", "text": "Hej Åsa! Vi återkommer senast på måndag klockan 15."}
    asked = alice.post("/tickets/1/reply", **form, promise="")
    assert asked.status_code == 409 and 'value="promise_found"' in asked.text
    assert 'name="promise" value="none"' in asked.text and 'type="hidden" name="promise"' not in asked.text
    accept = [*given.get("accept", []), "check_warning"]
    assert alice.post("/tickets/1/reply", **form, promise=given.get("promise", ""), accept=accept).status_code == 303
    assert ("A reply promised an answer by" in alice.get("/tickets/1").text) == promised


def test_a_reply_that_is_held_back_is_let_go(alice, site):
    office = site.office
    office.make()
    send(alice, office, text="Den kommer på fredag, hej.", later="2h", accept=["check_warning", "promise_found"])
    reply = office.get(1).messages[-1]
    with office.store.transaction() as desk:
        (item,) = desk.outbox()
        desk.queue(replace(item, state="held"))
    office.change(1, lambda one: one.delivered(Act("system", office.now), reply.key, "held"))
    assert "Send it all the same" in alice.get("/tickets/1").text
    assert alice.post("/tickets/1/release").headers["Location"] == "/tickets/1?done=released"
    assert [one.state for one in _outbox(office)] == ["queued"]


def _outbox(office):
    with office.store.reading() as desk:
        return list(desk.outbox())


def test_what_was_set_aside_is_looked_at_released_and_deleted(alice, site):
    office = site.office
    assert "Nothing is in quarantine" in alice.get("/quarantine").text
    set_aside(office, "aside1", b"From: Eva <eva@kund.example>\nSubject: Trasig <b>lampa</b>\n\nHej!\n")
    set_aside(office, "aside2", b"From: reklam@x.example\n\nKop!\n")
    assert "2 in quarantine" in alice.get("/board").text
    assert alice.get("/quarantine").text.count("not looked at") == 2
    one = alice.get("/quarantine/aside1").text
    assert "Subject: Trasig &lt;b&gt;lampa&lt;/b&gt;" in one and "Make it a ticket" in one
    assert "1 in quarantine" in alice.get("/board").text, "one was looked at"
    done = alice.post("/quarantine/aside1/release")
    assert "It was in quarantine, and is a ticket now." in alice.get(done.headers["Location"]).text
    assert office.get(1).subject == "Trasig <b>lampa</b>"
    assert alice.post("/quarantine/aside2/drop").status_code == 422, "nothing is deleted without the box"
    done = alice.post("/quarantine/aside2/drop", sure="on")
    shown = alice.get(done.headers["Location"]).text
    assert "It is deleted." in shown and "Nothing is in quarantine" in shown
    assert alice.get("/quarantine/aside2").status_code == 404


def test_a_viewer_is_offered_nothing_in_quarantine(site):
    set_aside(site.office, "aside1", b"From: eva@kund.example\n\nHej!\n")
    vera = site.log_in("vera")
    assert "<form" not in vera.get("/quarantine/aside1").text.partition("<main")[2].partition("</main")[0]
    assert vera.post("/quarantine/aside1/release").status_code == 403


def test_a_snippet_or_a_check_loses_nothing_of_the_reply(alice, site):
    office = site.office
    office.make()
    chosen = {"after": "close", "until": "3d", "to": "bo", "cc": "per@x.example", "later": "fredag", "promise": "none"}
    file = (io.BytesIO(b"x"), "kvitto.pdf")
    for do, more in (("snippet", {"snippet": "mottaget"}), ("check", {}), ("answers", {})):
        page = alice.post("/tickets/1/reply", do=do, text="Hej Åsa!", **chosen, **more).text
        assert '<option value="close" selected>' in page, do
        for name in ("until", "to", "cc", "later", "promise"):
            assert f'name="{name}" value="{chosen[name]}"' in page, (do, name)
        assert "autofocus" in page and "Choose the files again" not in page
    assert "Choose the files again" in alice.post("/tickets/1/reply", do="check", text="Hej!", files=file).text
    assert "autofocus" not in alice.get("/tickets/1").text


def test_a_reply_begun_with_a_snippet_counts_as_one_of_it(alice, site):
    office = site.office
    office.make()
    page = alice.post("/tickets/1/reply", do="snippet", snippet="mottaget").text
    (used,) = re.findall(r'name="used" value="([^"]*)"', page)
    text = html.unescape(re.search(r'<textarea id="text"[^>]*>(.*?)</textarea>', page, re.DOTALL)[1])
    assert send(alice, office, text=text, used=used, accept=["check_warning", "not_filled_in"]).status_code == 303
    assert "mottaget" in office.get(1).messages[-1].why


def test_a_reply_can_begin_with_a_past_answer(alice, site):
    office = site.office
    office.make(text="Hur rengör jag min röda kaffekanna? Den luktar illa.", subject="Rengöra kanna")
    office.run("reply", 1, "--text", "Koka upp ättika i kannan och skölj den noga.", "--send", "--no-check")
    office.run("close", 1, "--set", "category=faktura")
    office.make(text="Hur rengör jag kaffekannan? Den luktar.", subject="Rengöra kaffekanna")
    page = alice.post("/tickets/2/reply", do="answers").text
    assert "Koka upp" in page and 'value="begin:1"' in page
    begun = alice.post("/tickets/2/reply", do="begin:1", text="Hej Åsa!").text
    written = re.search(r'<textarea id="text"[^>]*>(.*?)</textarea>', begun, re.DOTALL)[1]
    assert written.startswith("Hej Åsa!\n\n") and "Koka upp ättika" in written


def test_a_ticket_that_is_open_is_asked_about(alice, site):
    office = site.office
    office.make()
    first = alice.get("/tickets/1/live")
    mark = first.headers["ETag"]
    assert first.status_code == 200 and "Min beställning" in first.text and "<html" not in first.text
    again = alice.get("/tickets/1/live", headers={"If-None-Match": mark})
    assert (again.status_code, again.data) == (304, b"")
    office.run("note", 1, "--text", "Ringde lagret.", user="bo")
    noted = alice.get("/tickets/1/live", headers={"If-None-Match": mark})
    assert noted.status_code == 200 and "Ringde lagret." in noted.text
    mark = noted.headers["ETag"]
    site.log_in("bo").post("/tickets/1/writing")
    written = alice.get("/tickets/1/live", headers={"If-None-Match": mark})
    assert written.status_code == 200 and "bo has been writing" in written.text
    assert alice.get("/tickets/1/live", headers={"If-None-Match": written.headers["ETag"]}).status_code == 304


def test_merging_is_suggested_and_taken_apart_again(alice, site):
    office = site.office
    office.make(subject="Faktura 4711 stämmer inte", text="Fakturan 4711 har fel belopp.")
    office.make(subject="Fel belopp på faktura 4711", text="Fakturan 4711 har fel belopp, igen.")
    office.make(subject="Helt annan sak", text="Öppettider?", requester=Person("ove@x.example", "Ove"))
    page = alice.get("/tickets/2/duplicates").text
    assert "#1 Faktura 4711" in page and "Merge #2 into #1" in page and "annan sak" not in page
    assert "is like it" in alice.get("/tickets/3/duplicates").text
    merged = alice.post("/tickets/2/merge", into="1")
    assert "Take apart again" in alice.get(merged.headers["Location"]).text
    assert "Take apart again" in alice.get("/tickets/1").text and office.get(2).merged_into == 1
    apart = alice.post("/tickets/2/unmerge")
    assert "It is a ticket of its own again." in alice.get(apart.headers["Location"]).text
    assert not office.get(2).merged_into and "Take apart" not in alice.get("/tickets/1").text


def test_a_message_is_moved_or_becomes_a_ticket_with_its_subject(alice, site):
    office = site.office
    office.make(subject="Kannan")
    office.make(subject="Lampan", requester=Person("eva@kund.example", "Eva"))
    more = Message(
        key="m2", direction="in", kind="message", at=office.now, sender=office.get(1).requester, text="Och lampan då?"
    )
    office.change(1, lambda one: one.receive(Act("system", office.now, "fetch"), more))
    key = office.get(1).messages[-1].key
    assert "Move it there" in alice.get("/tickets/1").text
    moved = alice.post("/tickets/1/move", message=key, target="#2")
    assert "The message is here now." in alice.get(moved.headers["Location"]).text
    assert office.get(2).messages[-1].text == "Och lampan då?" and len(office.get(1).messages) == 1
    wrong = alice.post("/tickets/1/move", message="m1", target="två")
    assert wrong.status_code == 422 and "no ticket number" in wrong.text
    back = alice.post("/tickets/2/split", message=office.get(2).messages[-1].key, subject="Lampan, igen")
    assert back.headers["Location"] == "/tickets/3?done=split" and office.get(3).subject == "Lampan, igen"


def test_a_link_is_made_and_removed(alice, site):
    office = site.office
    office.make()
    office.make()
    alice.post("/tickets/1/link", other="#2")
    assert "Remove" in alice.get("/tickets/1").text and office.get(1).links[0].to == 2
    removed = alice.post("/tickets/1/link", other="2", do="remove")
    assert "The link is removed." in alice.get(removed.headers["Location"]).text
    assert not office.get(1).links and not office.get(2).links


def test_the_list_says_which_filters_are_set_and_shows_tickets_first(alice, site):
    site.office.make(assignee="alice", labels=("vip",))
    page = alice.get("/tickets?owner=me&label=vip").text
    summary = re.search(r"<summary>(.*?)</summary>", page, re.DOTALL)[1]
    assert re.findall(r'class="label">([^<]+)<', summary) == ["me", "vip"] and "Show all" in page
    assert '<details class="card filters">' in page, "closed: the tickets stand below it"
    assert '<details class="card filters" open>' in alice.get("/tickets?owner=none").text, "nothing was found"
    assert "Show all" not in alice.get("/tickets").text


def test_a_draft_is_seen_in_the_list(alice, site):
    site.office.make()
    assert "draft by" not in alice.get("/tickets").text
    alice.post("/tickets/1/reply", do="draft", text="Hej Åsa!", keys="m1")
    assert "draft by alice" in alice.get("/tickets").text and "draft by alice" in alice.get("/board").text


def test_what_a_ticket_keeps_is_said_in_the_readers_language(alice, site):
    office = site.office
    office.make()
    more = Message(
        key="m2", direction="in", kind="message", at=office.now, sender=office.get(1).requester, text="Hej igen",
        why="answers our mail of #1", flagged="by number", nature=("signed (PGP, not checked)",),
    )  # fmt: skip
    office.change(1, lambda one: one.receive(Act("system", office.now, "fetch"), more))
    page = alice.get("/tickets/1", headers={"Accept-Language": "sv"}).text
    for english in ("answers our mail", "joined by its number", "not checked"):
        assert english not in page
        assert english in alice.get("/tickets/1").text
    assert ">Order number</label>" in page, "names of rules.yaml as labels"


def test_a_mail_of_plain_text_says_so_in_its_frame(alice, site):
    office = site.office
    office.make()
    raw = office.store.blobs.put(b"From: eva@kund.example\n\nHej!\n")
    office.change(1, lambda one: replace(one, messages=(replace(one.messages[0], raw=raw),)))
    framed = alice.get("/tickets/1/messages/m1/html")
    assert framed.status_code == 200 and "came as plain text" in framed.text and "<header" not in framed.text
    assert alice.get("/tickets/1/messages/m9/html").status_code == 404


def test_a_merge_of_two_persons_tickets_says_so(alice, site):
    site.office.make()
    site.office.make()
    site.office.make(requester=Person("eva@kund.example", "Eva"))
    same, other = (alice.post(f"/tickets/{number}/merge", into="1") for number in (2, 3))
    assert same.headers["Location"].endswith("done=merged")
    assert "of different persons" in alice.get(other.headers["Location"]).text


def test_all_tickets_of_a_person_are_a_click_away(alice, site):
    office = site.office
    office.make(subject="Förra kannan")
    office.run("close", 1, "--set", "category=faktura")
    office.make(subject="Nya kannan")
    office.make(subject="En annans", requester=Person("eva@kund.example", "Eva"))
    link = re.search(r'href="([^"]+)">all their tickets', alice.get("/tickets/2").text)[1]
    found = alice.get(html.unescape(link)).text
    assert "Förra kannan" in found and "Nya kannan" in found and "En annans" not in found
