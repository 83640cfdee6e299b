"""Deadlines of small histories, worked out on paper. The office is open Monday to Friday, 08:00–17:00: nine hours."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.histories import OFFICE, ZONE, Story, at, story
from ticketctl.domain.deadlines.deadlines import Deadline, deadlines
from ticketctl.domain.deadlines.due import next_due_at, overdue
from ticketctl.domain.settings.settings import Duration, Hours, Target
from ticketctl.domain.ticket.ticket import Ticket

HOUR = 60
TARGETS = {
    "high": Target(
        first_response=Duration(minutes=HOUR), next_response=Duration(minutes=2 * HOUR), resolution=Duration(days=1)
    ),
    "medium": Target(
        first_response=Duration(minutes=4 * HOUR), next_response=Duration(days=1), resolution=Duration(days=3)
    ),
}


def of(ticket: Ticket, kind: str, now: str) -> Deadline | None:
    found = [one for one in deadlines(ticket, TARGETS, OFFICE, at(now)) if one.kind == kind]
    assert len(found) <= 1
    return found[0] if found else None


def test_a_first_response_runs_over_the_weekend() -> None:
    # Friday 15:00 + 4 h: 2 h on Friday, 2 h on Monday. Monday 09:00 is 3 of 4 hours.
    deadline = of(story("2026-11-20 15:00").ticket, "first_response", "2026-11-23 09:00")
    assert (deadline.due_at, deadline.used, deadline.state) == (at("2026-11-23 10:00"), 0.75, "pending")


def test_it_is_due_at_the_instant_and_overdue_after_it() -> None:
    ticket = story("2026-11-20 15:00").ticket
    assert of(ticket, "first_response", "2026-11-23 10:00").state == "pending"
    assert overdue(ticket, TARGETS, OFFICE, at("2026-11-23 10:00")) == ()
    assert of(ticket, "first_response", "2026-11-23 10:01").state == "breached"
    assert [one.kind for one in overdue(ticket, TARGETS, OFFICE, at("2026-11-23 10:01"))] == ["first_response"]


@pytest.mark.parametrize(
    ("told", "state"),
    [
        (lambda told: told.answer("2026-11-23 09:59"), "met"),
        (lambda told: told.answer("2026-11-23 09:59", sent="2026-11-23 10:05"), "breached"),  # left too late
        (lambda told: told.answer("2026-11-20 15:01", automatic=True), "pending"),
        (lambda told: told.note("2026-11-20 15:01"), "pending"),
        (lambda told: told.answer("2026-11-20 15:01", delivery="draft"), "pending"),
        (lambda told: told.answer("2026-11-20 15:01", delivery="failed"), "pending"),
        (lambda told: told.answer("2026-11-20 15:01").bounced("2026-11-20 15:02", "m2"), "pending"),
        (lambda told: told.machine("2026-11-20 15:01"), "pending"),
        (lambda told: told.wait("2026-11-20 15:01"), "pending"),
    ],
)
def test_only_a_delivered_reply_by_a_person_is_a_first_response(told, state) -> None:
    ticket = told(story("2026-11-20 15:00")).ticket
    deadline = of(ticket, "first_response", "2026-11-23 10:00")
    assert (deadline.due_at, deadline.state) == (at("2026-11-23 10:00"), state)


def test_a_reply_that_came_back_makes_the_promise_a_new_occasion() -> None:
    """From the original start: due Monday 10:00 as before; but its escalation steps, which had run, run again."""
    told = story("2026-11-20 15:00").answer("2026-11-20 16:00")
    assert of(told.ticket, "first_response", "2026-11-23 10:00").state == "met"
    came_back = told.bounced("2026-11-23 09:00", "m2").ticket
    deadline = of(came_back, "first_response", "2026-11-23 10:01")
    assert (deadline.due_at, deadline.state) == (at("2026-11-23 10:00"), "breached")
    assert deadline.occasion == "first_response (m2 came back)"
    again = told.answer("2026-11-23 11:00").bounced("2026-11-24 09:00", "m3").ticket
    assert of(again, "first_response", "2026-11-24 10:00").occasion == "first_response (m3 came back)"


def test_a_next_response_that_came_back_is_asked_for_again() -> None:
    told = story("2026-11-16 09:00").answer("2026-11-16 10:00").customer("2026-11-17 09:00").answer("2026-11-17 10:00")
    came_back = told.bounced("2026-11-17 11:00", "m4").ticket
    found = {one.occasion: one.running for one in deadlines(came_back, TARGETS, OFFICE, at("2026-11-17 12:00"))}
    assert found == {"first_response": False, "next_response m3 (m4 came back)": True, "resolution": True}


def test_waiting_pauses_the_resolution_only() -> None:
    # From Monday 09:00, three days are 27 h. Waiting from Monday 12:00 to Wednesday 12:00 (18 h of office time): due on
    # Thursday 09:00 + two opening days = Monday 09:00.
    told = story("2026-11-16 09:00").wait("2026-11-16 12:00").customer("2026-11-18 12:00")
    deadline = of(told.ticket, "resolution", "2026-11-18 12:00")
    assert (deadline.due_at, deadline.used) == (at("2026-11-23 09:00"), round(3 / 27, 4))
    assert of(told.ticket, "first_response", "2026-11-18 12:00").due_at == at("2026-11-16 13:00")


def test_while_it_waits_the_share_stands_still_and_nothing_is_overdue() -> None:
    ticket = story("2026-11-16 09:00").answer("2026-11-16 10:00").wait("2026-11-16 12:00").ticket
    deadline = of(ticket, "resolution", "2026-12-16 12:00")
    assert (deadline.used, deadline.state, deadline.paused) == (round(3 / 27, 4), "pending", True)
    assert overdue(ticket, TARGETS, OFFICE, at("2026-12-16 12:00")) == ()


def test_a_breach_before_the_wait_stays_one() -> None:
    ticket = story("2026-11-16 09:00").answer("2026-11-16 10:00").wait("2026-11-20 12:00").ticket
    deadline = of(ticket, "resolution", "2026-11-30 12:00")
    assert (deadline.due_at, deadline.state) == (at("2026-11-19 09:00"), "breached")


def test_a_change_of_priority_recomputes_from_the_start_with_its_pauses() -> None:
    # Three hours on Monday, then a wait until Wednesday 12:00, then high: one day is 9 h, 6 h left on Wednesday from
    # 12:00: 5 h until closing, 1 h on Thursday.
    told = story("2026-11-16 09:00").answer("2026-11-16 10:00").wait("2026-11-16 12:00").customer("2026-11-18 12:00")
    told.do("2026-11-18 12:05", "prioritise", "high")
    assert of(told.ticket, "resolution", "2026-11-18 12:10").due_at == at("2026-11-19 09:00")
    # The first response had been given under medium, and stays kept.
    assert of(told.ticket, "first_response", "2026-11-18 12:10").state == "met"


def test_a_promise_under_a_raised_priority_may_be_broken_at_once() -> None:
    told = story("2026-11-16 09:00").do("2026-11-16 11:00", "prioritise", "high")
    deadline = of(told.ticket, "first_response", "2026-11-16 11:00")
    assert (deadline.due_at, deadline.state) == (at("2026-11-16 10:00"), "breached")


@pytest.mark.parametrize("priority", ["high", "low"])
def test_a_promise_that_is_broken_stays_so_whatever_the_priority_becomes(priority: str) -> None:
    # Due on Monday 13:00 under medium; changed at 15:00. Low promises nothing here, high would have been due at 10:00.
    told = story("2026-11-16 09:00").do("2026-11-16 15:00", "prioritise", priority)
    deadline = of(told.ticket, "first_response", "2026-11-17 12:00")
    assert (deadline.due_at, deadline.state) == (at("2026-11-16 13:00"), "breached")


def test_a_promise_that_is_not_due_yet_goes_with_its_priority() -> None:
    told = story("2026-11-16 09:00").do("2026-11-16 12:00", "prioritise", "low")
    assert of(told.ticket, "first_response", "2026-11-17 12:00") is None
    told.do("2026-11-16 16:00", "prioritise", "medium")
    assert of(told.ticket, "first_response", "2026-11-17 12:00").due_at == at("2026-11-16 13:00")


def test_the_next_response_counts_from_the_first_message_after_an_answer() -> None:
    told = story("2026-11-16 09:00").answer("2026-11-16 10:00")
    assert of(told.ticket, "next_response", "2026-11-16 11:00") is None
    told.customer("2026-11-17 14:00").customer("2026-11-17 16:00")
    deadline = of(told.ticket, "next_response", "2026-11-18 09:30")
    assert (deadline.started_at, deadline.due_at) == (at("2026-11-17 14:00"), at("2026-11-18 14:00"))
    assert deadline.occasion == "next_response m3"
    told.answer("2026-11-18 13:00")
    assert of(told.ticket, "next_response", "2026-11-30 13:00").state == "met"


def test_an_answer_written_before_the_message_came_does_not_answer_it() -> None:
    told = story("2026-11-16 09:00").answer("2026-11-16 10:00", sent="2026-11-16 11:00").customer("2026-11-16 10:30")
    assert of(told.ticket, "first_response", "2026-11-16 12:00").ended_at == at("2026-11-16 11:00")
    assert of(told.ticket, "next_response", "2026-11-16 12:00").state == "pending"


def test_closing_makes_an_awaited_response_needless_unless_it_was_overdue() -> None:
    told = story("2026-11-16 09:00").answer("2026-11-16 10:00").customer("2026-11-16 14:00").close("2026-11-16 15:00")
    assert of(told.ticket, "next_response", "2026-11-30 12:00") is None
    late = story("2026-11-16 09:00").answer("2026-11-16 10:00").customer("2026-11-16 14:00").close("2026-11-18 15:00")
    assert of(late.ticket, "next_response", "2026-11-30 12:00").state == "breached"
    assert of(story("2026-11-16 09:00").close("2026-11-16 09:30").ticket, "first_response", "2026-11-30 12:00") is None


def test_a_message_after_a_close_begins_anew() -> None:
    # Thanks at 14:00 on the open ticket, closed; three weeks later the customer writes again.
    told = story("2026-11-02 09:00").answer("2026-11-02 10:00").customer("2026-11-02 14:00").close("2026-11-02 15:00")
    told.customer("2026-11-23 09:00")
    deadline = of(told.ticket, "next_response", "2026-11-23 10:00")
    assert (deadline.started_at, deadline.state) == (at("2026-11-23 09:00"), "pending")


def test_a_thank_you_on_a_closed_ticket_asks_for_nothing() -> None:
    told = story("2026-11-02 09:00").answer("2026-11-02 10:00").close("2026-11-02 15:00")
    told.customer("2026-11-02 16:00", thanks=True)
    assert of(told.ticket, "next_response", "2026-11-23 10:00") is None


def test_closed_time_does_not_count_when_it_is_reopened() -> None:
    # Closed after 6 of 27 h, reopened two weeks later at 09:00: 21 h left = 8 h that day, 9, 4 on the third: 12:00.
    told = story("2026-11-02 09:00").answer("2026-11-02 10:00").close("2026-11-02 15:00").customer("2026-11-16 09:00")
    assert of(told.ticket, "resolution", "2026-11-16 09:00").due_at == at("2026-11-18 12:00")
    told.close("2026-11-18 12:00")
    assert of(told.ticket, "resolution", "2026-11-30 12:00").state == "met"


# --- promises of days ---

DAYS = {"medium": Target(first_response=Duration(days=2), resolution=Duration(days=2))}


def in_days(ticket: Ticket, kind: str, now: str) -> Deadline:
    return next(one for one in deadlines(ticket, DAYS, OFFICE, at(now)) if one.kind == kind)


@pytest.mark.parametrize(
    ("began", "due", "just_before"),
    [
        ("2026-11-17 18:00", "2026-11-20 08:00", "2026-11-19 17:00"),  # Tuesday evening: Wednesday and Thursday
        ("2026-11-20 17:00", "2026-11-25 08:00", "2026-11-24 17:00"),  # at closing on Friday: from Monday on
        ("2026-11-21 12:00", "2026-11-25 08:00", "2026-11-25 07:59"),  # Saturday
        ("2026-12-22 20:00", "2026-12-28 08:00", "2026-12-25 17:00"),  # Wednesday, then Friday (the 24th is closed)
        ("2026-03-27 17:30", "2026-04-01 08:00", "2026-03-31 23:00"),  # over the night of summer time
        ("2026-10-23 17:30", "2026-10-28 08:00", "2026-10-27 23:00"),  # and of winter time
    ],
)
def test_a_promise_of_days_made_outside_opening_hours_is_not_used_up_before_it_is_due(
    began: str, due: str, just_before: str
) -> None:
    ticket = story(began).ticket
    before = in_days(ticket, "first_response", just_before)
    assert (before.due_at, before.state, before.used) == (at(due), "pending", 0.99)
    assert in_days(ticket, "first_response", due).used == 1.0
    assert overdue(ticket, DAYS, OFFICE, at(due)) == ()
    assert in_days(story(began).answer(due).ticket, "first_response", "2027-01-01 12:00").state == "met"


@pytest.mark.parametrize(
    ("begin", "end", "due"),
    [
        # Promised on Tuesday at 18:00, two days, Friday 08:00: 18 hours of office.
        ("2026-11-18 12:00", "2026-11-18 12:00", "2026-11-20 08:00"),  # no wait at all
        ("2026-11-18 12:00", "2026-11-18 12:01", "2026-11-20 08:01"),  # a minute
        ("2026-11-18 18:00", "2026-11-19 07:00", "2026-11-20 08:00"),  # a night
        ("2026-11-18 17:00", "2026-11-19 17:00", "2026-11-23 08:00"),  # all of Thursday: Monday
        ("2026-11-19 17:00", "2026-11-19 20:00", "2026-11-20 08:00"),  # the evening before it is due
        ("2026-11-19 17:30", "2026-11-20 12:00", "2026-11-20 12:00"),  # over the instant itself: due when it is back
        ("2026-11-19 17:30", "2026-11-20 18:00", "2026-11-23 08:00"),  # all of Friday
    ],
)
def test_a_pause_never_makes_a_promise_due_earlier(begin: str, end: str, due: str) -> None:
    told = story("2026-11-17 18:00").answer("2026-11-18 09:00").wait(begin).customer(end).answer(end)
    assert in_days(told.ticket, "resolution", end).due_at == at(due)
    assert in_days(told.ticket, "resolution", due).state == "pending"


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from(
        ["2026-10-23 16:00", "2026-10-24 12:00", "2026-03-27 17:00", "2026-12-22 19:30", "2026-11-16 08:00"]
    ),
    st.integers(1, 4),
    st.booleans(),
    st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 3000)), max_size=4),
    st.integers(0, 9000),
)
def test_days_with_any_pauses(start: str, days: int, calendar: bool, waits: list[tuple[int, int]], later: int) -> None:
    """Never due before it would be without pauses, never all used before it is due, always from then on."""
    told, now = story(start), at(start)
    targets = {"medium": Target(resolution=Duration(days=days, calendar=calendar))}

    def due(when: datetime) -> Deadline:
        return next(one for one in deadlines(told.ticket, targets, OFFICE, when) if one.kind == "resolution")

    def move(minutes: int) -> str:
        nonlocal now
        now += minutes * MINUTE
        text = now.astimezone(ZONE).replace(tzinfo=None).isoformat(" ")
        now = max(now, at(text))
        return text

    plain = due(now).due_at
    for pause, length in waits:
        told.wait(move(pause)).customer(move(length))
    now += later * MINUTE
    found = due(now)
    assert found.due_at >= plain
    assert (found.used >= 1.0) == (now >= found.due_at)
    assert (found.state == "breached") == (now > found.due_at)


# --- what the writer of a reply had seen ---


def test_a_reply_answers_only_what_was_here_when_it_was_written() -> None:
    # Arrived Tuesday 10:00, fetched 10:05; the reply of 10:02 knows nothing of it: due Wednesday 10:00.
    told = story("2026-11-16 09:00").answer("2026-11-16 10:00").answer("2026-11-17 10:02")
    told.customer("2026-11-17 10:00", fetched="2026-11-17 10:05")
    deadline = of(told.ticket, "next_response", "2026-11-18 10:01")
    assert (deadline.started_at, deadline.due_at) == (at("2026-11-17 10:00"), at("2026-11-18 10:00"))
    assert deadline.state == "breached" and deadline.running
    told.answer("2026-11-18 11:00")
    assert of(told.ticket, "next_response", "2026-11-19 10:00").ended_at == at("2026-11-18 11:00")


def test_nor_does_a_close_settle_it() -> None:
    told = story("2026-11-16 09:00").answer("2026-11-17 10:02").close("2026-11-17 10:02")
    told.customer("2026-11-17 10:00", fetched="2026-11-17 10:05")
    assert told.ticket.status == "open"
    assert of(told.ticket, "next_response", "2026-11-17 12:00").state == "pending"


def test_what_was_fetched_in_another_order_than_it_came_is_answered_together() -> None:
    told = story("2026-11-16 09:10").customer("2026-11-16 09:00", fetched="2026-11-16 09:20")
    told.answer("2026-11-16 09:30")
    found = deadlines(told.ticket, TARGETS, OFFICE, at("2026-11-16 12:00"))
    first, resolution = found
    assert (first.kind, first.started_at, first.ended_at) == (
        "first_response",
        at("2026-11-16 09:00"),
        at("2026-11-16 09:30"),
    )
    assert resolution.started_at == at("2026-11-16 09:00")


def test_after_a_merge_the_instants_tell_what_the_writer_had_seen() -> None:
    # The source's second mail was fetched at 11:00, after its reply of 10:30; both are here by the merge of 12:00.
    source = story("2026-11-16 10:00", number=2).answer("2026-11-16 10:30")
    source.customer("2026-11-16 10:15", fetched="2026-11-16 11:00")
    told = story("2026-11-16 09:00").answer("2026-11-16 09:30").do("2026-11-16 12:00", "absorb", source.ticket)
    running = [one for one in deadlines(told.ticket, TARGETS, OFFICE, at("2026-11-16 13:00")) if one.running]
    assert [(one.kind, one.started_at) for one in running if one.kind == "next_response"] == [
        ("next_response", at("2026-11-16 10:15"))
    ]


def test_a_reply_written_while_the_clock_had_gone_back_answers_all_the_same() -> None:
    told = story("2026-11-16 10:00").answer("2026-11-16 09:50")
    deadline = of(told.ticket, "first_response", "2026-11-16 12:00")
    assert (deadline.state, deadline.ended_at, deadline.used) == ("met", at("2026-11-16 10:00"), 0)


def test_a_close_without_a_mail_settles_the_first_response_for_good() -> None:
    # Called back and closed at 10:00; the customer writes again on Wednesday: that waits for a next response.
    told = story("2026-11-16 09:00").close("2026-11-16 10:00").customer("2026-11-18 09:00")
    assert of(told.ticket, "first_response", "2026-11-18 10:00") is None
    assert of(told.ticket, "next_response", "2026-11-18 10:00").due_at == at("2026-11-19 09:00")
    # A slip of the hand settles nothing: opened again within the hour, or with undo whenever.
    for taken_back in ("2026-11-16 10:59", "2026-11-17 10:00"):
        slip = story("2026-11-16 09:00").close("2026-11-16 10:00").do(taken_back, "reopen", why="undo")
        assert of(slip.ticket, "first_response", "2026-11-18 10:00").due_at == at("2026-11-16 13:00")
        assert of(slip.ticket, "resolution", "2026-11-18 10:00").due_at == at("2026-11-19 09:00"), "no pause"


def test_the_clocks_change_under_a_promise() -> None:
    # Friday 2026-03-27 16:00, medium, 4 h: 1 h, then 3 h on Monday the 30th, which is summer time: 09:00 UTC.
    spring = of(story("2026-03-27 16:00").ticket, "first_response", "2026-03-28 12:00")
    assert spring.due_at.isoformat() == "2026-03-30T09:00:00+00:00"
    # Friday 2026-10-23 16:00: Monday the 26th 11:00 is winter time: 10:00 UTC.
    autumn = of(story("2026-10-23 16:00").ticket, "first_response", "2026-10-24 12:00")
    assert autumn.due_at.isoformat() == "2026-10-26T10:00:00+00:00"


def test_a_closed_day_is_skipped() -> None:
    # Wednesday 2026-12-23 16:00 + 4 h; the 24th is closed: 3 h on Friday the 25th.
    assert of(story("2026-12-23 16:00").ticket, "first_response", "2026-12-23 16:00").due_at == at("2026-12-25 11:00")


def test_nothing_is_promised_for_spam_machines_tests_or_a_priority_without_targets() -> None:
    now = at("2026-11-30 12:00")
    assert deadlines(story("2026-11-16 09:00").do("2026-11-16 09:30", "mark_spam").ticket, TARGETS, OFFICE, now) == ()
    assert deadlines(Story("2026-11-16 09:00").machine("2026-11-16 09:00").ticket, TARGETS, OFFICE, now) == ()
    assert deadlines(story("2026-11-16 09:00", priority="low").ticket, TARGETS, OFFICE, now) == ()
    assert deadlines(story("2026-11-16 09:00").ticket, {}, OFFICE, now) == ()
    merged = story("2026-11-16 09:00").do("2026-11-16 09:30", "join", 2)
    assert deadlines(merged.ticket, TARGETS, OFFICE, now) == ()


def test_a_call_that_is_logged_waits_for_no_first_response() -> None:
    told = story("2026-11-16 09:00", channel="phone")
    assert [one.kind for one in deadlines(told.ticket, TARGETS, OFFICE, at("2026-11-16 10:00"))] == ["resolution"]
    told.customer("2026-11-16 14:00")  # the caller then writes a mail
    assert of(told.ticket, "next_response", "2026-11-16 15:00").due_at == at("2026-11-17 14:00")


def test_a_merge_target_counts_from_its_sources_earliest_message() -> None:
    late = story("2026-11-17 09:00", number=2)
    early = story("2026-11-16 09:00", number=1)
    late.do("2026-11-17 10:00", "absorb", early.ticket)
    deadline = of(late.ticket, "first_response", "2026-11-17 10:00")
    assert (deadline.started_at, deadline.due_at) == (at("2026-11-16 09:00"), at("2026-11-16 13:00"))


def test_the_next_one_due_comes_first_and_a_paused_one_counts_for_nothing() -> None:
    def next_due(ticket: Ticket, now: str) -> datetime | None:
        return next_due_at(ticket, TARGETS, OFFICE, at(now))

    ticket = story("2026-11-16 09:00").ticket
    assert next_due(ticket, "2026-11-16 10:00") == of(ticket, "first_response", "2026-11-16 10:00").due_at
    answered = story("2026-11-16 09:00").answer("2026-11-16 10:00")
    assert next_due(answered.ticket, "2026-11-16 10:00") == of(answered.ticket, "resolution", "2026-11-16 10:00").due_at
    assert next_due(answered.wait("2026-11-16 11:00").ticket, "2026-11-16 12:00") is None
    assert next_due(answered.close("2026-11-16 12:00").ticket, "2026-11-16 13:00") is None


def test_a_change_of_priority_before_a_message_does_not_concern_it() -> None:
    told = story("2026-11-16 09:00", priority="high").answer("2026-11-16 09:30")
    told.do("2026-11-16 10:00", "prioritise", "medium").customer("2026-11-16 11:00")
    assert of(told.ticket, "next_response", "2026-11-16 12:00").due_at == at("2026-11-17 11:00")  # a day, not 2 h


def test_an_answer_after_the_close_does_not_answer_what_was_asked_before_it() -> None:
    told = story("2026-11-16 09:00").answer("2026-11-16 10:00").customer("2026-11-16 14:00").close("2026-11-16 15:00")
    told.do("2026-11-19 09:00", "reopen").answer("2026-11-19 09:30")
    assert of(told.ticket, "next_response", "2026-11-30 12:00") is None  # the close came before it was due


# --- against a slow reference ---

MINUTE = timedelta(minutes=1)
LUNCH = (
    Hours(  # a lunch break, a short Friday, Saturdays, a night shift into Monday; All Saints' and Good Friday closed
        timezone="Europe/Stockholm",
        week={
            0: ((0, 150), (480, 720), (780, 1020)),
            1: ((480, 720), (780, 1020)),
            2: ((480, 720), (780, 1020)),
            3: ((480, 720), (780, 1020)),
            4: ((480, 780),),
            5: ((540, 660), (690, 720), (900, 960)),
            6: ((60, 240),),  # where the clocks change
        },
        closed=frozenset({date(2026, 10, 31), date(2026, 4, 3), date(2026, 10, 21)}),
    )
)
STARTS = st.sampled_from(["2026-10-19 08:00", "2026-10-23 16:00", "2026-03-23 08:00", "2026-03-27 11:00"])
MOVES = st.lists(
    st.tuples(st.integers(1, 2000), st.sampled_from(["wait", "customer", "close", "answer", "high", "medium", "low"])),
    max_size=8,
)
MINUTES = st.integers(1, 2400)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([OFFICE, LUNCH]), STARTS, MOVES, MINUTES, MINUTES, MINUTES)
def test_the_resolution_is_due_when_its_budget_of_open_and_unpaused_minutes_is_used_up(
    hours: Hours, start: str, moves: list[tuple[int, str]], high: int, medium: int, low: int
) -> None:
    told, now = Story(start), at(start)
    told.customer(start)
    running: list[tuple[datetime, bool]] = [(now, True)]
    changes: list[tuple[str, datetime]] = [("medium", now)]
    for pause, move in moves:
        now += pause * MINUTE
        text = now.astimezone(ZONE).replace(tzinfo=None).isoformat(" ")
        if at(text) != now:  # the second 02:30 of the night cannot be written like that
            return
        if move in ("high", "medium", "low"):
            if not told.ticket.closed:
                told.do(text, "prioritise", move)
                changes.append((move, now))
        elif move == "wait" and told.ticket.status != "closed":
            told.wait(text)
        elif move == "close" and told.ticket.status != "closed":
            told.close(text)
        elif move in ("customer", "answer"):
            getattr(told, move)(text)
        running.append((now, told.ticket.status not in ("waiting", "closed")))
    now += 3000 * MINUTE
    budgets = {"high": high, "medium": medium, "low": low}
    targets = {name: Target(resolution=Duration(minutes=minutes)) for name, minutes in budgets.items()}
    (deadline,) = deadlines(told.ticket, targets, hours, now)
    until = told.ticket.closed_at or now
    due = slow_under_priorities(hours, running, changes, budgets, until)
    assert (deadline.due_at, deadline.state == "breached") == (due, due < until)


def slow_under_priorities(
    hours: Hours,
    running: list[tuple[datetime, bool]],
    changes: list[tuple[str, datetime]],
    budgets: dict[str, int],
    until: datetime,
) -> datetime:
    """Due under the first priority whose time was up before the next change; what was broken by then stays so."""
    due = until
    for index, (priority, _) in enumerate(changes):
        due = slow(hours, running, budgets[priority], until)
        end = changes[index + 1][1] if index + 1 < len(changes) else None
        if end is None or end > until or due <= end:
            break
    return due


def slow(hours: Hours, running: list[tuple[datetime, bool]], minutes: int, until: datetime) -> datetime:
    """Minute by minute; from `until` on (now, or the close) it counts as running."""
    used, at_minute = 0, running[0][0]
    while used < minutes:
        state = [runs for since, runs in running if since <= at_minute][-1] or at_minute >= until
        local = at_minute.astimezone(ZONE)
        minute = local.hour * 60 + local.minute
        open_now = local.date() not in hours.closed and any(
            begins <= minute < ends for begins, ends in hours.week.get(local.weekday(), ())
        )
        used += state and open_now
        at_minute += MINUTE
    return at_minute
