"""A visitor's whole way in a browser: the form with a file, the mail, its link, our answer, theirs, the close, the
rating; and the team's side of it, in another window."""

from __future__ import annotations

import email
import email.policy
import re
from datetime import timedelta

import pytest

from tests.conftest import RULES
from tests.web.conftest import PASSWORD
from tests.web.test_customer_pages_in_chromium import browser, looked_at
from tests.web.test_form import FORM
from ticketctl.usecases.users.accounts import SetPassword, add_user

__all__ = ["browser"]  # the fixture
pytestmark = [pytest.mark.browser, pytest.mark.long]
playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright")


def sent_mails(office) -> list[str]:
    """What `send` has put into data/sent, newest last."""
    office.run("send", "-q", user="system")
    files = sorted((office.folder / "data" / "sent" / "new").iterdir(), key=lambda path: path.stat().st_mtime_ns)
    mails = [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in files]
    return [mail.get_body(("plain",)).get_content() for mail in mails]


def test_from_the_form_to_the_rating(site, served, browser, tmp_path):
    office = site.office
    (office.folder / "rules.yaml").write_text(RULES + FORM, encoding="utf-8")
    add_user(office.session("alice"), SetPassword(agent="alice", password=PASSWORD))
    picture = tmp_path / "kvitto.txt"
    picture.write_text("Kvitto 4711")
    heard: list[str] = []

    def window(locale: str):
        page = browser.new_context(locale=locale, viewport={"width": 390, "height": 844}).new_page()
        page.set_default_timeout(60_000)
        page.on("console", lambda said: heard.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: heard.append(str(error)))
        return page

    visitor, team = window("sv-SE"), window("en-GB")
    visitor.goto(f"{served}/form/web")
    office.now += timedelta(seconds=20)
    visitor.fill("#email", "anna@kund.example")
    visitor.select_option("#field-category", "faktura")
    visitor.fill("#text", "Hej! Fakturan stämmer inte, se kvittot.")
    visitor.set_input_files("#files", str(picture))
    visitor.click("form button:not([name])")
    visitor.wait_for_url("**/sent/**")
    assert looked_at(visitor) == []
    (mail,) = sent_mails(office)
    link = re.search(r"https://support\.exempel\.example(/t/\S+)", mail)
    assert link is not None, mail

    team.goto(f"{served}/tickets/1")
    team.fill("#user", "alice")
    team.fill("#password", PASSWORD)
    team.press("#password", "Enter")
    team.wait_for_url("**/tickets/1")
    assert "kvitto.txt" in team.inner_text("main")
    team.fill("#text", "Hej Anna! Du har rätt, och vi har rättat fakturan nu.")
    team.select_option("#after", "wait")
    team.get_by_role("button", name="Send", exact=True).click()
    team.wait_for_url("**done=**")
    office.now += timedelta(minutes=1)  # until then it can be taken back
    assert len(sent_mails(office)) == 2, team.url

    visitor.goto(served + link[1])
    assert "vi har rättat fakturan nu" in visitor.inner_text("main") and looked_at(visitor) == []
    visitor.fill("#text", "Tack, men den har fel adress.")
    visitor.locator("#answer + form button[type=submit]").click()
    visitor.wait_for_url("**done=answered**")
    team.goto(f"{served}/tickets/1")
    assert "fel adress" in team.inner_text("main") and office.get(1).status == "open"
    office.run("close", 1, "--cause", "leverans", user="alice")
    visitor.reload()
    visitor.check("input[name=rating][value='4']")
    visitor.fill("#line", "Snabbt svar")
    visitor.get_by_role("button", name="Skicka betyget").click()
    visitor.wait_for_url("**done=rated**")
    assert (office.get(1).rating, office.get(1).rating_text) == (4, "Snabbt svar")
    assert looked_at(visitor) == [] and heard == []
