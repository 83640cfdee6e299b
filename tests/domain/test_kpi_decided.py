"""What was decided of the figures when two weeks of use had shown where they went astray: when a matter began, that a
closed week stays, what is provisional, what was undone, automatic closes, calls. Each with histories whose values are
worked out on paper in the comment beside them.

The office is open Monday to Friday, 08:00–17:00 (9 h); 24 December is closed. In 2026 the clocks go forward in the
night to Sunday 29 March and back in the night to Sunday 25 October.
"""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from tests.domain.histories import OFFICE, Story, at, h, story
from tests.domain.test_kpi import LATER, TARGETS, YEAR, ZONE, of
from ticketctl.domain.changes.merge import merge, unmerge
from ticketctl.domain.deadlines.promises import promise
from ticketctl.domain.reports.figures import Figures, figures
from ticketctl.domain.reports.periods import days, week
from ticketctl.domain.reports.statistics import Rate
from ticketctl.domain.ticket.ticket import Act, Ticket

W45, W46, W47, W48 = (week(f"2026-W{number}", ZONE) for number in (45, 46, 47, 48))


def machine(first: str) -> Story:
    """A ticket that an auto-reply opened."""
    return Story(first).machine(first)


# --- when it began ---


@pytest.mark.parametrize(
    ("told", "arrived", "resolution"),
    [
        # an auto-reply Tuesday 08:00, the person 12:00, closed 14:00: 2 h
        (
            machine("2026-11-17 08:00").customer("2026-11-17 12:00").close("2026-11-17 14:00"),
            "2026-11-17",
            (h(2), h(2)),
        ),
        # over a weekend: an auto-reply on Friday, the person Friday 16:00, closed Monday 10:00: 66 h; 1 + 2
        (
            machine("2026-11-20 09:00").customer("2026-11-20 16:00").close("2026-11-23 10:00"),
            "2026-11-20",
            (h(66), h(3)),
        ),
        # over the closed 24th: the person Wednesday 16:00, closed Friday 10:00: 42 h; 1 + 2
        (
            machine("2026-12-22 09:00").customer("2026-12-23 16:00").close("2026-12-25 10:00"),
            "2026-12-23",
            (h(42), h(3)),
        ),
        # clocks forward: the person Saturday noon, closed Monday 10:00: 45 h; 2
        (
            machine("2026-03-27 12:00").customer("2026-03-28 12:00").close("2026-03-30 10:00"),
            "2026-03-28",
            (h(45), h(2)),
        ),
        # clocks back: the person Saturday noon, closed Monday 10:00: 47 h; 2
        (
            machine("2026-10-23 12:00").customer("2026-10-24 12:00").close("2026-10-26 10:00"),
            "2026-10-24",
            (h(47), h(2)),
        ),
        # we wrote first, on Monday; the customer Wednesday 09:00, closed 15:00: 6 h
        (
            Story("2026-11-16 09:00").answer("2026-11-16 09:00").customer("2026-11-18 09:00").close("2026-11-18 15:00"),
            "2026-11-18",
            (h(6), h(6)),
        ),
        # a merge: what a machine opened takes over a customer's mail of 08:00; closed 12:00: 4 h
        (
            machine("2026-11-17 07:00")
            .do("2026-11-17 10:00", "absorb", story("2026-11-17 08:00", number=2).ticket)
            .close("2026-11-17 12:00"),
            "2026-11-17",
            (h(4), h(4)),
        ),
        # a mail that was fetched first had arrived second: 09:00 → 12:00
        (
            story("2026-11-17 09:10")
            .customer("2026-11-17 09:00", fetched="2026-11-17 09:30")
            .close("2026-11-17 12:00"),
            "2026-11-17",
            (h(3), h(3)),
        ),
        # a bounce does not begin it anew: 09:00 → 12:00
        (
            story("2026-11-17 09:00")
            .answer("2026-11-17 10:00")
            .bounced("2026-11-17 10:01", "m2")
            .machine("2026-11-17 10:01")
            .close("2026-11-17 12:00"),
            "2026-11-17",
            (h(3), h(3)),
        ),
    ],
)
def test_it_begins_with_the_customers_first_message(
    told: Story, arrived: str, resolution: tuple[timedelta, timedelta]
) -> None:
    found = of(told)
    for times in (found.resolution_first, found.resolution_last):
        assert (times.calendar.median, times.business.median) == resolution
    day = at(f"{arrived} 12:00").date()
    assert of(told, window=days(day, day, ZONE)).flow.total == 1
    assert found.flow.arrivals == {"email": 1} and found.ours.calendar.n == 0


