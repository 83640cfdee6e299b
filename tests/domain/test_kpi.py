"""Every figure on small histories, with the value worked out on paper in the comment beside it.

The office is open Monday to Friday, 08:00–17:00 (9 h); 24 December is closed. In 2026 the clocks go forward in the
night to Sunday 29 March and back in the night to Sunday 25 October.
"""

from datetime import timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest

from tests.domain.histories import OFFICE, Story, at, h, story
from ticketctl.domain.reports.figures import Figures, figures
from ticketctl.domain.reports.periods import Window, days, month, week
from ticketctl.domain.reports.statistics import Rate
from ticketctl.domain.settings.settings import Duration, Target
from ticketctl.domain.ticket.timeline import as_of

ZONE = ZoneInfo("Europe/Stockholm")
TARGETS = {
    "medium": Target(first_response=Duration(minutes=240), next_response=Duration(days=1), resolution=Duration(days=3))
}
YEAR = days(at("2026-01-01 12:00").date(), at("2026-12-31 12:00").date(), ZONE)
LATER = "2027-06-01 12:00"


def of(*stories: Story, window: Window = YEAR, now: str = LATER) -> Figures:
    tickets = [told.ticket for told in stories]
    if len({ticket.number for ticket in tickets}) < len(tickets):  # no two on a desk have the same
        tickets = [msgspec.structs.replace(ticket, number=100 + at) for at, ticket in enumerate(tickets)]
    return figures(tickets, window, hours=OFFICE, targets=TARGETS, now=at(now))


# --- first response ---


@pytest.mark.parametrize(
    ("told", "calendar", "business"),
    [
        # Tuesday 09:00 → 11:30
        (story("2026-11-17 09:00").answer("2026-11-17 11:30"), h(2.5), h(2.5)),
        # a weekend: Friday 16:00 → Monday 09:00: 65 h; 1 h + 1 h
        (story("2026-11-20 16:00").answer("2026-11-23 09:00"), h(65), h(2)),
        # a closed day: Wednesday 23 December 16:00 → Friday 25th 09:00: 41 h; 1 h + 1 h
        (story("2026-12-23 16:00").answer("2026-12-25 09:00"), h(41), h(2)),
        # clocks forward: Friday 27 March 16:00 → Monday 30th 09:00 is 64 h by the sun; 2 h of office
        (story("2026-03-27 16:00").answer("2026-03-30 09:00"), h(64), h(2)),
        # clocks back: Friday 23 October 16:00 → Monday 26th 09:00 is 66 h; 2 h
        (story("2026-10-23 16:00").answer("2026-10-26 09:00"), h(66), h(2)),
        # a bounce: the reply of 10:00 came back, that of 15:00 counts: 6 h
        (
            story("2026-11-17 09:00")
            .answer("2026-11-17 10:00")
            .bounced("2026-11-17 10:01", "m2")
            .answer("2026-11-17 15:00"),
            h(6),
            h(6),
        ),
        # an auto-reply, a note and a failed reply stop nothing: 14:00 − 09:00
        (
            story("2026-11-17 09:00")
            .answer("2026-11-17 09:01", automatic=True)
            .note("2026-11-17 10:00")
            .answer("2026-11-17 11:00", delivery="failed")
            .answer("2026-11-17 14:00"),
            h(5),
            h(5),
        ),
        # waiting for the customer does not pause it: 09:00 → 16:00
        (story("2026-11-17 09:00").wait("2026-11-17 10:00").answer("2026-11-17 16:00"), h(7), h(7)),
        # it counts when the server took it, not when it was written: 09:00 → 12:00
        (story("2026-11-17 09:00").answer("2026-11-17 11:00", sent="2026-11-17 12:00"), h(3), h(3)),
        # a merge: the source's customer had written at 08:00; answered at 12:00
        (
            story("2026-11-17 10:00")
            .do("2026-11-17 11:00", "absorb", story("2026-11-17 08:00", number=2).ticket)
            .answer("2026-11-17 12:00"),
            h(4),
            h(4),
        ),
        # closed by mistake, reopened, then answered: 09:00 → 13:00
        (
            story("2026-11-17 09:00")
            .close("2026-11-17 10:00")
            .do("2026-11-17 10:05", "reopen")
            .answer("2026-11-17 13:00"),
            h(4),
            h(4),
        ),
    ],
)
def test_first_response(told: Story, calendar: timedelta, business: timedelta) -> None:
    times = of(told).first_response
    assert (times.calendar.n, times.calendar.median, times.business.median) == (1, calendar, business)
    assert times.calendar.few and not times.provisional


