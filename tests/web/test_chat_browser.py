"""The chat in a browser: a visitor writes while an agent answers, loses the network, comes back; the button on the
shop's own page."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from ticketctl.usecases.reply.reply import reply
from ticketctl.usecases.reply.request import ReplyRequest

playwright = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser
WAIT = 120_000  # ms; only a hang takes so long


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_args: object) -> None: ...


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """The folder of the shop's own pages, and their origin."""
    folder = tmp_path / "shop"
    folder.mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield folder, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def answers(site: Any, text: str) -> None:
    request = ReplyRequest(ticket=1, text=text, promise="none", check="off")
    reply(site.office.session("alice"), request)


def opened(chromium: Any, **more: Any) -> Any:
    context = chromium.new_context(locale="en-GB", **more)
    context.set_default_timeout(WAIT)
    return context, context.new_page()


def texts(frame: Any) -> list[str]:
    return frame.locator("#lines li .text").all_inner_texts()


ANNOUNCED = """() => {
  window.said = [];
  const news = document.getElementById("news");
  new MutationObserver((all) => all.forEach((one) => one.addedNodes.forEach((node) => said.push(node.textContent))))
    .observe(news, { childList: true });
}"""


def test_a_visitor_loses_the_network_and_misses_nothing(site, served, chromium):
    site.rules("sources:\n  - {name: shop, chat: {}}\n")
    context, page = opened(chromium)
    page.goto(f"{served}/chat/shop")
    page.evaluate(ANNOUNCED)
    page.fill("#text", "Broken jug")
    page.press("#text", "Enter")
    page.wait_for_selector("li.own[data-key]")
    answers(site, "Which one?")
    page.get_by_text("Which one?").first.wait_for()
    assert [one.strip() for one in page.evaluate("said")] == ["Alice: Which one?"], "what is new, not their own"
    assert page.evaluate("document.activeElement.id") == "text"
    context.set_offline(True)
    page.fill("#text", "The blue one")
    page.press("#text", "Enter")
    page.get_by_text("You are offline").wait_for()
    answers(site, "It is on its way.")
    page.wait_for_selector("li.own[data-client]")
    context.set_offline(False)
    page.get_by_text("It is on its way.").first.wait_for()
    page.wait_for_selector("li.own[data-client]", state="detached")
    shown = ["Broken jug", "Which one?", "It is on its way.", "The blue one"]
    page.wait_for_function("() => document.querySelectorAll('#lines li[data-key]').length === 4")
    assert sorted(texts(page)) == sorted(shown), "0 lost, 0 twice"
    assert [one.text for one in site.office.get(1).messages] == shown
    page.reload()
    assert texts(page) == shown, "and after a reload in the order of the store"
    page.click("#end")
    page.get_by_text("You have ended the chat.").wait_for()
    assert context.cookies() == [] and page.evaluate("sessionStorage.length + localStorage.length") == 0
    context.close()


@pytest.mark.long
@pytest.mark.parametrize("place", ["head", "end"])
def test_the_button_asks_for_nothing_before_it_is_pressed_and_the_chat_is_there_on_the_next_page(
    site, served, chromium, shop, place
):
    folder, origin = shop
    site.rules("sources:\n  - {name: shop, chat: {}}\n")
    path = site.office.folder / "rules.yaml"
    path.write_text(path.read_text().replace("web: {", f"web: {{frames: ['{origin}'], "))
    script = f'<script src="{served}/static/chat-button.js" data-chat="shop"></script>'
    body = '<button id="buy" onclick="this.textContent = \'bought\'">Buy</button>'
    for name in ("index", "other"):
        text = f"<head>{script}</head><body>{body}" if place == "head" else f"<body>{body}{script}"
        (folder / f"{name}.html").write_text(f'<!doctype html><html lang="en">{text}</body></html>')
    context, page = opened(chromium)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{origin}/index.html")
    page.get_by_role("button", name="Chat with us").wait_for()
    assert [one for one in asked if served in one] == [f"{served}/static/chat-button.js"]
    assert context.cookies() == [] and page.evaluate("sessionStorage.length + localStorage.length") == 0
    page.get_by_role("button", name="Chat with us").click()
    frame = page.frame_locator("iframe")
    frame.locator("#text").fill("Broken jug")
    frame.locator("#send").click()
    frame.locator("li.own[data-key]").wait_for()
    answers(site, "Which one?")
    frame.locator("li.theirs").wait_for()
    page.goto(f"{origin}/other.html")
    frame.locator("li.theirs").wait_for()
    assert texts(frame) == ["Broken jug", "Which one?"] and context.cookies() == []
    page.click("#buy")
    assert page.inner_text("#buy") == "bought", "the shop's page stays in use"
    frame.locator("#end").click()
    frame.get_by_text("You have ended the chat.").wait_for()
    page.wait_for_function("() => localStorage.length === 0")
    context.close()


@pytest.mark.long
@pytest.mark.parametrize("trouble", ["down", "slow", "broken"])
def test_with_our_server_in_trouble_the_shops_page_can_be_used(chromium, shop, served, trouble):
    folder, origin = shop
    (folder / "index.html").write_text(
        f'<body><button id="buy" onclick="this.textContent = \'bought\'">Buy</button>'
        f'<script src="{served}/static/chat-button.js" data-chat="shop" async></script></body>'
    )
    context, page = opened(chromium)

    def answer(route: Any) -> None:
        if trouble == "down":
            route.abort()
        elif trouble == "broken":
            route.fulfill(status=500, body="broken")  # and a slow one is never answered

    if trouble == "down":
        page.route("**/static/chat-button.js", lambda route: route.abort())
    page.route("**/chat/**", answer)
    page.goto(f"{origin}/index.html", wait_until="commit")
    page.locator("#buy").wait_for()
    if trouble != "down":
        page.get_by_role("button", name="Chat with us").click()
    page.click("#buy")
    assert page.inner_text("#buy") == "bought"
    context.close()