def test_a_matter_of_our_own_is_a_row_of_its_own() -> None:
    # Noted Tuesday 09:00, closed Wednesday 11:00: 26 h; 8 + 3
    own = Story("2026-11-17 09:00", channel="system").note("2026-11-17 09:00").close("2026-11-18 11:00")
    found = of(own, story("2026-11-17 09:00", number=2).close("2026-11-17 10:00"))
    assert found.flow.arrivals == {"ours": 1, "email": 1}
    assert (found.ours.calendar.median, found.ours.business.median) == (h(26), h(11))
    assert found.resolution_last.calendar.median == h(1)
    # A customer writes into it on Thursday: then it is theirs, from then on, and came by mail.
    joined = Story("2026-11-17 09:00", channel="system").note("2026-11-17 09:00").customer("2026-11-19 09:00")
    joined.ticket = msgspec.structs.replace(
        joined.ticket, messages=tuple(msgspec.structs.replace(one, message_id="a@b") for one in joined.ticket.messages)
    )
    found = of(joined.close("2026-11-19 10:00"))
    assert (found.flow.arrivals, found.resolution_last.calendar.median) == ({"email": 1}, h(1))


def test_the_age_of_what_a_machine_opened() -> None:
    backlog = of(machine("2026-11-09 08:00").customer("2026-11-17 12:00"), now="2026-11-18 09:00").backlog
    assert backlog.on_us == (1, 0, 0, 0, 0)


# --- a closed week stays ---


def closed_week(found: Figures) -> tuple[object, ...]:
    """All that a report of that week says, but for what may still come."""
    return (
        found.resolution_first.calendar,
        found.resolution_last.calendar,
        found.resolution_last.business,
        found.waiting.calendar,
        found.ours.calendar,
        found.automatic_closes,
        found.closed_unanswered,
        found.kept["resolution"].part,
        found.kept["resolution"].whole,
        found.causes,
        found.covered.part,
        found.covered.whole,
        found.touches,
        found.one_touch.part,
        found.backlog,
        [(one.owner, one.open, one.overdue, one.on_us) for one in found.workload],
    )


def solved() -> Story:
    """Monday of week 47 09:00, waiting 10–12, answered, closed 14:00: 5 h, of them 2 waiting; its 3 days are kept."""
    told = story("2026-11-16 09:00").wait("2026-11-16 10:00").customer("2026-11-16 12:00").answer("2026-11-16 13:00")
    return told.close("2026-11-16 14:00", cause="leverans")


@pytest.mark.parametrize(
    "later",
    [
        lambda told: told.customer("2026-11-26 09:00"),  # comes back after ten days
        lambda told: (
            told.customer("2026-11-26 09:00").answer("2026-11-26 10:00").close("2026-11-27 09:00", cause="fel")
        ),
        lambda told: told.do("2026-11-23 09:00", "reopen"),  # by hand, a week later: no slip
        lambda told: told.do("2026-11-25 09:00", "absorb", story("2026-11-24 08:00", number=9).ticket),
        lambda told: told.bounced("2026-11-24 09:00", "m3"),
        lambda told: told.customer("2026-11-30 23:59"),  # day 14
        lambda told: told.customer("2026-12-01 00:01"),  # day 15 would open a new ticket; nothing here changes
    ],
)
def test_a_closed_week_stays_as_it_was(later) -> None:
    on_monday = closed_week(of(solved(), window=W47, now="2026-11-23 07:00"))
    assert on_monday[1].median == h(5) and on_monday[3].median == h(2)
    assert on_monday[7:9] == (1, 1) and on_monday[9] == {"leverans": 1} and on_monday[12] == {1: 1}
    for now in ("2026-11-26 12:00", "2026-12-02 09:00", LATER):
        assert closed_week(of(later(solved()), window=W47, now=now)) == on_monday