def test_first_response_is_of_those_that_arrived_in_the_window() -> None:
    sunday = story("2026-11-15 23:59").answer("2026-11-16 09:00")
    monday = story("2026-11-16 00:00").answer("2026-11-30 09:00")
    times = of(sunday, monday, window=week("2026-W47", ZONE)).first_response
    assert (times.calendar.n, times.calendar.median) == (1, h(14 * 24 + 9))


def test_first_response_leaves_out_what_the_team_began() -> None:
    call = story("2026-11-17 09:00", channel="phone").answer("2026-11-17 11:00")
    ours = Story("2026-11-17 09:00").answer("2026-11-17 09:00").customer("2026-11-17 10:00").answer("2026-11-17 12:00")
    assert of(call, ours).first_response.calendar.n == 0


def test_first_response_is_provisional_while_one_is_unanswered() -> None:
    assert of(story("2026-11-17 09:00"), now="2026-11-18 09:00").first_response.provisional


def test_median_and_90th_percentile_of_ten() -> None:
    # Answered after 1, 2 … 8 and twice 9 h: the two middle ones are 5 and 6; nine of ten do not exceed 9.
    stories = [story("2026-11-17 08:00", number=n).answer(f"2026-11-17 {8 + min(n, 9):02}:00") for n in range(1, 11)]
    times = of(*stories).first_response
    assert (times.calendar.n, times.calendar.median, times.calendar.p90) == (10, h(5.5), h(9))
    assert not times.calendar.few


# --- unanswered ---


@pytest.mark.parametrize(
    ("told", "count"),
    [
        (story("2026-11-17 09:00"), 1),
        (story("2026-11-17 09:00").answer("2026-11-17 09:01", automatic=True), 1),
        (story("2026-11-17 09:00").answer("2026-11-17 10:00").bounced("2026-11-17 10:01", "m2"), 1),
        (story("2026-11-17 09:00").answer("2026-11-17 10:00", delivery="failed"), 1),
        (story("2026-11-17 09:00").answer("2026-11-17 10:00"), 0),
        (story("2026-11-17 09:00").close("2026-11-17 10:00"), 0),
        (story("2026-11-17 09:00", channel="phone"), 0),
        (Story("2026-11-17 09:00").machine("2026-11-17 09:00"), 0),
        (story("2026-11-17 09:00").do("2026-11-17 10:00", "join", 9), 0),
        (story("2026-11-17 09:00").answer("2026-12-17 09:00"), 1),  # not yet at the instant
        (story("2026-11-17 09:00").answer("2026-11-19 08:59", sent="2026-11-19 09:01").note("2026-11-20 09:00"), 1),
    ],
)
def test_unanswered(told: Story, count: int) -> None:
    awaiting = of(told, now="2026-11-19 09:00").unanswered
    assert awaiting.count == count
    assert awaiting.age == (h(48) if count else timedelta())


@pytest.mark.parametrize(("now", "count"), [("2026-11-17 12:00", 0), ("2026-11-18 08:59", 0), ("2026-11-18 09:00", 1)])
def test_a_reply_that_came_back_was_an_answer_until_then(now: str, count: int) -> None:
    """Looked at a month later, too: a report of last week does not change because of a bounce of today."""
    told = story("2026-11-17 09:00").answer("2026-11-17 10:00", delivery="queued").delivered("2026-11-17 10:00", "m2")
    came_back = told.bounced("2026-11-18 09:00", "m2")
    assert as_of(came_back.ticket, at(now)).messages[1].is_answer == (count == 0)
    assert of(came_back, now=now).unanswered.count == count


def test_a_first_response_that_came_back_runs_from_the_original_start() -> None:
    # written Tuesday 09:00, answered 10:00, came back Wednesday 09:00, answered again Wednesday 11:00: 26 h; 9 + 2 h
    told = story("2026-11-17 09:00").answer("2026-11-17 10:00").bounced("2026-11-18 09:00", "m2")
    assert of(told, now="2026-11-18 10:00").first_response.calendar.n == 0
    again = told.answer("2026-11-18 11:00")
    assert of(again).first_response.calendar.median == h(26)
    assert of(again).first_response.business.median == h(11)
    assert of(again).kept["first_response"] == Rate(0, 1)


