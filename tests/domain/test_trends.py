"""A week's figures against those of the twelve weeks before it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from tests.domain.histories import OFFICE, ZONE, at, story
from ticketctl.domain.reports.cases import frame
from ticketctl.domain.reports.periods import week
from ticketctl.domain.reports.trends import trends
from ticketctl.domain.ticket.ticket import Ticket

NOW = at("2026-12-01 08:00")
MONDAY = date(2026, 11, 23)  # of the week that is looked at, 2026-W48
FIGURES = ("arrivals", "first_response", "backlog", "net", "one_touch")


def desk(*, last: int, minutes: int = 30, weeks: int = 12) -> Iterator[Ticket]:
    """Six a week for `weeks`, then `last`, each answered after half an hour, in the last week after `minutes`."""
    number = 0
    for back in range(weeks, -1, -1):
        for one in range(last if back == 0 else 6):
            number += 1
            day = MONDAY - timedelta(days=7 * back - one % 5)
            after = minutes if back == 0 else 30 + one
            made = story(f"{day} 09:00", number=number).answer(f"{day} {9 + after // 60:02}:{after % 60:02}")
            yield made.close(f"{day} 16:00").ticket


def test_three_times_as_many_arrivals_are_claimed() -> None:
    one = trends(desk(last=30), frame(week("2026-W48", ZONE), hours=OFFICE, targets={}, now=NOW), FIGURES)
    arrivals = one["arrivals"]
    assert (arrivals.value, arrivals.median, arrivals.usual) == (30, 6, (6, 6))
    assert arrivals.change is not None and arrivals.change.says == "rose"
    assert arrivals.change.estimate == pytest.approx(5, abs=0.1)
    assert one["one_touch"].change is not None and one["one_touch"].change.says == "no clear change"


def test_five_days_of_times_are_too_few_and_nothing_is_claimed_of_the_backlog() -> None:
    one = trends(desk(last=6, minutes=300), frame(week("2026-W48", ZONE), hours=OFFICE, targets={}, now=NOW), FIGURES)
    times = one["first_response"]
    assert times.value == 300
    assert times.usual == (32.5, 32.5)
    assert times.change is not None and times.change.says == "too few"
    assert one["backlog"].change is None and one["net"].change is None


def test_weeks_before_the_first_ticket_are_no_weeks_without_tickets() -> None:
    asked = frame(week("2026-W48", ZONE), hours=OFFICE, targets={}, now=NOW)
    young = trends(desk(last=30, weeks=5), asked, FIGURES)["arrivals"]
    assert young.change is not None and young.change.says == "too few"


def test_a_week_that_is_not_over_claims_nothing() -> None:
    asked = frame(week("2026-W49", ZONE), hours=OFFICE, targets={}, now=NOW)
    assert trends(desk(last=30), asked, FIGURES)["arrivals"].change is None