@pytest.mark.parametrize(("back", "part"), [("2026-11-30 23:59", 1), ("2026-12-01 00:00", 0)])
def test_but_the_rate_of_reopening_hears_of_it(back: str, part: int) -> None:
    # Closed on Monday 16 November: the 14th day after is Monday the 30th.
    assert of(solved().customer(back), window=W47).reopened == Rate(part, 1)


@pytest.mark.parametrize(
    ("first", "close", "now"),
    [
        ("2026-03-27 09:00", "2026-03-27 16:00", "2026-03-30 07:00"),  # a weekend, and summer time begins in it
        ("2026-10-23 09:00", "2026-10-23 16:00", "2026-10-26 07:00"),  # and ends
        ("2026-12-23 09:00", "2026-12-23 16:00", "2026-12-28 07:00"),  # a closed day
    ],
)
def test_it_stays_over_weekends_and_nights_of_other_length(first: str, close: str, now: str) -> None:
    told = story(first).close(close)
    window = week("{}-W{:02}".format(*at(first).isocalendar()[:2]), ZONE)
    before = closed_week(of(told, window=window, now=now))
    assert closed_week(of(told.customer(f"{now[:10]} 09:00"), window=window)) == before


def test_what_was_merged_or_marked_after_the_instant_is_in_its_stock_and_in_no_flow() -> None:
    def desk(spam: str, merged: str) -> list[Story]:
        first, second = story("2026-11-17 09:00", number=1), story("2026-11-18 09:00", number=2)
        advert = story("2026-11-19 09:00", number=3)
        if spam:
            advert.do(spam, "mark_spam")
        if merged:
            first.ticket, second.ticket = merge(Act("alice", at(merged)), first.ticket, second.ticket)
        return [first, second, advert]

    def count(told: list[Story]) -> tuple[int, int, int, int]:
        found = of(*told, window=W47, now="2026-12-20 09:00")
        unanswered = found.unanswered
        return found.backlog.total, found.workload[0].open if found.workload else 0, unanswered.count, found.flow.total

    assert count(desk("", "")) == (3, 3, 3, 3)
    assert count(desk("2026-11-20 09:00", "2026-11-20 09:00")) == (1, 1, 1, 1), "both within the week"
    assert count(desk("2026-11-24 09:00", "2026-11-24 09:00")) == (3, 3, 3, 1), "both after it"


def test_a_ticket_that_was_merged_later_stood_in_the_stock_with_its_own_age_and_state() -> None:
    # At Sunday midnight: the source was answered and waits (4 days old), the target is new and 12 h old.
    target = story("2026-11-22 12:00", number=1)
    source = story("2026-11-19 00:00", number=2).answer("2026-11-19 09:00").wait("2026-11-19 09:00", "2026-12-10 08:00")
    target.ticket, source.ticket = merge(Act("alice", at("2026-11-25 09:00")), target.ticket, source.ticket)
    backlog = of(target, source, window=W47, now=LATER).backlog
    assert (backlog.on_us, backlog.on_customer) == ((1, 0, 0, 0, 0), (0, 0, 1, 0, 0))


# --- provisional ---