def test_unanswered_names_the_oldest() -> None:
    awaiting = of(
        story("2026-11-17 09:00", number=7), story("2026-11-16 09:00", number=8), now="2026-11-18 09:00"
    ).unanswered
    assert (awaiting.count, awaiting.oldest, awaiting.age) == (2, 8, h(48))


def test_closed_without_any_answer() -> None:
    stories = [
        story("2026-11-17 09:00").close("2026-11-17 10:00"),  # counts
        story("2026-11-17 09:00").answer("2026-11-17 09:01", automatic=True).close("2026-11-17 10:00"),  # counts
        story("2026-11-17 09:00")
        .answer("2026-11-17 09:30")
        .bounced("2026-11-17 09:31", "m2")
        .close("2026-11-18 10:00"),
        story("2026-11-17 09:00").answer("2026-11-17 09:30").close("2026-11-17 10:00"),
        story("2026-11-17 09:00", channel="phone").close("2026-11-17 10:00"),  # answered on the telephone
        story("2026-11-17 09:00").close("2026-11-17 10:00").do("2026-11-17 10:01", "reopen"),  # not closed any more
        story("2026-11-17 09:00").do("2026-11-17 10:00", "mark_spam"),
    ]
    assert of(*stories).closed_unanswered == 3


# --- resolution ---


@pytest.mark.parametrize(
    ("told", "first", "last", "waited"),
    [
        # Tuesday 09:00 → 15:00
        (story("2026-11-17 09:00").close("2026-11-17 15:00"), (h(6), h(6)), (h(6), h(6)), (h(0), h(0))),
        # over a weekend: Friday 16:00 → Monday 10:00: 66 h; 1 + 2
        (story("2026-11-20 16:00").close("2026-11-23 10:00"), (h(66), h(3)), (h(66), h(3)), (h(0), h(0))),
        # over the closed 24th: Wednesday 16:00 → Friday 10:00: 42 h; 1 + 2
        (story("2026-12-23 16:00").close("2026-12-25 10:00"), (h(42), h(3)), (h(42), h(3)), (h(0), h(0))),
        # clocks forward: Saturday noon → Monday 10:00: 45 h; 2
        (story("2026-03-28 12:00").close("2026-03-30 10:00"), (h(45), h(2)), (h(45), h(2)), (h(0), h(0))),
        # clocks back: Saturday noon → Monday 10:00: 47 h; 2
        (story("2026-10-24 12:00").close("2026-10-26 10:00"), (h(47), h(2)), (h(47), h(2)), (h(0), h(0))),
        # closed Tuesday 12:00, back on Wednesday 09:00, closed 11:00: 3 h; 26 h, of them 8 + 3 in the office
        (
            story("2026-11-17 09:00").close("2026-11-17 12:00").customer("2026-11-18 09:00").close("2026-11-18 11:00"),
            (h(3), h(3)),
            (h(26), h(11)),
            (h(0), h(0)),
        ),
        # waiting is not subtracted, but shown: Tuesday 09:00 → Thursday 09:00, waited Tuesday 10:00 → Wednesday 10:00
        (
            story("2026-11-17 09:00")
            .answer("2026-11-17 10:00")
            .wait("2026-11-17 10:00")
            .customer("2026-11-18 10:00")
            .close("2026-11-19 09:00"),
            (h(48), h(18)),
            (h(48), h(18)),
            (h(24), h(9)),
        ),
        # a merge keeps the earliest start: 08:00 → 12:00
        (
            story("2026-11-17 10:00")
            .do("2026-11-17 11:00", "absorb", story("2026-11-17 08:00", number=2).ticket)
            .close("2026-11-17 12:00"),
            (h(4), h(4)),
            (h(4), h(4)),
            (h(0), h(0)),
        ),
        # a bounce neither reopens nor counts: 09:00 → 12:00
        (
            story("2026-11-17 09:00")
            .answer("2026-11-17 11:00")
            .close("2026-11-17 12:00")
            .bounced("2026-11-17 12:05", "m2")
            .machine("2026-11-17 12:05"),
            (h(3), h(3)),
            (h(3), h(3)),
            (h(0), h(0)),
        ),
    ],
)
def test_resolution(told: Story, first, last, waited) -> None:
    found = of(told)
    assert (found.resolution_first.calendar.median, found.resolution_first.business.median) == first
    assert (found.resolution_last.calendar.median, found.resolution_last.business.median) == last
    assert (found.waiting.calendar.median, found.waiting.business.median) == waited


