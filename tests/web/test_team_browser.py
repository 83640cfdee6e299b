"""The team's pages in Chromium: a morning on a telephone, one by keyboard alone, and what axe says of every page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.usecases.conftest import set_aside
from tests.web.conftest import PASSWORD
from ticketctl.domain.ticket.message import Attachment, Person
from ticketctl.usecases.users.accounts import SetPassword, add_user

playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright")
pytestmark = pytest.mark.browser
LETTERS = "jkoranceu/?"


@pytest.fixture(scope="module")
def chromium() -> Iterator:
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


@pytest.fixture
def team(site, served, chromium):
    """Opens a page of alice's at that width; nothing else than the desk's server may be asked."""
    add_user(site.office.session("alice"), SetPassword(agent="alice", password=PASSWORD))
    made = []

    def come_in(width: int, scheme: str = "light", locale: str = "en-GB", **more):
        context = chromium.new_context(
            viewport={"width": width, "height": 844}, color_scheme=scheme, locale=locale, **more
        )
        page = context.new_page()
        page.set_default_timeout(60_000)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{served}/tickets?owner=me")
        page.fill("#user", "alice")
        page.fill("#password", PASSWORD)
        page.press("#password", "Enter")
        page.wait_for_url("**/tickets?owner=me")
        made.append((context, asked))
        return page

    yield come_in
    for context, asked in made:
        context.close()
        outside = [one for one in asked if not one.startswith(served) and urlsplit(one).scheme != "data"]
        assert outside == []


def fits(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_morning_on_a_telephone(site, team, served):
    office = site.office
    long = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2
    office.make(subject=long, text=f"https://example.com/{'a' * 300}\n\nHej!")
    office.make(subject="Fakturan stämmer inte", requester=Person("eva@kund.example", "Eva Ek"))
    page = team(390, has_touch=True, is_mobile=True)
    page.goto(f"{served}/board")
    assert fits(page)
    page.get_by_role("button", name="Take the next ticket").tap()
    page.wait_for_url("**/tickets/1?done=taken")
    assert fits(page) and office.get(1).assignee == "alice"
    page.fill("#note-text", "Ringde lagret.")
    page.get_by_role("button", name="Save the note").tap()
    page.wait_for_url("**done=noted")
    page.select_option("#snippet", "mottaget")
    page.select_option("#after", "stay_open")
    page.get_by_role("button", name="Insert").tap()
    playwright.expect(page.locator("#text")).not_to_have_value("")
    assert page.input_value("#after") == "stay_open" and page.evaluate("document.activeElement.id") == "text"
    page.select_option("#after", "wait")
    page.fill("#text", "Hej Åsa! Se bifogad spårning. Vi hör av oss i morgon.")
    page.get_by_role("button", name="Send").tap()
    page.wait_for_selector("text=nothing is attached")
    assert fits(page), "the page of objections"
    for box in page.locator("input[name=accept]").all():
        box.check()
    page.get_by_role("button", name="Once more").tap()
    page.wait_for_url("**done=sent**")
    assert office.get(1).messages[-1].delivery == "queued"
    page.get_by_role("button", name="Take it back").tap()
    page.wait_for_url("**done=taken_back")
    assert page.input_value("#text").startswith("Hej Åsa! Se bifogad")
    page.goto(f"{served}/tickets/2")
    page.select_option("#l-category", "faktura")
    page.select_option("#cause", "betalning")
    page.get_by_role("button", name="Close the ticket").tap()
    page.wait_for_url("**done=closed")
    assert office.get(2).status == "closed"
    page.get_by_role("button", name="Undo", exact=True).tap()
    page.wait_for_url("**done=undone")
    assert not office.get(2).closed and fits(page)


@pytest.mark.long
def test_a_morning_by_keyboard_alone(site, team, served):
    office = site.office
    for at in range(3):
        office.make(subject=f"Fråga {at + 1}", assignee="alice")
    page = team(1400)
    press = page.keyboard.press
    press("?")
    assert page.locator("dialog#keys").is_visible()
    press("Escape")
    playwright.expect(page.locator("dialog#keys")).to_be_hidden()
    press("j")
    press("j")
    press("k")
    playwright.expect(page.locator("[data-row].at a.subject")).to_contain_text("Fråga 1")
    press("o")
    page.wait_for_url("**/tickets/1")
    press("n")
    page.keyboard.type("Ringde kunden, jo.")
    press("Tab")
    press("Enter")
    page.wait_for_url("**done=noted")
    assert office.get(1).messages[-1].text == "Ringde kunden, jo."
    press("r")
    page.keyboard.type("Hej! Tack, det kom fram.")
    assert office.get(1).assignee == "alice"
    assert page.input_value("#text") == "Hej! Tack, det kom fram."
    page.locator("#text").evaluate("field => { field.value = field.defaultValue; field.blur() }")
    press("a")
    page.keyboard.type("b")  # chooses bo
    press("Tab")
    press("Enter")
    page.wait_for_url("**done=assigned")
    assert office.get(1).assignee == "bo"
    press("e")
    page.wait_for_url("**done=assigned")
    page.wait_for_selector("text=alice")
    press("u")
    page.wait_for_url("**/tickets?owner=me")
    press("/")
    page.keyboard.type("fråga 3")
    press("Enter")
    page.wait_for_url("**q=fr%C3%A5ga+3")
    press("j")
    press("Enter")
    page.wait_for_url("**/tickets/3")
    press("c")
    assert page.evaluate("document.activeElement.closest('#close') !== null")


@pytest.mark.long
def test_letters_do_nothing_in_fields_with_modifiers_or_turned_off(site, team, served):
    office = site.office
    office.make(assignee="bo")
    page = team(1400)
    page.goto(f"{served}/tickets/1")
    fields = "input:visible:not([type=file]), textarea:visible, select:visible"
    for field in page.locator(fields).all():
        field.focus()
        for letter in LETTERS:
            page.keyboard.press(letter)
        assert page.url.endswith("/tickets/1") and not page.locator("dialog#keys").is_visible()
    page.goto(f"{served}/tickets/1")
    for modifier in ("Control", "Alt", "Meta"):
        for letter in "jkoncea":
            page.evaluate(
                "([key, name]) => document.body.dispatchEvent(new KeyboardEvent('keydown', "
                "{key, bubbles: true, [name]: true}))",
                [letter, {"Control": "ctrlKey", "Alt": "altKey", "Meta": "metaKey"}[modifier]],
            )
    assert page.evaluate("document.activeElement === document.body")
    page.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'e', bubbles: true, isComposing: true}))"
    )
    page.goto(f"{served}/account")
    page.uncheck("input[name=keys]")
    page.locator("form", has=page.locator("input[name=keys]")).get_by_role("button").click()
    page.wait_for_load_state()
    page.goto(f"{served}/tickets/1")
    for letter in LETTERS:
        page.keyboard.press(letter)
    assert page.url.endswith("/tickets/1") and page.evaluate("document.activeElement === document.body")
    assert office.get(1).assignee == "bo"


def test_the_board_draws_itself_again(site, team, served):
    page = team(1400)
    page.goto(f"{served}/board")
    site.office.make(subject="Kom nyss")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_selector("text=Kom nyss")


@pytest.mark.long
def test_a_ticket_that_is_open_shows_what_comes_and_keeps_what_is_typed(site, team, served):
    office = site.office
    office.make()
    page = team(1400)
    page.goto(f"{served}/tickets/1")
    page.fill("#text", "Hej! Tack, det kom fram.")
    office.run("note", 1, "--text", "Lagret har hittat det.", user="bo")
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_selector("#m2 >> text=Lagret har hittat det.")
    assert "Note by bo" in page.inner_text("#news") and page.input_value("#text") == "Hej! Tack, det kom fram."
    page.locator("#m2").scroll_into_view_if_needed()
    playwright.expect(page.locator("form[data-writing] input[name=keys]")).to_have_value("m1 m2")
    office.run("priority", 1, "high", user="bo")
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_selector("text=Somebody has changed the ticket.")
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**done=sent**")
    assert office.get(1).messages[-1].text.startswith("Hej! Tack, det kom fram.")


@pytest.mark.long
def test_it_works_without_javascript(site, team, served):
    site.office.make()
    page = team(1400, java_script_enabled=False)
    page.goto(f"{served}/tickets/1")
    page.select_option("#assign", "bo")
    page.get_by_role("button", name="Assign").click()
    page.wait_for_url("**done=assigned")
    assert site.office.get(1).assignee == "bo"


@pytest.mark.long
@pytest.mark.parametrize(("width", "scheme", "locale"), [
    (360, "light", "sv-SE"), (360, "dark", "en-GB"), (768, "dark", "sv-SE"), (1400, "light", "en-GB"),
])  # fmt: skip
def test_axe_finds_nothing_serious(site, team, served, width, scheme, locale):
    import axe_playwright_python

    office = site.office
    sha = office.store.blobs.put(b"x")
    file = Attachment(name="ett-mycket-långt-filnamn-som-inte-tar-slut.pdf", type="application/pdf", size=1, sha256=sha)
    for at in range(8):
        office.make(assignee=["alice", "bo", ""][at % 3], labels=("vip",), attachments=(file,), text="a" * 400)
    office.run("note", 1, "--text", "Ringde.")
    set_aside(office, "aside1", b"From: eva@kund.example\n\n" + b"x" * 500)
    axe = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
    page = team(width, scheme, locale)
    for path in (
        "/board",
        "/tickets",
        "/tickets?owner=me&label=vip",
        "/tickets/1",
        "/tickets/1/duplicates",
        "/account",
        "/account/code",
        "/figures",
        "/quarantine",
        "/quarantine/aside1",
    ):
        page.goto(f"{served}{path}")
        assert fits(page), path
        page.evaluate(axe)
        found = page.evaluate("axe.run()")["violations"]
        assert [one for one in found if one["impact"] in ("serious", "critical")] == [], path


@pytest.mark.long
def test_payloads_in_every_field_run_nowhere(site, team, served):
    """What a stranger wrote is text: no script of it runs, and nothing outside is asked (the fixture looks)."""
    office = site.office
    evil = [
        "<script>window.ran=1</script>", "<img src=x onerror=window.ran=1>", '"><svg onload=window.ran=1>',
        "javascript:window.ran=1", "{{7*7}}", "</textarea><script>window.ran=1</script>",
        '" autofocus onfocus=window.ran=1 x="', "<iframe src=javascript:window.ran=1>",
        "<a href=javascript:window.ran=1>x</a>",
    ]  # fmt: skip
    for one in evil:
        ticket = office.make(subject=one, text=one, requester=Person("x@kund.example", one), labels=(one,), lesson=one)
        office.run("note", ticket.number, "--text", one)
        office.run("reply", ticket.number, "--text", one, "--draft", "--no-check")
    page = team(1400)
    for path in ("/board", "/tickets", *(f"/tickets/{at}" for at in range(1, len(evil) + 1))):
        page.goto(f"{served}{path}")
        assert page.evaluate("window.ran") is None and "49" not in page.inner_text("h1"), path