@pytest.mark.parametrize(
    ("closed", "until", "over"),
    [
        ("2026-11-16 10:00", "2026-11-30 23:59", "2026-12-01 00:00"),  # Monday: day 14 is Monday the 30th
        ("2026-11-22 23:59", "2026-12-06 23:59", "2026-12-07 00:00"),  # a weekend: the last minute of the week
        ("2026-12-23 16:00", "2027-01-06 23:59", "2027-01-07 00:00"),  # over the closed day
        ("2026-03-23 10:00", "2026-04-06 23:59", "2026-04-07 00:00"),  # clocks forward: 14 days are an hour shorter
        ("2026-10-20 10:00", "2026-11-03 23:59", "2026-11-04 00:00"),  # clocks back
    ],
)
def test_all_of_the_close_cohort_is_provisional_for_fourteen_days(closed: str, until: str, over: str) -> None:
    told = story(f"{closed[:10]} 08:00").close(closed)
    window = week("{}-W{:02}".format(*at(closed).astimezone(ZONE).isocalendar()[:2]), ZONE)
    for now, provisional in ((until, True), (over, False)):
        found = of(told, window=window, now=now)
        assert {
            found.provisional,
            found.resolution_first.provisional,
            found.resolution_last.provisional,
            found.waiting.provisional,
            found.reopened.provisional,
            found.covered.provisional,
            found.one_touch.provisional,
        } == {provisional}


def test_a_week_that_is_not_over_is_provisional_and_a_slip_makes_none_so() -> None:
    assert of(story("2026-11-16 09:00"), window=W47, now="2026-11-18 09:00").provisional
    slip = story("2026-11-16 09:00").close("2026-11-16 10:00").do("2026-11-16 10:05", "reopen")
    assert not of(slip, window=W47, now="2026-11-24 09:00").provisional


# --- undone is not done ---


def spam_and_back(when: str, why: str = "") -> Story:
    return story("2026-11-16 09:00").do("2026-11-16 10:00", "mark_spam").do(when, "reopen", why=why)


@pytest.mark.parametrize(
    "told",
    [
        story("2026-11-16 09:00").close("2026-11-16 10:00").do("2026-11-16 11:00", "reopen"),  # within the hour
        story("2026-11-16 09:00").close("2026-11-16 10:00").do("2026-11-19 10:00", "reopen", why="undo"),
        story("2026-11-20 16:30").close("2026-11-20 16:59").do("2026-11-23 08:00", "reopen", why="undo"),  # a weekend
        story("2026-10-25 01:00").close("2026-10-25 02:30").do("2026-10-25 02:45", "reopen"),  # while the clocks change
        story("2026-03-29 01:00").close("2026-03-29 01:50").do("2026-03-29 03:10", "reopen"),  # twenty minutes
        story("2026-12-24 09:00").close("2026-12-24 10:00").do("2026-12-24 10:30", "reopen"),  # on a closed day
        spam_and_back("2026-11-16 10:10"),
        spam_and_back("2026-11-20 10:10"),  # found only days later
        story("2026-11-16 09:00").wait("2026-11-16 09:30").close("2026-11-16 10:00").do("2026-11-16 10:10", "reopen"),
    ],
)
def test_a_slip_is_in_no_figure(told: Story) -> None:
    found = of(told)
    assert (found.flow.total, found.flow.closes, found.flow.reopened) == (1, 0, 0)
    assert (found.resolution_first.calendar.n, found.resolution_last.calendar.n) == (0, 0)
    assert (found.reopened, found.closed_unanswered, found.automatic_closes, found.causes) == (Rate(), 0, 0, {})
    assert found.unanswered.count == 1 and found.backlog.total == 1


@pytest.mark.parametrize(
    "told",
    [
        story("2026-11-16 09:00").close("2026-11-16 10:00").do("2026-11-16 11:01", "reopen"),  # over an hour
        story("2026-11-16 09:00").close("2026-11-16 10:00").do("2026-11-16 10:05", "reopen", actor="bo"),  # another's
        story("2026-11-16 09:00").close("2026-11-16 10:00").customer("2026-11-16 10:05"),  # the customer
        story("2026-11-16 09:00")
        .close("2026-11-16 10:00", actor="system")
        .do("2026-11-16 10:05", "reopen"),  # a rule's
    ],
)
def test_a_close_that_was_meant_stays_one(told: Story) -> None:
    found = of(told)
    assert (found.flow.closes, found.flow.reopened, found.reopened.whole) == (1, 1, 1)


