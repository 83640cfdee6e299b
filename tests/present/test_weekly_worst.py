"""The weekly mail of a desk with everything in it at once, all of it long: still one page."""

from __future__ import annotations

import re
import subprocess
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.growth import HANG
from ticketctl.content.changes import sentence
from ticketctl.content.report import Setting
from ticketctl.content.terminal import columns
from ticketctl.content.weekly import pictures
from ticketctl.content.weekly.html import Shown, html
from ticketctl.content.weekly.mail import LINES, WIDTH, Coming, Now, Todo, Weekly, Why, text
from ticketctl.domain.privacy.retention import Purge
from ticketctl.domain.reports.breakdown import InAndOpen
from ticketctl.domain.reports.lessons import Lesson
from ticketctl.domain.reports.measure import EarlyWarning, Thing
from ticketctl.domain.reports.periods import week
from ticketctl.domain.reports.trends import Compared, Trend
from ticketctl.domain.settings.settings import Duration, RetentionRule
from ticketctl.domain.statistics.change import Change, Says

ZONE = ZoneInfo("Europe/Stockholm")
NOW = datetime(2026, 12, 7, 7, 0, tzinfo=ZONE)
LONG = "Återbetalningen av förseningsavgiften för oktober är fortfarande inte synlig på kontot trots upprepade löften"
NAME = "Anna-Karin Östlund-Wachtmeister von Greifswald"
WHYS: tuple[Why, ...] = ("late", "lost", "promised", "away", "unassigned")


def compared(kind: str, value: float, says: Says) -> Trend:
    measured = {"times": "times", "rate": "share"}.get(kind, "count")
    change = Change(measured=measured, before=400, after=40, says=says, estimate=0.6, low=0.4, high=0.9)  # type: ignore[arg-type]
    usual = (value * 0.7, value * 1.6)
    then = Compared(first=date(2025, 11, 17), last=date(2025, 12, 21), usual=usual, change=change)
    return Trend(value=value, median=value, usual=usual, change=change, year_ago=then)


def worst(language: str) -> Weekly:
    weeks = [week(f"2026-W{number}", ZONE) for number in range(37, 50)]
    rule = RetentionRule(then="delete", age=Duration(months=24), label="reklamation av abonnemang", status="closed")
    other = RetentionRule(then="anonymise", age=Duration(months=12), status="closed")
    purging = [*(Purge(number, "delete", "", rule) for number in range(60001, 60061))]
    purging += [Purge(number, "anonymise", "", other) for number in range(61001, 61061)]
    change = Change(measured="times", before=400, after=40, says="fell", estimate=0.6, low=0.4, high=0.9, alike=True)
    return Weekly(
        window=weeks[-1],
        setting=Setting(
            desk="Kundtjänsten för Västra Götalands kollektivtrafikbolag och samarbetspartner AB",
            language=language, zone=ZONE, now=NOW, has_hours=True, has_targets=True,
            audit=(1_234_567, "0123456789abcdef" * 4), purging=tuple(purging),
        ),
        now=Now(
            todo=tuple(
                Todo(number=60000 + at, subject=LONG, why=WHYS[at % 5], owner=NAME, due=NOW - timedelta(days=400 + at))
                for at in range(40)
            ),
            late=123, unassigned=87, aside=312, undelivered=45,
            down=("support@kollektivtrafikbolaget.example", "reklamationer@kollektivtrafikbolaget.example"),
        ),
        trends={
            "arrivals": compared("count", 1234, "rose"),
            "closes": compared("count", 1187, "rose"),
            "backlog": compared("count", 2310, "no clear change"),
            "first_response": compared("times", 1430, "fell"),
            "in_time": compared("rate", 0.55, "fell"),
        },
        weeks=tuple(InAndOpen(one, 1000 + 19 * at, 2000 + 31 * at) for at, one in enumerate(weeks)),
        provisional=frozenset({"arrivals", "first_response", "in_time"}),
        hours=tuple(tuple(100 + (7 * day + hour) % 90 for hour in range(24)) for day in range(7)),
        coming=tuple(
            Coming(what=what, id=100 + at, name=f"{'återbetalningsavgift/' * 4}, abonnemang", count=321)
            for at, what in enumerate(("grows", "new", "grows", "new"))
        ),
        measures=tuple((f"{LONG} {at}", sentence(change, language)) for at in range(4)),
        warnings=tuple(
            EarlyWarning(
                thing=Thing("label", f"återkommande fel i biljettautomaten {at}"), count=118, low=12, high=28, days=14,
                since=date(2026, 11, 16), fired=date(2026, 12, 7), tickets=(60001, 60002, 60003),
            )
            for at in range(4)
        ),
        lessons=tuple(Lesson(60000 + at, "leverans", f"{at} {LONG}") for at in range(6)),
    )  # fmt: skip


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_text_is_one_page(language: str) -> None:
    said = text(worst(language)).splitlines()
    assert len(said) <= LINES and max(map(columns, said)) <= WIDTH, "\n".join(said)
    titles = {
        "sv": ("ATT GÖRA NU", "VECKAN", "PÅ VÄG IN", "ÅTGÄRDER", "LÄRDOMAR"),
        "en": ("TO DO NOW", "THE WEEK", "COMING IN", "MEASURES", "LESSONS"),
    }[language]
    assert [one for one in said if one in titles] == list(titles), "in this order, and none is left out"
    assert sum(one.startswith("#6000") for one in said) >= 4
    told = " ".join(" ".join(said).split())
    for whole in {
        "sv": ("kortare än förut", "Mejl som inte kom fram: 45", "Ändra etiketten"),
        "en": ("shorter than before", "Mails that were not delivered: 45", "Change the label"),
    }[language]:
        assert whole in told, "what matters is not cut off"
    assert "ticketctl show 60003" in told


def shown(made: Weekly, folder: Path, drawn: bool) -> str:
    """Its HTML, with pictures in files beside it, or with bars of a table."""
    found = {}
    for name in ("weeks", "hours") if drawn else ():
        picture = pictures.draw(made, name)
        (folder / f"{name}.png").write_bytes(picture.data)
        found[name] = Shown(f"{name}.png", picture.width, picture.height)
    return html(made, found)


@pytest.mark.browser
@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize(
    "drawn", [pytest.param(True, marks=pytest.mark.extra("pictures")), False], ids=["pictures", "bars"]
)
def test_the_page_is_at_most_1400_pixels_high(tmp_path: Path, language: str, drawn: bool) -> None:
    """At 600 pixels; at 360 nothing is wider than the screen."""
    (tmp_path / "mail.html").write_text(shown(worst(language), tmp_path, drawn), "utf-8")
    frames = "".join(
        f'<iframe src="mail.html" style="border:0;width:{width}px;height:100px"></iframe>' for width in (360, 600)
    )
    size = "({scrollHeight, scrollWidth}) => [scrollHeight, scrollWidth]"
    code = f"const size = {size}; onload = () => document.body.dataset.size = "
    code += "[...document.querySelectorAll('iframe')].flatMap((one) => size(one.contentDocument.documentElement))"
    holder = tmp_path / "holder.html"
    holder.write_text(f"<body>{frames}<script>{code}</script>", "utf-8")
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files"]
    command += [f"--user-data-dir={tmp_path}/profile", "--virtual-time-budget=2000", "--dump-dom", holder.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=2 * HANG, check=False)
    sizes = re.search(r'data-size="(\d+),(\d+),(\d+),(\d+)"', done.stdout)
    assert sizes, done.stdout
    _, narrow, high, wide = map(int, sizes.groups())
    assert narrow <= 360 and wide <= 600
    assert high <= 1400
