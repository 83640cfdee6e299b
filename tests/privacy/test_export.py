"""`person export`: all that is theirs is in it, and nobody else's."""

from __future__ import annotations

import json
import re
import zipfile
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

import ticketctl
from tests import planted
from tests.cases.shop import Shop
from tests.privacy.planting import fetched
from ticketctl.content.person_page import reading

ANNA = "Anna Öberg <anna@kund.example>"
OTHERS = [f"Kanarie{at} Sothöna{at} <kanarie{at}@granne.example>" for at in range(12)]


@pytest.fixture
def shop(open_shop: Any) -> Shop:
    rules = "{when: {status: closed, closed_for: 24 months}, then: anonymise}, {raw_mail: 90 days}"
    return open_shop(f"privacy: {{retention: [{rules}]}}\n").at("2026-03-02T09:00+01:00")


def with_file(name: str, data: bytes) -> bytes:
    one = EmailMessage()
    one["From"], one["To"], one["Subject"], one["Cc"] = ANNA, "support@exempel.example", "Fil", OTHERS[0]
    one.set_content("se fil")
    one.add_attachment(data, maintype="application", subtype="pdf", filename=name)
    return bytes(one)


def filled(shop: Shop, count: int) -> None:
    """A person in `count` tickets, with twelve others beside them."""
    for at in range(count):
        shop.mail(ANNA, f"Ärende {at}", f"Min fråga nummer {at}.", message_id=f"a{at}@kund.example",
                  headers=f"Cc: {OTHERS[at % 12]}\n")  # fmt: skip
        shop.mail(OTHERS[at % 12], f"Sv: Ärende {at}", f"Jag, Kanarie{at % 12} Sothöna{at % 12}, har kod hemlig{at}.",
                  f"a{at}@kund.example")  # fmt: skip
        answer = f"Hej Anna! Svar {at} till Kanarie{at % 12} Sothöna{at % 12}."
        shop.run("reply", at + 1, "--text", answer, "--no-check", "--stay-open")
    shop.run("note", 1, "--text", "Notering om Anna, ring kanarie3@granne.example")
    shop.run("person", "note", "anna@kund.example", "faktura kvartalsvis")
    shop.run("show", 1, user="bo")
    fetched(shop, with_file("../../avtal.pdf", b"%PDF avtal"))


def exported(shop: Shop, *more: str) -> Path:
    shop.run("person", "export", "anna@kund.example", "-o", shop.folder / "ut.zip", *more)
    folder = shop.folder.parent / "uppackat"
    with zipfile.ZipFile(shop.folder / "ut.zip") as archive:
        archive.extractall(folder)
    return folder


def test_own_and_received_texts_notes_facts_and_readings_are_in_it(shop: Shop) -> None:
    filled(shop, 8)
    folder = exported(shop)
    every = "\n".join(path.read_text("utf-8") for path in folder.rglob("*.html"))
    for at in range(8):
        assert f"Min fråga nummer {at}." in every and f"Svar {at} till" in every
    assert "Notering om Anna" in every and "faktura kvartalsvis" in every
    overview = (folder / "index.html").read_text("utf-8")
    assert "<td>ärendet öppnades<td>" in overview and "bo" not in overview.split("läst")[-1].split()
    assert "anonymiseras efter 24 månader" in overview and "Mejl i original: 90 dagar" in overview
    assert "<dt>Personuppgiftsansvarig<dd>Exempel AB" in overview and "intresseavvägning" in overview
    files = [path for path in folder.rglob("*") if path.parent.name == "files"]
    assert [path.read_bytes() for path in files] == [b"%PDF avtal"]
    assert json.loads((folder / "tickets" / "1.json").read_text())["messages"][0]["text"] == "Min fråga nummer 0."


def test_others_are_not(shop: Shop) -> None:
    filled(shop, 12)
    folder = exported(shop)
    words = [word for at in range(12) for word in (f"Kanarie{at} Sothöna{at}", f"kanarie{at}@granne", f"hemlig{at}.")]
    assert planted.hits(folder, words) == []
    assert "(annan person)" in (folder / "tickets" / "1.html").read_text("utf-8")


def test_with_others_where_that_is_asked_for(shop: Shop) -> None:
    filled(shop, 1)
    assert "Kanarie0 Sothöna0" in (exported(shop, "--others") / "tickets" / "1.html").read_text("utf-8")


def test_an_export_of_the_desk_is_deleted_with_the_person(shop: Shop) -> None:
    filled(shop, 1)
    shop.run("person", "export", "anna@kund.example")
    (made,) = (shop.folder / "data" / "exports").iterdir()
    assert made.stat().st_mode & 0o777 == 0o600
    assert str(made) in shop.say("person", "erase", "anna@kund.example", "--dry-run")
    shop.run("person", "erase", "anna@kund.example", "--yes", "--files", "keep")
    assert not made.exists() and shop.store.facts("export ") == {}


def test_no_file_is_overwritten(shop: Shop) -> None:
    filled(shop, 1)
    (shop.folder / "ut.zip").write_text("mitt")
    shop.trouble("person", "export", "anna@kund.example", "-o", shop.folder / "ut.zip", code=10)
    assert (shop.folder / "ut.zip").read_text() == "mitt"


def test_in_english_where_that_is_asked_for(shop: Shop) -> None:
    filled(shop, 1)
    overview = (exported(shop, "--language", "en") / "index.html").read_text("utf-8")
    assert "What Exempel AB stores about you" in overview and "ärende" not in overview.casefold().replace(
        "ärende 0", ""
    )


def test_each_reading_has_words_that_a_customer_understands() -> None:
    sources = [path.read_text("utf-8") for path in Path(ticketctl.__file__).parent.rglob("*.py")]
    calls = (re.findall(r"note_(?:reading|listing)\([\w.]+, f?\"([a-z ]+)", text) for text in sources)
    actions = {action.strip() for found in calls for action in found}
    assert {"drafts", "quarantine show", "person erase"} <= actions
    for language in ("sv", "en"):
        assert {one for one in actions if reading(one, language) == one} == {"audit show"}  # about nobody's tickets
    assert reading("quarantine show 3f9a", "sv") == "ett mejl i karantän lästes"


def test_what_they_wrote_is_text_and_no_page(shop: Shop) -> None:
    shop.mail("Anna <anna@kund.example>", "<script>alert(1)</script>", "<img src=x onerror=alert(2)>")
    every = "".join(path.read_text("utf-8") for path in exported(shop).rglob("*.html"))
    assert "<script" not in every and "<img" not in every and "&lt;img src=x" in every