def test_the_resolution_clock_ran_through_a_slip() -> None:
    # Monday 09:00, three days: Thursday 09:00, whether it lay closed for half an hour or as spam for two days.
    for told in (
        story("2026-11-16 09:00").close("2026-11-16 10:00").do("2026-11-16 10:30", "reopen"),
        spam_and_back("2026-11-18 10:00"),
    ):
        told.answer("2026-11-18 11:00")
        assert of(told.close("2026-11-19 09:00"), window=W47).kept["resolution"] == Rate(1, 1)
        assert of(story("2026-11-16 09:00").close("2026-11-19 09:01"), window=W47).kept["resolution"] == Rate(0, 1)


def test_a_merge_that_was_taken_back_is_in_no_figure() -> None:
    first, second = story("2026-11-16 09:00", number=1), story("2026-11-16 10:00", number=2)
    plain = of(first, second, window=W47, now="2026-11-30 09:00")
    first.ticket, second.ticket = merge(Act("alice", at("2026-11-16 11:00")), first.ticket, second.ticket)
    first.ticket, second.ticket = unmerge(Act("alice", at("2026-11-24 12:00")), first.ticket, second.ticket, [])
    assert of(first, second, window=W47, now="2026-11-30 09:00") == plain


# --- automatic closes, and the first close by a person ---


@pytest.mark.parametrize(
    ("told", "automatic", "first"),
    [
        # closed by a rule on Wednesday: no resolution
        (story("2026-11-16 09:00").close("2026-11-18 09:00", actor="system"), 1, None),
        # and reopened by the customer: still a close by a rule
        (story("2026-11-16 09:00").close("2026-11-18 09:00", actor="system").customer("2026-11-19 09:00"), 1, None),
        # then closed by a person on Friday 09:00: 96 h
        (
            story("2026-11-16 09:00")
            .close("2026-11-18 09:00", actor="system")
            .customer("2026-11-19 09:00")
            .close("2026-11-20 09:00"),
            1,
            h(96),
        ),
        # by a rule twice
        (
            story("2026-11-16 09:00")
            .close("2026-11-18 09:00", actor="system")
            .customer("2026-11-19 09:00")
            .close("2026-11-20 09:00", actor="system"),
            2,
            None,
        ),
        # by a person first (1 h), by a rule after that
        (
            story("2026-11-16 09:00")
            .close("2026-11-16 10:00")
            .customer("2026-11-17 09:00")
            .close("2026-11-20 09:00", actor="system"),
            1,
            h(1),
        ),
        # by a rule at a weekend, next week's
        (story("2026-11-16 09:00").close("2026-11-23 00:00", actor="system"), 0, None),
        # merged away since: in no flow
        (
            story("2026-11-16 09:00").close("2026-11-18 09:00", actor="system").do("2026-11-19 09:00", "join", 9),
            0,
            None,
        ),
    ],
)
def test_automatic_closes(told: Story, automatic: int, first: timedelta | None) -> None:
    found = of(told, window=W47)
    assert (found.automatic_closes, found.resolution_first.calendar.median) == (automatic, first)


# --- a call, and then a mail ---


@pytest.mark.parametrize(
    ("told", "times", "unanswered"),
    [
        # called back and closed: no value for the first response, one closed without an answer
        (story("2026-11-16 09:00").close("2026-11-16 10:00"), 0, 1),
        # the customer writes on Wednesday and is answered: that was a next response
        (
            story("2026-11-16 09:00").close("2026-11-16 10:00").customer("2026-11-18 09:00").answer("2026-11-18 10:00"),
            0,
            1,
        ),
        # over a weekend
        (
            story("2026-11-20 16:00").close("2026-11-20 16:30").customer("2026-11-21 12:00").answer("2026-11-22 10:00"),
            0,
            1,
        ),
        # answered with the close: 1 h
        (story("2026-11-16 09:00").answer("2026-11-16 10:00").close("2026-11-16 10:00"), 1, 0),
        # a slip of the hand, then answered: 1.5 h
        (
            story("2026-11-16 09:00")
            .close("2026-11-16 10:00")
            .do("2026-11-16 10:10", "reopen")
            .answer("2026-11-16 10:30")
            .close("2026-11-16 11:00"),
            1,
            0,
        ),
        # the answer came back, then it was closed
        (
            story("2026-11-16 09:00")
            .answer("2026-11-16 10:00")
            .bounced("2026-11-16 10:01", "m2")
            .close("2026-11-16 11:00"),
            0,
            1,
        ),
        # a merge: of two requesters nobody was answered
        (
            story("2026-11-16 09:00")
            .do("2026-11-16 09:30", "absorb", story("2026-11-16 08:00", number=2).ticket)
            .close("2026-11-16 10:00"),
            0,
            1,
        ),
    ],
)
def test_a_close_without_a_mail(told: Story, times: int, unanswered: int) -> None:
    found = of(told, window=W47)
    assert (found.first_response.calendar.n, found.closed_unanswered) == (times, unanswered)
    assert not found.first_response.provisional
    assert found.kept["first_response"].whole == times, "neither kept nor broken"


