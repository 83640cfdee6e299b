"""The pages for customers in a real browser: nothing serious by axe, nothing cut off on a phone, by keyboard alone, and
with and without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.conftest import RULES
from tests.web.test_form import FORM
from tests.web.test_help_pages import PUBLIC
from tests.web.test_link import ANNA
from ticketctl.domain.ticket.ticket import Act
from ticketctl.usecases.customer.links import issue_link

pytestmark = pytest.mark.browser
playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright")
axe_package = pytest.importorskip("axe_playwright_python", reason="needs axe-playwright-python")

AXE = (Path(axe_package.__file__).parent / "axe.min.js").read_text("utf-8")
ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage"]
LONG = "https://exempel.example/" + "mycket/lång/adress/" * 8


@pytest.fixture
def pages(site, served) -> dict[str, str]:
    """What is looked at, by name."""
    office = site.office
    (office.folder / "rules.yaml").write_text(
        RULES + FORM + "privacy: {notice: snippets/sv/_integritet.j2}\n", encoding="utf-8"
    )
    folder = office.folder / "docs" / "faq"
    folder.mkdir(parents=True)
    (folder / "leverans.md").write_text(PUBLIC, encoding="utf-8")
    for number in (7, 8):
        office.make(number, requester=ANNA, subject=f"Kannan {LONG}", text=f"Hej!\n{LONG}")
    office.change(8, lambda ticket: ticket.close(Act("bo", office.now)))
    links = {number: issue_link(office.session("alice"), number).value.address for number in (7, 8)}
    own = {f"ticket {number}": "/t/" + link.rpartition("/")[2] for number, link in links.items()}
    paths = {"form": "/form/web", "help": "/help?q=leverans", "page": "/help/leverans", "ask": "/link", **own}
    return {name: served + path for name, path in paths.items()}


@pytest.fixture
def browser() -> Iterator:
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield chromium
        chromium.close()


def looked_at(page) -> list[str]:
    page.evaluate(AXE)
    found = [f"{one['id']} ({one['impact']})" for one in page.evaluate("axe.run()")["violations"]]
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return found + ["cut off"] * wide


@pytest.mark.long
@pytest.mark.parametrize(("width", "scheme", "locale"), [(360, "dark", "sv-SE"), (1400, "light", "en-GB")])
def test_each_page_can_be_read_by_everybody(site, pages, browser, width, scheme, locale):
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, locale=locale)
    page = context.new_page()
    for name, address in pages.items():
        page.goto(address)
        assert looked_at(page) == [], name
    page.goto(pages["form"])
    site.office.now += timedelta(seconds=20)
    page.click("form button:not([name])")
    page.wait_for_selector("#fault-email")
    assert looked_at(page) == [], "with faults"


def test_help_is_suggested_while_the_subject_is_typed(pages, browser):
    page = browser.new_context(locale="sv-SE").new_page()
    page.goto(pages["form"])
    page.fill("#subject", "när kommer leveransen")
    page.wait_for_selector("#suggestions a")
    assert page.inner_text("#suggestions a").startswith("Hur lång tid tar leveransen?")


@pytest.mark.parametrize("script", [True, False])
def test_a_form_and_its_page_by_keyboard_alone(site, pages, browser, script):
    page = browser.new_context(locale="en-GB", java_script_enabled=script).new_page()
    page.goto(pages["form"])
    site.office.now += timedelta(seconds=20)
    page.focus("#email")
    for key in ("anna@kund.example", "Anna Ek", "f", "", "Fakturan", "Den är fel."):
        page.keyboard.type(key)
        page.keyboard.press("Tab")
    page.focus("form button:not([name])")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sent/**")
    assert re.search(r"Your matter has number \d+", page.inner_text("main"))
    page.goto(pages["ticket 8"])
    page.focus("input[name=rating][value='1']")
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "Tab", "Tab", "Enter"):
        page.keyboard.press(key)
    page.wait_for_url("**done=rated**")
    assert "You gave us 4 of 5." in page.inner_text("main") and site.office.get(8).rating == 4
