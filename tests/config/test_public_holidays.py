"""`hours: holidays: SE`: the days on which Sweden is closed, worked out once, in the domain as days alone."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.conftest import RULES, Office
from ticketctl.config import load, special_days
from ticketctl.domain.deadlines.business_hours import add, between
from ticketctl.domain.settings.settings import Duration

HOLIDAYS = RULES.replace("{mon-fri: 08:00-17:00}", "{mon-fri: 08:00-17:00, holidays: SE, closed: [2026-06-05]}")


@pytest.fixture
def desk(office: Office) -> Office:
    (office.folder / "rules.yaml").write_text(HOLIDAYS, "utf-8")
    return office


@pytest.mark.extra("calendar")
def test_the_days_of_a_swedish_year() -> None:
    """The library’s public holidays and the three eves; other Sundays are left to the opening hours."""
    listed = """01-01 01-06 04-03 04-05 04-06 05-01 05-14 05-24 06-06 06-19 06-20 10-31 12-24 12-25 12-26 12-31"""
    found = sorted(day for day in special_days.public_holidays("SE") if day.year == 2026)
    assert [f"{day:%m-%d}" for day in found] == listed.split()


@pytest.mark.extra("calendar")
@pytest.mark.parametrize("eve", [date(2025, 6, 20), date(2026, 6, 19), date(2027, 6, 25), date(2028, 6, 23)])
def test_midsommarafton_is_a_friday(eve: date) -> None:
    assert eve in special_days.public_holidays("SE")


@pytest.mark.extra("calendar")
def test_another_country_has_no_swedish_eves() -> None:
    assert date(2026, 5, 17) in special_days.public_holidays("NO")
    assert date(2026, 6, 19) not in special_days.public_holidays("NO")


@pytest.mark.extra("calendar")
def test_promises_pass_over_them(desk: Office) -> None:
    hours = load(desk.folder / "rules.yaml").hours
    thursday = datetime(2026, 6, 18, 14, tzinfo=UTC)  # 16:00, the day before midsommarafton
    assert add(thursday, Duration(minutes=120), hours) == datetime(2026, 6, 22, 7, tzinfo=UTC)  # Monday 09:00
    assert add(thursday, Duration(days=1), hours) == datetime(2026, 6, 22, 14, tzinfo=UTC)
    christmas = datetime(2026, 12, 23, 23, tzinfo=UTC), datetime(2027, 1, 1, 23, tzinfo=UTC)
    assert between(*christmas, hours) == timedelta(hours=27)  # 28 to 30 December
    assert date(2026, 6, 5) in hours.closed


def test_a_missing_library_is_named_after_the_faults(desk: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "holidays", None)
    assert "pip install 'ticketctl[calendar]'" in desk.trouble("triage", code=9)
    assert "pip install 'ticketctl[calendar]'" in desk.say("doctor", "--offline", code=9)
    (desk.folder / "rules.yaml").write_text(HOLIDAYS + "labls: [a]\n", "utf-8")
    assert "did you mean 'labels'?" in desk.trouble("triage", code=2)


@pytest.mark.extra("calendar")
def test_the_library_is_not_loaded_for_a_file_that_was_read_before(
    desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.make(1)
    first = desk.say("list")
    monkeypatch.setitem(sys.modules, "holidays", None)
    assert desk.say("list") == first


@pytest.mark.extra("calendar")
def test_a_desk_may_work_on_the_eves(desk: Office) -> None:
    rules = desk.folder / "rules.yaml"
    rules.write_text(rules.read_text("utf-8").replace("holidays: SE", "holidays: SE, eves: false"), "utf-8")
    closed = load(rules).hours.closed
    assert not {date(2026, 6, 19), date(2026, 12, 24), date(2026, 12, 31)} & closed
    assert {date(2026, 6, 20), date(2026, 12, 25), date(2027, 1, 1), date(2026, 6, 5)} <= closed
    rules.write_text(rules.read_text("utf-8").replace("holidays: SE, ", ""), "utf-8")
    assert "eves are those of holidays: SE" in desk.trouble("rules", "check", code=2)
