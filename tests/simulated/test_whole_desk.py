"""The planted desk once through the real store: 100,000 tickets of three years, archived, asked by the commands."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from random import Random

import pytest

from tests.conftest import RULES, Office
from tests.simulated.counted import FIRST
from tests.simulated.desks import closed
from tests.simulated.test_planted import RISE, START, WEEKS, WORKS, desk
from ticketctl.domain.ticket.ticket import Ticket

pytestmark = pytest.mark.long
QUARTER = 13 * 7


def tickets() -> Iterator[list[Ticket]]:
    """A quarter at a time, in order of arrival."""
    diary, number = desk(Random(7)), 0
    labels = [(one.day, thing.value) for thing, entries in diary.entries.items() for one in entries]
    by_day: dict[int, list[str]] = {}
    for day, label in labels:
        by_day.setdefault((day - FIRST).days, []).append(label)
    for first in range(0, WEEKS * 7, QUARTER):
        made = []
        for at in range(first, min(first + QUARTER, WEEKS * 7)):
            day, own = FIRST + timedelta(days=at), by_day.get(at, [])
            for label in [*own, *[""] * (diary.week(None, day, 1).cases - len(own))]:
                number += 1
                made.append(closed(number, day, "leverans", labels=(label,) if label else ()))
        yield made


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    folder: Path = tmp_path_factory.mktemp("whole")
    (folder / "rules.yaml").write_text(RULES.replace("labels:", "# labels:"), "utf-8")
    made = Office(folder)
    for quarter in tickets():
        with made.store.transaction() as store:
            for one in quarter:
                store.save(one)
        made.store.archive(datetime.max.replace(tzinfo=UTC))
    return made


def at(office: Office, week: int) -> Office:
    """Ten o'clock on the Monday of that week."""
    office.now = datetime.combine(FIRST + timedelta(days=7 * week), time(9), UTC)
    return office


def test_the_measure_that_works_is_told(office: Office) -> None:
    start = FIRST + timedelta(days=7 * START)
    at(office, START + 14).say("measure", "start", "FAQ", "--label", WORKS.value, "--from", start)
    at(office, START + 14).say("measure", "start", "Inget", "--label", "nothing", "--from", start)
    works, nothing = json.loads(office.say("measure", "list", "--json"))
    assert (works["says"], nothing["says"]) == ("fell", "no clear change")
    assert works["interval"][0] < works["ratio"] < works["interval"][1] < 0.5
    assert works["weeks"]["before"]["weeks"] == works["weeks"]["after"]["weeks"] == 12


def test_the_growing_pattern_is_told_within_four_weeks_of_its_rise(office: Office) -> None:
    """Tickets of later weeks are on the desk, too: they are not looked at."""
    told: set[str] = set()
    for week in range(RISE, RISE + 8):
        at(office, week).say("escalate", "-q", "--clock-is-right")
        told |= {one.get("label", "") for one in json.loads(office.say("board", "--json"))["warnings"]}
    assert "grows" in told
