"""The report's page in a real browser, and the words of both languages."""

from __future__ import annotations

import re
import string
import subprocess
from collections import Counter
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest

from tests.domain.histories import OFFICE, at, story
from tests.growth import HANG
from ticketctl.content import words
from ticketctl.content.report import Setting, text
from ticketctl.content.report_html import page
from ticketctl.domain.privacy.retention import Purge, told
from ticketctl.domain.reports.figures import Figures, figures
from ticketctl.domain.reports.periods import week
from ticketctl.domain.settings.settings import Duration, RetentionRule

ZONE = ZoneInfo("Europe/Stockholm")
HOSTILE = "<img src=x onerror=\"document.title='pwned'\"><script>document.title='pwned'</script>"
SETTING = Setting(desk=HOSTILE, language="sv", zone=ZONE, now=at("2026-11-23 07:00"), has_hours=True, has_targets=True)


def found() -> Figures:
    """Ten tickets of week 47, answered and closed; two owners; causes that try to break out."""
    tickets = []
    for number in range(1, 11):
        told = story(f"2026-11-{15 + number % 5 + 1} 09:00", number=number).do("2026-11-20 09:00", "assign", "åsa")
        tickets.append(told.answer("2026-11-20 10:00").close("2026-11-20 11:00", cause=HOSTILE).ticket)
    return figures(tickets, week("2026-W47", ZONE), hours=OFFICE, targets={}, now=SETTING.now)


@pytest.mark.browser
def test_the_page_in_a_browser_runs_nothing_and_shows_all(tmp_path: Path) -> None:
    path = tmp_path / "rapport.html"
    path.write_text(page(found(), SETTING), "utf-8")
    done = subprocess.run(
        [
            "chromium",
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            f"--user-data-dir={tmp_path}/profile",
            "--virtual-time-budget=1000",
            "--dump-dom",
            path.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=2 * HANG,
        check=False,
    )
    dom = done.stdout
    assert "pwned</title>" not in dom and "<img" not in dom and "<script" not in dom
    assert dom.count("<table") == 7 and dom.count("<rect") == 28  # drawn for a broad and for a narrow page
    assert "Första svar" in dom and "&lt;img src=x" in dom


def test_the_mail_has_no_chart() -> None:
    assert "<svg" in page(found(), SETTING) and "<svg" not in page(found(), SETTING, chart=False)


def test_without_hours_or_targets_it_says_so() -> None:
    plain = msgspec.structs.replace(SETTING, desk="Exempel AB", has_hours=False, has_targets=False)
    told = text(found(), plain)
    assert "Utan öppettider" in told and "öppettid\n" not in told
    assert "Inga löften" in told


def test_a_half_has_a_comma_in_swedish() -> None:
    halves = msgspec.structs.replace(found(), touches=Counter({0: 1, 1: 1}))
    english = msgspec.structs.replace(SETTING, language="en")
    for made in (text, page):
        said = [re.sub(r"<(style|svg).*?</\1>", "", made(halves, one), flags=re.S) for one in (SETTING, english)]
        assert ["0,5" in one for one in said] == [True, False]
        assert ["0.5" in one for one in said] == [False, True]


def test_what_will_be_deleted_is_said_in_one_language() -> None:
    month = RetentionRule(then="anonymise", age=Duration(months=24, calendar=True), status="closed")
    spam = RetentionRule(then="delete", age=Duration(days=30, calendar=True), label="spam")
    going = tuple(Purge(number, rule.then, told(rule), rule) for number, rule in ((3, month), (7, spam)))
    swedish = msgspec.structs.replace(SETTING, desk="Exempel AB", purging=going)
    assert "Avidentifieras inom en vecka: #3 (stängda i 24 månader)." in text(found(), swedish)
    assert "Raderas för gott inom en vecka: #7 (skräppost i 30 dagar)." in text(found(), swedish)
    english = msgspec.structs.replace(swedish, language="en")
    assert "Will be deleted for good within a week: #7 (spam for 30d)." in text(found(), english)


def test_a_desk_in_another_language_gets_english() -> None:
    norwegian = msgspec.structs.replace(SETTING, desk="Eksempel AS", language="nb")
    assert "First response" in text(found(), norwegian)


def test_both_languages_have_every_word_with_the_same_places() -> None:
    for name, (swedish, english) in words.REPORT.items():
        assert _places(swedish) == _places(english), name
        assert swedish and english
    for table in (words.STATUS, words.PRIORITY, words.PROMISE, words.CHANNEL):
        assert table["sv"].keys() == table["en"].keys()


def test_every_word_is_used() -> None:
    folder = Path(words.__file__).parent
    sources = (folder / name for name in ("report.py", "report_html.py", "report_breakdown.py", "weekly/compared.py"))
    text_of = "".join(source.read_text("utf-8") for source in sources)
    named = {"will_delete", "will_anonymise"} if 'words[f"will_{then}"]' in text_of else set()
    named |= {"trend_fell", "trend_rose"} if 'words[f"trend_{change.says}"]' in text_of else set()
    assert [name for name in words.REPORT if name not in named and not re.search(rf"\b{name}\b", text_of)] == []


def _places(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)
