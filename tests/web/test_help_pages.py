"""The help pages: what says of itself that it is public, and nothing else, in whatever way it is asked for."""

from __future__ import annotations

import pytest

from ticketctl.present.markdown import html

PUBLIC = """---
public: yes
language: sv
until: 2026-12-31
---

# Hur lång tid tar leveransen?

Två till fyra dagar med **posten**. Se [villkoren](https://exempel.example/villkor).

- Vardagar
- Lördagar

<!-- Utkast 2026-11-20, KANARIEFAGEL. -->
"""
HIDDEN = {
    "draft": "# KANARIEFAGEL leverans\n\nKANARIEFAGEL\n\n<!-- Utkast 2026-11-20, inte publicerat. -->\n",
    "no": "---\npublic: no\n---\n# KANARIEFAGEL leverans\n\nText\n",
    "over": "---\npublic: yes\nuntil: 2026-11-01\n---\n# KANARIEFAGEL leverans\n\nText\n",
    "unclear": "---\npublic: yes\nuntil: snart\n---\n# KANARIEFAGEL leverans\n\nText\n",
    "untitled": "---\npublic: yes\n---\n",
}


@pytest.fixture
def pages(site):
    folder = site.office.folder / "docs" / "faq"
    folder.mkdir(parents=True)
    (folder / "leverans.md").write_text(PUBLIC, encoding="utf-8")
    english = PUBLIC.replace("language: sv", "language: en").replace(
        "Hur lång tid tar leveransen?", "How long is delivery?"
    )
    (folder / "delivery.md").write_text(english, encoding="utf-8")
    for name, text in HIDDEN.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    (folder / "binary.md").write_bytes(b"\xff\xfe---\npublic: yes\n---\n# KANARIEFAGEL\n")
    (folder / "outside.md").symlink_to(site.office.folder / "rules.yaml")
    site.rules("sources: [{name: web, form: {}}]\n")
    return site


def read(site, path: str, language: str = "sv"):
    return site.client.get(path, headers={"Accept-Language": language})


def test_what_is_public_is_shown_in_its_language(pages):
    assert "Hur lång tid tar leveransen?" in read(pages, "/help").text
    assert "How long is delivery?" not in read(pages, "/help").text
    assert "How long is delivery?" in read(pages, "/help", "en").text
    page = read(pages, "/help/leverans").text
    assert "<strong>posten</strong>" in page and '<a href="https://exempel.example/villkor"' in page
    assert "<li>Vardagar</li>" in page and "index" in page


def test_what_is_not_public_is_nowhere(pages):
    asked = ["/help", "/help?q=leverans", "/help?q=kanarie", "/help-for-form?q=leverans", "/form/web", "/"]
    asked += ["/help/leverans", *(f"/help/{name}" for name in (*HIDDEN, "binary", "outside", "..%2f..%2frules"))]
    for path in asked:
        for language in ("sv", "en"):
            assert "KANARIEFAGEL" not in read(pages, path, language).text, path
    assert {read(pages, f"/help/{name}").status_code for name in (*HIDDEN, "binary", "outside", "no-such")} == {404}
    pages.office.now = pages.office.now.replace(year=2027)
    assert read(pages, "/help/leverans").status_code == 404, "its day is over"


@pytest.mark.parametrize("words", ["leverans", "lever", "när kommer leveransen", "POSTEN"])
def test_it_is_found(pages, words):
    found = pages.client.get("/help", query_string={"q": words, "lang": "sv"}).text
    assert "/help/leverans" in found
    assert pages.client.get("/help-for-form", query_string={"q": words, "lang": "sv"}).json == {
        "pages": [{"title": "Hur lång tid tar leveransen?", "address": "/help/leverans"}]
    }


def test_what_does_not_fit_is_not_found(pages):
    assert "Inget passar" in read(pages, "/help?q=byxor").text
    assert read(pages, "/help-for-form?q=").json == {"pages": []}


def test_before_sending_the_form_shows_what_may_answer_it(pages):
    page = pages.client.post("/form/web?lang=sv", data={"look": "1", "text": "När kommer leveransen?", "email": "a"})
    assert page.status_code == 200 and "/help/leverans" in page.text
    assert "När kommer leveransen?</textarea>" in page.text and 'value="a"' in page.text
    assert "fault-" not in page.text.replace("fault-{{", "")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>", "[x](javascript:alert(1))", '[x](https://a"onclick=alert(1))', "**<img src=x>**",
        "`<b>`", "# <i>x</i>", "[<b>](https://a.example)", "[x](//evil.example)", "- <u>x",
    ],
)  # fmt: skip
def test_nothing_of_a_page_is_markup_of_its_own(text):
    made = html(text)
    for bad in ("<script", "<img", "<b>", "<i>", "<u>", 'javascript:alert(1)"', 'onclick=alert(1)"', 'href="//'):
        assert bad not in made


def test_what_the_drafts_of_patterns_escape_is_plain_again():
    assert html("Kostar 5 \\* 2 \\[kr\\]\n\n1. Ett\n2. Två\n   och mer") == (
        "<p>Kostar 5 * 2 [kr]</p>\n<ol><li>Ett</li><li>Två\noch mer</li></ol>"
    )