def test_after_a_call_a_mail_is_promised_a_next_response() -> None:
    told = story("2026-11-16 09:00").close("2026-11-16 10:00").customer("2026-11-18 09:00").answer("2026-11-19 09:01")
    assert of(told, window=W47).kept["next_response"] == Rate(0, 1)  # a day: due Thursday 09:00


# --- what came later ---


def test_a_customer_who_writes_in_a_matter_of_our_own_later_moves_no_close() -> None:
    """Noted and closed in week 46; the customer writes on the Wednesday of week 47, and it is closed again."""
    told = Story("2026-11-09 09:00", channel="system").close("2026-11-11 09:00")
    before = of(told, window=W46, now="2026-11-16 07:00")
    told.customer("2026-11-18 09:00").close("2026-11-18 11:00")
    after = of(told, window=W46)
    assert (before.flow.total, before.flow.closes, before.backlog.total) == (1, 1, 0)
    assert before.flow.provisional
    assert (after.flow.total, after.flow.closes, after.backlog.total) == (0, 1, 0), "it began with the customer"
    assert after.ours.calendar.median == before.ours.calendar.median == h(48)
    later = of(told, window=W47)
    assert (later.flow.total, later.flow.closes) == (1, 1)
    assert later.resolution_last.calendar.median == h(2)


def test_a_promise_that_only_a_merge_brought_goes_with_it() -> None:
    target, source = story("2026-11-09 09:00"), story("2026-11-09 10:00", number=2)
    source.ticket = promise(source.ticket, Act("alice", at("2026-11-09 11:00")), at("2026-11-12 12:00"))
    before = of(target, source, window=W46)
    assert before.promised == Rate(0, 1)
    target.ticket, source.ticket = merge(Act("alice", at("2026-11-16 12:00")), target.ticket, source.ticket)
    target.ticket, source.ticket = unmerge(Act("alice", at("2026-11-16 13:00")), target.ticket, source.ticket, [])
    assert of(target, source, window=W46).promised == before.promised


# --- clocks, archives ---


def test_no_duration_is_negative_where_a_clock_went_back() -> None:
    told = story("2026-11-16 10:00").answer("2026-11-16 09:50").close("2026-11-16 09:55")
    found = of(told, window=W47)
    assert found.first_response.calendar.median == found.resolution_last.calendar.median == timedelta()


def test_the_same_from_a_store_that_was_written_and_read_again() -> None:
    target, source = solved(), story("2026-11-17 10:00", number=2).answer("2026-11-17 10:30")
    source.customer("2026-11-17 10:20", fetched="2026-11-17 11:00")
    target.do("2026-11-18 09:00", "reopen")
    target.ticket, source.ticket = merge(Act("alice", at("2026-11-18 12:00")), target.ticket, source.ticket)
    tickets = [one.ticket for one in (target, source, spam_and_back("2026-11-20 10:10", why="undo"))]
    again = [msgspec.json.decode(msgspec.json.encode(one), type=Ticket) for one in tickets]
    assert again == tickets
    for window in (W47, W48, YEAR):
        one, other = (
            figures(every, window, hours=OFFICE, targets=TARGETS, now=at(LATER)) for every in (tickets, again)
        )
        assert one == other
