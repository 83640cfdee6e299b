"""`report` as text: what came in and was open in the weeks or months that end with the period, as small bars."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from ticketctl.content.terminal import columns, shows_bars
from ticketctl.domain.reports.periods import leading_to, month, quarter, week, year
from ticketctl.domain.ticket.ticket import Act

ZONE = ZoneInfo("Europe/Stockholm")
DAY = timedelta(days=1)


@pytest.fixture
def desk(office):
    """On Monday 2026-11-23: 20 tickets, from August on; two in three were closed after 9 days. #5 is
    spam, and #9 merged."""
    for number in range(1, 21):
        age = (4 + number * number // 4) * DAY
        office.make(number, age=age, spam=number == 5)
        if number % 3:
            office.change(number, lambda ticket, age=age: ticket.close(Act("alice", office.now - age + 9 * DAY)))
    office.now += timedelta(days=2, hours=21)
    office.say("merge", 9, "--into", 6)
    office.store.archive(office.now - 30 * DAY)
    return office


def block(office, *options, **environ):
    """The title of the bars, and their rows by name: bars, first, last, least, most."""
    encoding = environ.get("PYTHONIOENCODING", "utf-8").partition(":")[0]
    done = office.process("report", *options, env={"LANG": "C.UTF-8", **environ}, encoding=encoding)
    assert done.returncode == 0, done.stderr
    parts = [one.splitlines() for one in done.stdout.split("\n\n")]
    found = next((one for one in parts if re.match(r"\d+ (WEEKS|MONTHS|VECKOR|MÅNADER), ", one[0])), None)
    if found is None:
        return "", {}
    assert all(columns(line) <= 80 for line in found)
    rows = {" ".join(row.split()[:-5]): row.split()[-5:] for row in found[2:]}
    return found[0], rows


def test_the_bars_have_the_numbers_of_each_weeks_own_report(desk):
    title, rows = block(desk)
    assert title == "13 WEEKS, 2026-W35 TO 2026-W47"
    came, waiting = [], []
    for back in range(12, -1, -1):
        name = f"{date(2026, 11, 16) - 7 * back * DAY:%G-W%V}"
        told = json.loads(desk.say("report", "--json", "--week", name))
        came.append(told["flow"]["arrivals"])
        ages = [told["backlog"][name] for name in ("waiting_on_us", "waiting_on_customer")]
        waiting.append(sum(sum(one.values()) for one in ages))
    for name, counts in (("in", came), ("open at end", waiting)):
        assert len(set(counts)) > 2  # or the test would say little
        bars, *numbers = rows[name]
        assert len(bars) == 13 and bars[counts.index(max(counts))] == "▇"
        assert list(map(int, numbers)) == [counts[0], counts[-1], min(counts), max(counts)]


def test_months_end_with_a_month_or_quarter_and_weeks_before_the_first_ticket_are_left_out(desk):
    title, rows = block(desk, "--month", "2026-10", "--language", "sv")
    assert title == "3 MÅNADER, 2026-08 TILL 2026-10"
    assert list(rows) == ["in", "öppna sist"] and len(rows["in"][0]) == int(title.split()[0])
    assert block(desk, "--year", "2026") == block(desk, "--day", "2026-11-20") == ("", {})
    assert block(desk, "--over", "week") == ("", {})  # its table has them


def test_json_csv_and_mail_stay_as_they_were(desk):
    assert "13" not in desk.say("report", "--csv").split("\n")[0]
    assert "before" not in json.loads(desk.say("report", "--json"))


@pytest.mark.parametrize("environ", [{"LC_ALL": "C"}, {"LANG": "POSIX"}, {"PYTHONIOENCODING": "latin-1:replace"}])
def test_the_bars_are_ascii_where_the_terminal_is_not_utf_8(desk, environ):
    bars = block(desk, **environ)[1]["in"][0]
    assert set(bars) <= set("_.-=#") and len(bars) == 13 and "#" in bars


def test_which_terminals_show_the_bars():
    assert shows_bars({"LANG": "sv_SE.UTF-8"}, "utf-8")
    assert shows_bars({"LC_CTYPE": "sv_SE.utf8", "LANG": "C"}, "UTF-8")
    assert shows_bars({"LANG": "C.UTF-8"}, "utf-8") and shows_bars({"LC_CTYPE": "UTF-8"}, "utf-8")
    assert not shows_bars({"LANG": "sv_SE.UTF-8"}, "iso8859-1")
    assert not shows_bars({"LC_ALL": "C", "LANG": "sv_SE.UTF-8"}, "utf-8")
    assert not shows_bars({"LC_CTYPE": "C.UTF-8", "LANG": "C"}, "utf-8")  # as Python sets it
    assert not shows_bars({"LANG": "sv_SE@euro"}, "utf-8") and not shows_bars({}, "utf-8")


def test_which_weeks_and_months():
    def firsts(window):
        part, windows = leading_to(window, ZONE)
        return part, len(windows), windows and (windows[0].first, windows[-1].last)

    assert firsts(week("2026-W01", ZONE)) == ("week", 13, (date(2025, 10, 6), date(2026, 1, 4)))
    assert firsts(month("2024-02", ZONE)) == ("month", 12, (date(2023, 3, 1), date(2024, 2, 29)))
    assert firsts(quarter("2026-Q3", ZONE)) == ("month", 12, (date(2025, 10, 1), date(2026, 9, 30)))
    assert firsts(year("2026", ZONE))[1] == firsts(month("1000-09", ZONE))[1] == 0
