"""`measure`: what a team sees of an improvement."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from tests.conftest import Office
from tests.simulated.desks import closed, days_of, filled, ticket
from ticketctl.domain.ticket.ticket import Ticket

START = date(2026, 8, 24)  # a Monday; NOW is Friday 2026-11-20, 11 whole weeks after the week of the start


def desk(before: int, after: int, rest: tuple[int, int] = (40, 40), **label: Any) -> Iterator[Ticket]:
    """12 weeks, the week of the start, and what came since: vip a week, and others."""
    number = 0
    for week in range(-12, 13):
        monday = START + timedelta(days=7 * week)
        own, others = (before, rest[0]) if week < 0 else (after, rest[1])
        for day in days_of(monday, own):
            number += 1
            yield ticket(number, day, labels=("vip",))
        for day in days_of(monday, others):
            number += 1
            yield ticket(number, day)


def started(office: Office, *about: str) -> None:
    office.say("measure", "start", "Ny FAQ", *about, "--from", START)


def report(office: Office, number: int = 1) -> dict[str, Any]:
    return json.loads(office.say("measure", "report", number, "--json"))


def test_a_halving_is_seen(office: Office) -> None:
    filled(office.store, desk(20, 10))
    started(office, "--label", "vip")
    found = report(office)
    assert (found["before"], found["after"], found["says"]) == (20, 10, "fell")
    assert found["ratio"] == pytest.approx(0.5)
    low, high = found["interval"]
    assert 0.3 < low < 0.5 < high < 0.8
    assert found["weeks"]["before"] == {
        "weeks": 12, "cases": 240, "rest": 480, "first": "2026-06-01", "last": "2026-08-23"
    }  # fmt: skip
    assert (found["weeks"]["after"]["first"], found["weeks"]["after"]["last"]) == ("2026-08-31", "2026-11-15")
    assert office.say("measure", "report", 1).splitlines() == [
        "Measure 1: Ny FAQ (label vip), since 2026-08-24",
        "",
        "Before: 240 in 12 weeks, 20 a week (2026-06-01 to 2026-08-23); all others 40 a week",
        "After: 110 in 11 weeks, 10 a week (2026-08-31 to 2026-11-15); all others 40 a week",
        "",
        "Against the rest of the desk: 0.5 × as many (0.4–0.7): fewer than before.",
    ]


def test_one_that_only_looks_as_if_it_failed(office: Office) -> None:
    """As many as before, while all others doubled."""
    filled(office.store, desk(20, 20, (40, 80)))
    started(office, "--label", "vip")
    found = report(office)
    assert (found["before"], found["after"], found["says"]) == (20, 20, "fell")


def test_one_that_did_nothing_while_the_desk_grew(office: Office) -> None:
    filled(office.store, desk(10, 20, (40, 80)))
    started(office, "--label", "vip")
    started(office)
    assert report(office)["says"] == "no clear change"
    assert report(office, 2)["says"] == "rose"
    assert "1.0 × as many" in office.say("measure", "report", 1)
    assert "Per open day: 2.0 × as many" in office.say("measure", "report", 2)


def test_too_few_to_tell(office: Office) -> None:
    filled(office.store, desk(0, 1))
    started(office, "--label", "vip")
    found = report(office)
    assert (found["says"], found["ratio"], found["interval"]) == ("too few", None, None)
    assert "too few tickets to tell" in office.say("measure", "report", 1)


def test_a_cause_is_counted_by_the_closing_of_its_tickets(office: Office) -> None:
    """Tickets that are not closed yet do not look as if the cause had become rare."""
    number, made = 0, []
    for week in range(-12, 12):
        for at, day in enumerate(days_of(START + timedelta(days=7 * week), 30)):
            number += 1
            made.append(closed(number, day, "leverans" if at % 3 == 0 else "betalning"))
    made += [ticket(number + one, date(2026, 11, 10)) for one in range(1, 50)]
    filled(office.store, made)
    started(office, "--cause", "leverans")
    found = report(office)
    assert (found["before"], found["after"], found["says"]) == (10, 10, "no clear change")


@pytest.mark.parametrize(("a_week", "tenths"), [(5, "in 6 of 10 cases"), (10, "in 9 of 10 cases")])
def test_start_says_what_can_be_found(office: Office, a_week: int, tenths: str) -> None:
    filled(office.store, desk(a_week, a_week))
    said = office.say("measure", "start", "FAQ", "--label", "vip")
    assert f"With {a_week} a week, a halving will be detected {tenths} after 12 weeks." in said


def test_start_says_that_nothing_can_be_found(office: Office) -> None:
    filled(office.store, [*desk(0, 0), ticket(9000, date(2026, 6, 1), labels=("vip",))])
    assert "too few tickets" in office.say("measure", "start", "FAQ", "--label", "vip")


def test_a_new_desk_has_no_weeks_before(office: Office) -> None:
    assert "no whole week before" in office.say("measure", "start", "FAQ")
    assert "no full week yet" in office.say("measure", "report", 1)
    assert office.say("measure", "list").splitlines()[1].strip() == "too few tickets to tell"


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_start_at_either_end_of_the_calendar_is_refused(office: Office, day: str) -> None:
    assert f"no figures of {day}" in office.trouble("measure", "start", "FAQ", "--from", day, code=2)
    assert json.loads(office.say("measure", "list", "--json")) == []


def test_what_is_not_known_is_refused_with_what_is(office: Office) -> None:
    assert "leverans" in office.trouble("measure", "start", "FAQ", "--cause", "leverens", code=2)
    assert "no pattern" in office.trouble("measure", "start", "FAQ", "--pattern", "P9", code=2)
    assert "sälj" in office.trouble("measure", "start", "FAQ", "--category", "sälja", code=2)
    assert "one of" in office.trouble("measure", "start", "FAQ", "--cause", "leverans", "--label", "vip", code=2)
    assert "no measure 4" in office.trouble("measure", "report", 4, code=4)
    assert "measure list" in office.trouble("measure", "stop", 4, code=4)
    assert "a name" in office.trouble("measure", "start", "  ", code=2)
    assert office.say("measure", "list").startswith("There are no measures.")


def test_stop_keeps_what_came_of_it(office: Office) -> None:
    """What came after it had stopped is not part of it."""
    filled(office.store, desk(20, 10))
    started(office, "--label", "vip")
    assert office.say("measure", "stop", 1, "--from", "2026-10-12", "--dry-run").startswith("would: ")
    assert office.say("measure", "stop", 1, "--from", "2026-10-12") == "measure 1: Ny FAQ, stopped on 2026-10-12\n"
    assert report(office)["weeks"]["after"]["last"] == "2026-10-11"
    assert "stopped on 2026-10-12" in office.trouble("measure", "stop", 1, code=5)
    assert "2026-08-24 to 2026-10-12" in office.say("measure", "list")


def test_stop_before_the_start_is_refused(office: Office) -> None:
    started(office)
    assert "started on 2026-08-24" in office.trouble("measure", "stop", 1, "--from", "2026-08-01", code=2)


def test_list_in_swedish(office: Office) -> None:
    filled(office.store, desk(20, 10))
    started(office, "--label", "vip")
    said = office.say("--language", "sv", "measure", "list")
    assert said.splitlines() == [
        "1  Ny FAQ (etikett vip), sedan 2026-08-24",
        "   20 → 10: 0,5 × så många (0,4–0,7): färre än förut",
    ]
    assert "Jämfört med resten av ärendena" in office.say("--language", "sv", "measure", "report", 1)


def test_a_dry_run_notes_nothing(office: Office) -> None:
    assert office.say("measure", "start", "FAQ", "--dry-run").startswith("would: measure 1: FAQ")
    assert json.loads(office.say("measure", "list", "--json")) == []
