"""Days of their own in `hours:`: half days, spans, days of every year, and the warning that none lies ahead."""

from __future__ import annotations

from datetime import date

import pytest

from ticketctl.config import load
from ticketctl.errors import BadRules


def hours_of(tmp_path, hours):
    path = tmp_path / "rules.yaml"
    path.write_text(f"version: 1\ndesk: {{name: x, timezone: Europe/Stockholm}}\nhours: {hours}\n", encoding="utf-8")
    return load(path).hours


@pytest.mark.parametrize(
    ("closed", "shut", "open_"),
    [
        ("[24 dec till 1 jan]", ["2026-12-24", "2027-01-01"], ["2026-12-23", "2027-01-02"]),
        ("[2026-12-24 - 2027-01-06]", ["2026-12-24", "2027-01-06"], ["2026-12-23", "2027-01-07"]),
        ("[julafton, nyårsafton]", ["2026-12-24", "2027-12-31"], ["2026-12-23"]),
        ("[vecka 29-31]", ["2027-07-19", "2027-08-08", "2028-07-17"], ["2027-07-18", "2027-08-09"]),
        ("[week 29 2027]", ["2027-07-19"], ["2028-07-17"]),
        ("[2026-12-24]", ["2026-12-24"], ["2025-12-24", "2027-12-24"]),
        ("[12-24]", ["2026-12-24", "2029-12-24"], ["2026-12-23"]),
        ("12-24..01-01", ["2026-12-24", "2026-12-31", "2027-01-01", "2030-01-01"], ["2027-01-04", "2026-12-23"]),
        ("[24 december, den 6 juni, May 1]", ["2026-12-24", "2028-06-06", "2028-05-01"], ["2028-05-02"]),
        ("[2027-07-05..2027-07-30]", ["2027-07-05", "2027-07-30"], ["2027-08-02", "2028-07-05"]),
        ("[29 feb]", ["2028-02-29"], ["2027-03-01"]),
        ("[23 december 2026..1 januari 2027]", ["2026-12-28"], ["2027-12-28"]),
    ],
)
def test_closed_days(tmp_path, closed, shut, open_):
    hours = hours_of(tmp_path, f"{{mon-sun: 08:00-17:00, closed: {closed}}}")
    assert not any(hours.spans(date.fromisoformat(day)) for day in shut)
    assert all(hours.spans(date.fromisoformat(day)) for day in open_)


@pytest.mark.parametrize(
    ("hours", "told"),
    [
        ("closed: [2026-02-30]", "is not a day"),
        ("closed: [vecka 54]", "weeks of 1 to 53"),
        ("closed: [jul]", "write 2026-12-24"),
        ("closed: [2026-12-24..12-26]", "write the year at both ends"),
        ("closed: [2026-12-26..2026-12-24]", "ends before it begins"),
        ("special: {2026-12-23: 12:00-08:00}", "ends before it starts"),
        ("special: {jul: 08:00-12:00}", "is not a day"),
        ("2026-12-23: 08:00-12:00", "write it under special: or closed:"),
        ("special: {12-23: 08:00-12:00, 2026-12-23: closed}", "2026-12-23 has its hours already"),
    ],
)
def test_faults(tmp_path, hours, told):
    with pytest.raises(BadRules, match=told):
        hours_of(tmp_path, f"{{mon-fri: 08:00-17:00, {hours}}}")


def test_a_half_day_ends_at_noon(open_shop):
    shop = open_shop().at("2026-12-22T10:00+01:00")
    rules = shop.folder / "rules.yaml"
    text = rules.read_text(encoding="utf-8")
    given = "hours: {mon-fri: 08:00-17:00, closed: [12-24..01-01], special: {2026-12-23: 08:00-12:00}}"
    rules.write_text(text.replace("hours: {mon-fri: 08:00-17:00}", given), encoding="utf-8")
    shop.mail("Kund <k@kund.example>", "Fråga", "Hej")
    assert "Wed 2026-12-23 08:00" in shop.say("wait", 1, "tomorrow")
    shop.run("wait", 1, "no")
    assert "Wed 2026-12-23 12:00" in shop.say("promise", 1, "tomorrow")  # until closing
    assert "Mon 2027-01-04 10:00" in shop.say("wait", 1, "2d")  # noon is shut from the 23rd on: 10:00 is open
    assert "no closed day" not in shop.run("rules", "check").output


@pytest.mark.parametrize(
    ("hours", "warned"),
    [
        ("mon-fri: 08:00-17:00", True),
        ("mon-fri: 08:00-17:00, closed: [2025-12-24]", True),
        ("mon-fri: 08:00-17:00, closed: [2026-12-24]", False),
        ("mon-fri: 08:00-17:00, closed: [12-24]", False),
        ("mon-fri: 08:00-17:00, special: {2026-12-23: closed}", False),
    ],
)
def test_rules_check_warns_when_no_closed_day_lies_ahead(open_shop, hours, warned):
    shop = open_shop().at("2026-11-16T10:00+01:00")
    rules = shop.folder / "rules.yaml"
    text = rules.read_text(encoding="utf-8")
    rules.write_text(text.replace("mon-fri: 08:00-17:00", hours), encoding="utf-8")
    assert ("no closed day lies ahead" in shop.run("rules", "check").output) is warned
