"""The weekly mail: one page, once a week and recipient, the same as text, as HTML and in a browser without pictures."""

from __future__ import annotations

import random
import re
import struct
import subprocess
import sys
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.growth import HANG
from ticketctl.content.terminal import columns, sparkline
from ticketctl.content.weekly import pictures
from ticketctl.content.weekly.words import WORDS, days, length, lengths
from ticketctl.domain.ticket.message import Message, Person
from ticketctl.domain.ticket.ticket import Act

ZONE = ZoneInfo("Europe/Stockholm")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TO = "report: {to: [alice, chef@exempel.example], every: monday 07:00}\n"


def mailed_to(office, more=TO):
    rules = office.folder / "rules.yaml"
    rules.write_text(rules.read_text("utf-8") + more, "utf-8")
    return office


def fill(office, count, weeks=20):
    """Tickets of the last weeks, most answered and closed within hours; some open, some with nobody."""
    chance, office.now = random.Random(count), datetime(2026, 12, 7, 7, 0, tzinfo=ZONE)
    with office.store.transaction() as desk:
        for number in range(1, count + 1):
            day = office.now - chance.randrange(1, weeks * 7) * DAY
            while day.weekday() > 4:
                day -= DAY
            came = day.replace(hour=chance.choice((8, 9, 9, 10, 11, 13, 14, 15)), minute=chance.randrange(60))
            desk.save(_ticket(number, came, chance, office))
    return office


def _ticket(number, came, chance, office):
    office_ticket = office_made(number, came)
    if chance.random() < 0.85:
        answered = came + timedelta(minutes=chance.randrange(10, 300))
        reply = Message(
            key="m2",
            direction="out",
            kind="message",
            at=answered,
            sender=Person("support@exempel.example"),
            author="alice",
            delivery="sent",
            delivered_at=answered,
            text="Den är på väg.",
        )
        ticket = office_ticket.assign(Act("alice", answered), "alice").write(Act("alice", answered), reply)
        return ticket.close(
            Act("alice", answered + HOUR), cause="leverans", lesson="Skriv leveranstid i orderbekräftelsen"
        )
    return office_ticket


def office_made(number, came):
    from ticketctl.domain.ticket.ticket import Ticket

    who = Person(f"kund{number}@kund.example", "Åsa Öberg")
    text = Message(
        key="m1", direction="in", kind="message", at=came, sender=who, text="Hej! Var är den?", message_id=f"{number}@k"
    )
    subject = "Var är beställning 4539 1488 0343 6467? Ring 070-123 45 67"
    made = Ticket(number=number, subject=subject, requester=who, opened_at=came)
    return made.receive(Act("system", came, "fetch"), text)


def written(office, folder: Path, *options):
    office.say("report", "--email", "--dry-run", "--out", folder, *options)
    return message_from_bytes((folder / "report.eml").read_bytes(), policy=policy.default)


@pytest.mark.parametrize("count", [0, 3, 300])
@pytest.mark.parametrize("language", ["sv", "en"])
def test_it_is_one_page_of_text(office, tmp_path, count, language):
    fill(mailed_to(office), count)
    if language == "en":
        rules = office.folder / "rules.yaml"
        rules.write_text(rules.read_text("utf-8").replace("language: sv", "language: en"), "utf-8")
    mail = written(office, tmp_path / "ut")
    said = (tmp_path / "ut" / "report.txt").read_text("utf-8")
    assert max(map(columns, said.splitlines())) <= 72
    assert len(said.splitlines()) <= 45
    assert mail.get_body(("plain",)).get_content().replace("\r\n", "\n").strip() == said.strip()
    words = {"sv": ("v. 49", "ATT GÖRA NU", "VECKAN"), "en": ("W49", "TO DO NOW", "THE WEEK")}[language]
    assert words[0] in mail["Subject"] and all(word in said for word in words)
    if not count:
        assert {"sv": "Inget brådskande.", "en": "Nothing urgent."}[language] in said


@pytest.mark.extra("pictures")
def test_its_parts_and_pictures(office, tmp_path):
    fill(mailed_to(office), 300)
    mail = written(office, tmp_path / "ut")  # 2026-12-07 is the first Monday of December
    raw = (tmp_path / "ut" / "report.eml").read_bytes()
    assert len(raw) <= 150_000
    plain, related = mail.iter_parts()
    assert (mail.get_content_type(), plain.get_content_type()) == ("multipart/alternative", "text/plain")
    html, *shown = related.iter_parts()
    assert related.get_content_type() == "multipart/related"
    page = html.get_content()
    assert [one["Content-ID"].strip("<>") for one in shown] == re.findall(r'src="cid:([^"]+)"', page)
    sizes = [struct.unpack(">II", one.get_content()[16:24]) for one in shown]
    assert sizes == [(1200, 440), (1200, 420)]
    assert all(len(one.get_content()) <= 30_000 for one in shown)
    assert 'width="600" height="220"' in page and 'width="600" height="210"' in page
    alts = re.findall(r'alt="([^"]+)"', page)
    assert len(alts) == 2 and all(len(one) <= 150 and re.search(r"\d", one) for one in alts)
    assert "<svg" not in page and "data:" not in page and "<style" not in page
    assert "4539" not in page and "123 45 67" not in page and "Var är beställning" in page