def test_resolution_is_of_those_that_were_closed_in_the_window() -> None:
    told = story("2026-11-10 09:00").close("2026-11-13 09:00").customer("2026-11-18 09:00").close("2026-11-19 09:00")
    assert of(told, window=week("2026-W46", ZONE)).resolution_first.calendar.n == 1
    assert of(told, window=week("2026-W46", ZONE)).resolution_last.calendar.median == h(3 * 24), "as it stood then"
    assert of(told, window=week("2026-W47", ZONE)).resolution_first.calendar.n == 0
    assert of(told, window=week("2026-W47", ZONE)).resolution_last.calendar.median == h(9 * 24)


def test_automatic_closes_are_counted_apart() -> None:
    swept = story("2026-11-17 09:00").answer("2026-11-17 10:00").close("2026-11-30 09:00", actor="system")
    found = of(swept, story("2026-11-17 09:00").close("2026-11-17 10:00"))
    assert (found.automatic_closes, found.resolution_last.calendar.n, found.waiting.calendar.n) == (1, 1, 1)


# --- reopening ---

CLOSED = "2026-11-02 10:00"  # a Monday


@pytest.mark.parametrize(
    ("after", "reopened"),
    [
        (lambda told: told.customer("2026-11-02 10:05"), 1),
        (lambda told: told.customer("2026-11-16 23:59"), 1),  # the 14th day
        (lambda told: told.customer("2026-11-17 00:00"), 0),  # the 15th
        (lambda told: told.customer("2026-11-03 09:00", thanks=True), 0),
        (lambda told: told.machine("2026-11-03 09:00"), 0),  # an auto-reply or a bounce
        (lambda told: told.do("2026-11-02 11:01", "reopen"), 0),  # opened again by hand
        (lambda told: told.do("2026-11-03 09:00", "absorb", story("2026-11-03 08:00", number=2).ticket), 0),
        (lambda told: told.customer("2026-11-03 09:00").close("2026-11-03 10:00").customer("2026-11-04 09:00"), 1),
        (lambda told: told, 0),
    ],
)
def test_reopen_rate(after, reopened: int) -> None:
    told = after(story("2026-11-02 09:00").close(CLOSED))
    assert of(told, window=week("2026-W45", ZONE)).reopened == Rate(reopened, 1, False)


def test_reopen_rate_over_a_clock_change() -> None:
    # Closed on Monday 19 October; Monday 2 November is the 14th day, though an hour further away.
    told = story("2026-10-19 09:00").close("2026-10-19 10:00").customer("2026-11-02 23:30")
    assert of(told, window=week("2026-W43", ZONE)).reopened.part == 1
    # Closed on Monday 23 March, back on Monday 6 April.
    told = story("2026-03-23 09:00").close("2026-03-23 10:00").customer("2026-04-06 23:30")
    assert of(told, window=week("2026-W13", ZONE)).reopened.part == 1


def test_reopen_rate_is_provisional_until_every_close_is_14_days_old() -> None:
    told = story("2026-11-02 09:00").close(CLOSED)  # Monday the 2nd; the 14th day after is Monday the 16th
    assert of(told, window=week("2026-W45", ZONE), now="2026-11-16 23:59").reopened.provisional
    assert not of(told, window=week("2026-W45", ZONE), now="2026-11-17 00:00").reopened.provisional


# --- targets ---


def test_kept_counts_what_fell_due_in_the_window_and_open_overdue_ones_as_broken() -> None:
    stories = [
        story("2026-11-16 08:00", number=1).answer("2026-11-16 11:00"),  # due 12:00: met; resolution due Thursday: open
        story("2026-11-16 08:00", number=2).answer("2026-11-16 13:00").close("2026-11-16 14:00"),  # breached; met
        story("2026-11-16 08:00", number=3),  # open and overdue: breached, twice
        story("2026-11-13 16:00", number=4).answer("2026-11-16 10:00").close("2026-11-16 10:00"),  # due Mon 11:00: met,
        # resolution due Wednesday 16:00: met
        story("2026-11-20 16:00", number=5),  # due Monday the 23rd: not of this week
        story("2026-11-12 16:00", number=6).answer("2026-11-12 16:30").close("2026-11-12 17:00"),
        # due on the 13th: not of this week; resolution due Tuesday the 17th: met
    ]
    kept = of(*stories, window=week("2026-W47", ZONE), now="2026-11-23 07:00").kept
    assert kept["first_response"] == Rate(2, 4)
    assert kept["resolution"] == Rate(3, 5)
    assert kept["next_response"] == Rate(0, 0)


