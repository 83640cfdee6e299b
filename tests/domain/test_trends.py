"""A week's figures against those of the twelve weeks before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

import pytest

from tests.domain.histories import OFFICE, ZONE, at, story
from ticketctl.domain.reports.cases import Frame, frame
from ticketctl.domain.reports.periods import week
from ticketctl.domain.reports.trends import Trend, TrendTally, weeks_a_year_ago
from ticketctl.domain.ticket.ticket import Ticket

NOW = at("2026-12-01 08:00")
MONDAY = date(2026, 11, 23)  # of the week that is looked at, 2026-W48
FIGURES = ("arrivals", "first_response", "backlog", "net", "one_touch")


def trends(
    tickets: Iterable[Ticket], asked: Frame, figures: Sequence[str], year_ago: Iterable[Ticket] | None = None
) -> dict[str, Trend]:
    tally = TrendTally(asked, figures)
    for _ in tally.passing(tickets):
        pass
    if year_ago is not None:
        tally.add_year_ago(year_ago)
    return tally.trends()


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


# --- a year ago ---


def a_year_ago(each: int, weeks: int = 5, hour: int = 10) -> Iterator[Ticket]:
    """`each` in every one of the weeks W46 to W50 of 2025, or in the first of them, answered the same day."""
    for back in range(weeks):
        for one in range(each):
            day = date(2025, 11, 10) + timedelta(days=7 * back + one % 5)
            made = story(f"{day} 09:00", number=9000 + 100 * back + one).answer(f"{day} {hour:02}:00")
            yield made.close(f"{day} 16:00").ticket


ASKED = frame(week("2026-W48", ZONE), hours=OFFICE, targets={}, now=NOW)


@pytest.mark.parametrize(
    ("monday", "first"),
    [
        (date(2026, 11, 23), date(2025, 11, 10)),  # W48: W46 of 2025
        (date(2026, 12, 28), date(2025, 12, 8)),  # W53, which 2025 has not: W50 to W2, round W52
        (date(2027, 1, 4), date(2025, 12, 15)),  # W1: W51 to W3
    ],
)
def test_the_weeks_around_the_same_one_a_year_ago(monday: date, first: date) -> None:
    name = f"{monday:%G-W%V}"
    windows = [one.window for one in weeks_a_year_ago(frame(week(name, ZONE), hours=OFFICE, targets={}, now=NOW))]
    assert [one.first for one in windows] == [first + timedelta(days=7 * step) for step in range(5)]


def test_three_times_as_many_as_a_year_ago_are_claimed() -> None:
    """As many as in the weeks before: of that nothing is claimed."""
    then = trends(desk(last=6), ASKED, FIGURES, a_year_ago(2))["arrivals"].year_ago
    assert then is not None and then.change is not None
    assert (then.first, then.last, then.usual) == (date(2025, 11, 10), date(2025, 12, 14), (2, 2))
    assert (then.change.before, then.change.says) == (10, "too few")
    found = trends(desk(last=30, weeks=12), ASKED, FIGURES, a_year_ago(6))["arrivals"]
    assert found.year_ago is not None and found.year_ago.change is not None
    assert (found.year_ago.usual, found.year_ago.change.says) == ((6, 6), "rose")


def test_below_twelve_cases_a_year_ago_nothing_is_said() -> None:
    """Twelve in five weeks are enough for a count, eleven are not."""
    for count, says in ((11, "too few"), (12, "no clear change")):
        found = trends(desk(last=2), ASKED, FIGURES, a_year_ago(count, weeks=1))["arrivals"].year_ago
        assert found is not None and found.change is not None and found.change.says == says


def test_without_twelve_weeks_before_nothing_is_said_of_a_count() -> None:
    """How much weeks vary is told from those before, too. A desk that was there a year ago has them."""
    young = TrendTally(ASKED, FIGURES)
    for _ in young.passing(desk(last=30, weeks=3)):
        pass
    assert all(one.year_ago is None for one in young.trends().values())


def test_times_of_a_year_ago_want_six_days() -> None:
    found = trends(desk(last=30), ASKED, FIGURES, a_year_ago(6))["first_response"].year_ago
    assert found is not None and found.change is not None
    assert (found.usual, found.change.says) == ((60, 60), "too few")  # Monday to Friday: five days


def test_what_is_claimed_is_decided_over_both_comparisons_together() -> None:
    """A probability of .02 is enough for one of two comparisons, not for one of three."""
    alone = trends(desk(last=13), ASKED, ("arrivals",))["arrivals"].change
    both = trends(desk(last=13), ASKED, FIGURES, a_year_ago(14))["arrivals"].change
    assert alone is not None and both is not None and alone.p == both.p
    assert 0.01 < alone.p < 0.05
    assert (alone.says, both.says) == ("rose", "no clear change")