@pytest.mark.extra("pictures")
def test_pictures_are_opaque_and_white(office, tmp_path):
    from matplotlib.image import imread

    fill(mailed_to(office), 300)
    written(office, tmp_path / "ut")
    for name in ("weeks", "hours"):
        image = imread(tmp_path / "ut" / f"{name}.png")
        assert image.shape[2] == 3 or image[:, :, 3].min() == 1
        assert image[0, 0, :3].min() == 1


def contrast(colour: str) -> float:
    """To white (WCAG 2, 1.4.3)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def test_colours_of_pictures_are_seen():
    for colour in (pictures.BARS, pictures.LINE, pictures.INK, pictures.EDGE):
        assert contrast(colour) >= 3, colour


@pytest.mark.extra("pictures")
def test_the_second_picture_comes_on_the_first_monday_of_a_month(office, tmp_path):
    fill(mailed_to(office), 30)
    assert "hours.png" in office.say("report", "--email", "--dry-run", "--out", tmp_path / "a")
    office.now += 7 * DAY
    assert "hours.png" not in office.say("report", "--email", "--dry-run", "--out", tmp_path / "b")


def test_three_tickets_say_nothing_of_when_they_arrive(office, tmp_path):
    fill(mailed_to(office), 3)
    assert "hours.png" not in office.say("report", "--email", "--dry-run", "--out", tmp_path / "a")
    assert "Flest ärenden" not in (tmp_path / "a" / "report.txt").read_text("utf-8")


def test_without_matplotlib_the_bars_are_a_table(office, tmp_path, monkeypatch):
    fill(mailed_to(office), 300)
    monkeypatch.setattr("ticketctl.usecases.views.weekly.can_draw", lambda: False)
    page = written(office, tmp_path / "ut").get_body(("html",)).get_content()
    assert "<img" not in page and page.count('bgcolor="#2b6cb0"') == 13
    assert "cid:" not in page


def test_a_report_imports_no_matplotlib(office):
    code = "import sys, ticketctl.commands.report, ticketctl.usecases.views.weekly; "
    code += "sys.exit('matplotlib' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=HANG)


def test_once_a_week_and_recipient(office):
    fill(mailed_to(office), 3)
    assert "alice@exempel.example, chef@exempel.example" in office.say("report", "--email")
    assert "mailed already" in office.say("report", "--email")
    office.now -= 2 * HOUR  # the clock is set back
    office.say("report", "--email")
    office.now += 3 * DAY  # cron has not run since Monday
    assert "mailed already" in office.say("report", "--email")
    rules = office.folder / "rules.yaml"
    rules.write_text(rules.read_text("utf-8").replace("[alice, ", "[bo, alice, "), "utf-8")
    assert "in the outbox for bo@exempel.example\n" in office.say("report", "--email")
    with office.store.reading() as inside:
        got = [(item.subject, address) for item in inside.outbox() for address in item.recipients]
    assert len(set(got)) == len(got)
    assert {address for _, address in got} == {f"{one}@exempel.example" for one in ("alice", "chef", "bo")}


def test_a_desk_that_was_down_on_monday_mails_on_thursday(office):
    fill(mailed_to(office), 3)
    office.now += 3 * DAY
    assert "2026-W49: in the outbox" in office.say("report", "--email")


def test_a_dry_run_changes_nothing(office, tmp_path):
    fill(mailed_to(office), 3)
    written(office, tmp_path / "ut")
    assert office.say("report", "--email", "--dry-run").startswith("would: report ")
    with office.store.reading() as inside:
        assert not list(inside.outbox())
    assert "in the outbox" in office.say("report", "--email")
    assert "--dry-run goes with --email" in office.trouble("report", "--dry-run", code=2)
    assert "/dev/null" in office.trouble("report", "--email", "--dry-run", "--out", "/dev/null/x", code=10)


def test_figures_are_those_of_the_report(office, tmp_path):
    import json

    fill(mailed_to(office), 300)
    written(office, tmp_path / "ut")
    found = json.loads(office.say("report", "--json"))
    said = (tmp_path / "ut" / "report.txt").read_text("utf-8")
    rows = {name: re.search(rf"^{name} +(.+?)\*?  ", said, re.M)[1] for name in ("Inkomna", "Stängda", "Öppna sist")}
    assert rows == {
        "Inkomna": str(found["flow"]["arrivals"]),
        "Stängda": str(found["flow"]["closes"]),
        "Öppna sist": str(found["backlog"]["total"]),
    }
    minutes = found["first_response"]["business"]["median_minutes"]
    assert f"Första svar  {length(minutes, 'sv')}" in re.sub(r" {2,}", "  ", said)


def test_numbers_and_dates_as_they_are_written():
    assert [length(minutes, "sv") for minutes in (5, 130, 60, 1700)] == ["5 min", "2 tim 10 min", "1 tim", "28 tim"]
    assert (length(130, "en"), lengths(30, 135, "sv"), lengths(30, 135, "en")) == (
        "2 h 10 min",
        "0,5–2,2 tim",
        "0.5–2.2 h",
    )
    day = datetime(2026, 12, 28).date()
    assert days(day, day + 6 * DAY, "sv") == "28 dec 2026 – 3 jan 2027"
    assert days(day - 7 * DAY, day - DAY, "en") == "21–27 Dec 2026"


def test_bars_in_both_forms():
    assert sparkline([0, 1, 2, 3, 4]) == "▁▂▃▅▇"
    assert sparkline([0, 4, 2], in_ascii=True) == "_#-"
    assert sparkline([]) == "" and sparkline([0, 0]) == "▁▁"


def test_the_bars_of_the_text_are_ascii_where_that_is_asked_for(office, tmp_path):
    fill(mailed_to(office), 300)
    bars = re.compile(r"^(?:Inkomna|Öppna sist) +(\S{13})  \d", re.M)
    written(office, tmp_path / "blocks")
    blocks = bars.findall((tmp_path / "blocks" / "report.txt").read_text("utf-8"))
    rules = office.folder / "rules.yaml"
    rules.write_text(rules.read_text("utf-8").replace("report: {", "report: {ascii: true, "), "utf-8")
    mail = written(office, tmp_path / "ascii")
    plain = bars.findall(mail.get_body(("plain",)).get_content())
    assert len(blocks) == len(plain) == 2
    assert [one.translate(str.maketrans("▁▂▃▅▇", "_.-=#")) for one in blocks] == plain


def test_both_languages_have_every_word_with_the_same_facts():
    for name, (swedish, english) in WORDS.items():
        assert sorted(re.findall(r"{(\w+)}", swedish)) == sorted(re.findall(r"{(\w+)}", english)), name


@pytest.mark.browser
@pytest.mark.long
@pytest.mark.parametrize("count", [0, 3, 300])
def test_it_is_one_page_in_a_browser(office, tmp_path, count):
    """At 600 pixels at most 1,400 high; at 360 nothing is wider than the screen."""
    fill(mailed_to(office), count)
    folder = tmp_path / "ut"
    written(office, folder)
    size = "[document.documentElement.scrollHeight, document.documentElement.scrollWidth].join()"
    script = f"<script>document.title = {size}</script>"
    for width in (360, 600):
        frame = f'<iframe src="report.html" style="border:0;width:{width}px;height:100px" id="f"></iframe>'
        inside = folder / "inside.html"
        inside.write_text((folder / "report.html").read_text("utf-8").replace("</body>", f"{script}</body>"), "utf-8")
        holder = folder / "holder.html"
        holder.write_text(
            frame.replace("report.html", "inside.html")
            + "<script>f.onload=()=>document.body.dataset.size=f.contentDocument.title</script>",
            "utf-8",
        )
        command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files"]
        command += [f"--user-data-dir={tmp_path}/profile", "--virtual-time-budget=2000", "--dump-dom", holder.as_uri()]
        done = subprocess.run(command, capture_output=True, text=True, timeout=2 * HANG, check=False)
        high, wide = map(int, re.search(r'data-size="(\d+),(\d+)"', done.stdout).groups())
        assert wide <= width
        assert width < 600 or high <= 1400


def test_measures_that_run_are_told(office, tmp_path):
    fill(mailed_to(office), 3)
    office.say("measure", "start", "Ny FAQ", "--from", "2026-11-02")
    written(office, tmp_path / "ut")
    said = (tmp_path / "ut" / "report.txt").read_text("utf-8")
    assert re.search(r"ÅTGÄRDER\nNy FAQ: .+: ingen tydlig ändring\n", said)
