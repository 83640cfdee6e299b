"""The chat is read by everybody: axe finds nothing in it, and nothing is cut off on a phone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.web import test_chat_browser
from tests.web.test_chat_browser import WAIT, answers
from tests.web.test_customer_pages_in_chromium import LONG, looked_at

pytestmark = [pytest.mark.browser, pytest.mark.long]
chromium = test_chat_browser.chromium


@pytest.mark.parametrize(("width", "scheme", "locale"), [(360, "dark", "sv-SE"), (1400, "light", "en-GB")])
def test_each_state_of_the_chat_can_be_read_by_everybody(
    site: Any, served: str, chromium: Any, width: int, scheme: str, locale: str
) -> None:
    site.rules("sources:\n  - {name: shop, chat: {ask: [name, email]}}\n  - {name: web, form: {}}\n")
    look = {"viewport": {"width": width, "height": 700}, "color_scheme": scheme}
    context = chromium.new_context(locale=locale, **look)
    context.set_default_timeout(WAIT)
    page = context.new_page()
    page.goto(f"{served}/chat/shop")
    assert looked_at(page) == [], "before the first message"
    page.fill("#name", "Anna Ek")
    page.fill("#email", "anna@kund.example")
    page.fill("#text", f"Kannan är trasig {LONG}")
    page.click("#send")
    page.get_by_text("Kannan är trasig").first.wait_for()
    page.wait_for_selector("li.own[data-key]")
    answers(site, f"Vilken? {LONG}")
    page.get_by_text("Vilken?").first.wait_for()
    assert looked_at(page) == [], "a conversation"
    page.click("#end")
    page.wait_for_selector("#end", state="hidden")
    assert looked_at(page) == [], "at its end"
    site.office.now += timedelta(hours=12)
    page.goto(f"{served}/chat/shop")
    assert looked_at(page) == [], "outside opening hours"
    context.close()