def test_kept_leaves_out_what_is_not_due_yet() -> None:
    told = story("2026-11-16 08:00").answer("2026-11-16 09:00").customer("2026-11-16 10:00")
    kept = of(told, window=week("2026-W47", ZONE), now="2026-11-16 13:00").kept
    assert kept["first_response"] == Rate(1, 1, True)
    assert kept["next_response"] == Rate(0, 0, True)  # due on Tuesday
    assert kept["resolution"] == Rate(0, 0, True)


@pytest.mark.parametrize(
    ("told", "met"),
    [
        (story("2026-11-20 16:00").answer("2026-11-23 11:00"), 1),  # a weekend: 1 h + 3 h
        (story("2026-11-20 16:00").answer("2026-11-23 11:01"), 0),
        (story("2026-12-23 16:00").answer("2026-12-25 11:00"), 1),  # a closed day
        (story("2026-03-27 16:00").answer("2026-03-30 11:00"), 1),  # clocks forward
        (story("2026-10-23 16:00").answer("2026-10-26 11:00"), 1),  # clocks back
        (story("2026-11-16 08:00").answer("2026-11-16 09:00").bounced("2026-11-16 09:01", "m2"), 0),  # a bounce
        (
            story("2026-11-16 11:00")
            .do("2026-11-16 12:00", "absorb", story("2026-11-16 08:00", number=2).ticket)
            .answer("2026-11-16 12:30"),
            0,
        ),  # a merge: due at 12:00, not 15:00
    ],
)
def test_kept_first_response(told: Story, met: int) -> None:
    assert of(told).kept["first_response"] == Rate(met, 1)


# --- flow, stock, workload ---


def test_flow_by_channel_and_day() -> None:
    stories = [
        story("2026-11-16 00:00", number=1).close("2026-11-16 09:00"),
        story("2026-11-15 23:59", number=2).close("2026-11-18 09:00"),  # arrived the week before
        story("2026-11-18 09:00", number=3, channel="phone")
        .close("2026-11-18 10:00")
        .customer("2026-11-18 11:00")
        .close("2026-11-22 23:59"),  # closed twice
        story("2026-11-22 23:59", number=4, channel="form"),
        story("2026-11-17 09:00", number=5).do("2026-11-17 09:01", "mark_spam"),
        story("2026-11-17 09:00", number=6).do("2026-11-17 09:01", "join", 1),
        Story("2026-11-17 09:00", number=7).machine("2026-11-17 09:00"),
    ]
    flow = of(*stories, window=week("2026-W47", ZONE)).flow
    assert flow.arrivals == {"email": 1, "phone": 1, "form": 1}
    assert (flow.total, flow.closes, flow.net, flow.reopened) == (3, 4, -1, 1)
    assert [(step.arrivals, step.closes) for step in flow.steps] == [
        (1, 1),
        (0, 0),
        (1, 2),
        (0, 0),
        (0, 0),
        (0, 0),
        (1, 1),
    ]


@pytest.mark.parametrize(
    ("told", "arrivals"),
    [
        (story("2026-10-25 02:30"), 1),  # in the hour that comes twice
        (story("2026-03-29 03:00"), 1),  # just after the one that is skipped
        (story("2026-12-24 09:00"), 1),  # on a closed day
        (story("2026-11-21 09:00"), 1),  # at a weekend
        (story("2026-11-17 09:00").close("2026-11-17 10:00").customer("2026-11-18 09:00"), 1),  # reopened is not new
        (story("2026-11-17 09:00").do("2026-11-17 10:00", "absorb", story("2025-12-31 09:00", number=2).ticket), 0),
    ],
)
def test_an_arrival_is_the_first_customer_message(told: Story, arrivals: int) -> None:
    assert of(told).flow.total == sum(step.arrivals for step in of(told).flow.steps) == arrivals


def test_backlog_at_the_end_of_the_window_by_age_and_by_whom_it_waits_for() -> None:
    # At midnight between Sunday the 22nd and Monday the 23rd:
    stories = [
        story("2026-11-22 00:30", number=1),  # 23.5 h: under a day, on us
        story("2026-11-22 00:00", number=2),  # exactly a day
        story("2026-11-19 12:00", number=3).wait("2026-11-20 09:00"),  # 3.5 days, on the customer
        story("2026-11-01 12:00", number=4).close("2026-11-02 09:00").customer("2026-11-22 12:00"),  # reopened: 21 d
        story("2026-10-23 23:00", number=5),  # 30 days and 2 hours (the clocks went back)
        story("2026-11-18 12:00", number=6).close("2026-11-23 00:00"),  # closed at that very instant: gone
        story("2026-11-18 12:00", number=7).close("2026-11-24 09:00"),  # closed after it: 4.5 days, on us
        story("2026-11-18 12:00", number=8).do("2026-11-19 09:00", "join", 1),
        story("2026-11-23 00:30", number=9),  # not there yet
    ]
    backlog = of(*stories, window=week("2026-W47", ZONE), now=LATER).backlog
    assert backlog.on_us == (1, 1, 1, 1, 1)
    assert backlog.on_customer == (0, 0, 1, 0, 0)
    assert backlog.total == 6


def test_workload_per_owner_unowned_first() -> None:
    stories = [
        story("2026-11-16 09:00", number=1),  # overdue, nobody's
        story("2026-11-16 09:00", number=2).do("2026-11-16 09:05", "assign", "alice").answer("2026-11-16 09:30"),
        # alice's; answered, but its resolution was due on Thursday: overdue
        story("2026-11-20 16:00", number=3)
        .do("2026-11-20 16:05", "assign", "alice")
        .answer("2026-11-20 16:30")
        .wait("2026-11-20 16:30"),
        story("2026-11-19 09:00", number=4)
        .do("2026-11-19 09:05", "assign", "bo")
        .do("2026-11-24 09:00", "assign", "alice"),  # at the instant still bo's
        story("2026-11-10 09:00", number=5).answer("2026-11-12 09:00").close("2026-11-12 09:00"),  # the week before
    ]
    unowned, alice, bo = of(*stories, window=week("2026-W47", ZONE), now=LATER).workload
    assert (unowned.owner, unowned.open, unowned.overdue, unowned.on_us) == ("", 1, 1, 1)
    assert unowned.oldest == h(6 * 24 + 15)
    assert (alice.open, alice.overdue, alice.on_us, alice.oldest, alice.replies) == (2, 1, 1, h(6 * 24 + 15), 2)
    assert (bo.open, bo.overdue, bo.replies) == (1, 1, 0)


# --- causes and touches ---


def test_causes_with_coverage() -> None:
    stories = [
        story("2026-11-16 09:00").close("2026-11-16 10:00", cause="leverans"),
        story("2026-11-16 09:00").close("2026-11-16 10:00", cause="betalning"),
        story("2026-11-16 09:00").close("2026-11-16 10:00", cause="leverans"),
        story("2026-11-16 09:00").close("2026-11-16 10:00"),
        story("2026-11-16 09:00").close("2026-11-16 10:00").do("2026-12-16 10:00", "explain", cause="betalning"),
        story("2026-11-16 09:00").close("2026-11-09 10:00", cause="handhavande"),  # the week before
        story("2026-11-16 09:00").close("2026-11-16 10:00", cause="handhavande").customer("2026-11-17 09:00"),  # back
    ]
    found = of(*stories, window=week("2026-W47", ZONE))
    assert list(found.causes.items()) == [("betalning", 2), ("leverans", 2)]
    assert found.covered == Rate(4, 5)


def test_touches() -> None:
    def touched(number: int, replies: int) -> Story:
        told = story("2026-11-16 09:00", number=number)
        for minute in range(replies):
            told.answer(f"2026-11-16 10:{minute:02}")
        return told.close("2026-11-16 11:00")

    bounced = (
        story("2026-11-16 09:00").answer("2026-11-16 10:00").bounced("2026-11-16 10:01", "m2").close("2026-11-16 11:00")
    )
    found = of(touched(1, 0), touched(2, 1), touched(3, 1), touched(4, 3), bounced)
    assert found.touches == {0: 2, 1: 2, 3: 1}
    assert found.one_touch == Rate(2, 5)


def test_an_empty_desk() -> None:
    found = of(window=month("2026-11", ZONE))
    assert found.first_response.calendar.n == 0 and found.first_response.calendar.median is None
    assert (found.reopened, found.covered, found.backlog.total, found.workload) == (Rate(), Rate(), 0, ())
