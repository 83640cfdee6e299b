"""What a history says of any instant."""

import pytest

from tests.domain.histories import Story, at, story
from ticketctl.domain.changes.merge import merge, unmerge
from ticketctl.domain.ticket.ticket import Act
from ticketctl.domain.ticket.timeline import as_of, began_at, counts, opened_by_team, periods, reigns


def statuses(told: Story) -> list[tuple[str, str]]:
    return [(period.status, f"{period.start:%H:%M}") for period in periods(told.ticket)]


def test_periods_have_no_gaps() -> None:
    told = story("2026-11-16 09:00").answer("2026-11-16 10:00").wait("2026-11-16 10:00").customer("2026-11-16 12:00")
    told.close("2026-11-16 13:00").customer("2026-11-16 14:00")
    # UTC, an hour behind
    assert statuses(told) == [
        ("new", "08:00"),
        ("open", "09:00"),
        ("waiting", "09:00"),
        ("open", "11:00"),
        ("closed", "12:00"),
        ("open", "13:00"),
    ]
    every = periods(told.ticket)
    assert [one.end for one in every] == [*(one.start for one in every[1:]), None]


def test_a_merge_that_is_taken_back() -> None:
    source, target = story("2026-11-16 09:00", number=2).wait("2026-11-16 10:00"), story("2026-11-16 09:30", number=1)
    act = Act("alice", at("2026-11-16 11:00"))
    target.ticket, source.ticket = merge(act, target.ticket, source.ticket)
    assert began_at(target.ticket) == at("2026-11-16 09:00") and not counts(source.ticket)
    target.ticket, source.ticket = unmerge(Act("alice", at("2026-11-16 12:00")), target.ticket, source.ticket, [])
    assert counts(source.ticket) and periods(source.ticket)[-1].status == "waiting"
    assert began_at(target.ticket) == at("2026-11-16 09:30")


def test_as_it_was() -> None:
    told = story("2026-11-16 09:00").do("2026-11-16 10:00", "assign", "alice").do("2026-11-16 11:00", "assign", "bo")
    told.do("2026-11-16 12:00", "prioritise", "high").answer("2026-11-16 13:00", sent="2026-11-16 13:10")
    told.close("2026-11-16 14:00")
    then = as_of(told.ticket, at("2026-11-16 10:30"))
    assert (then.status, then.assignee, then.priority, len(then.messages)) == ("open", "alice", "medium", 1)
    then = as_of(told.ticket, at("2026-11-16 13:05"))
    assert (then.assignee, then.priority, then.messages[1].delivery) == ("bo", "high", "queued")
    assert as_of(told.ticket, at("2026-11-16 14:00")) == told.ticket
    assert as_of(told.ticket, at("2026-11-16 09:00")).status == "new"


def test_priorities_in_order() -> None:
    told = story("2026-11-16 09:00", priority="low").do("2026-11-16 10:00", "prioritise", "medium")
    told.do("2026-11-16 11:00", "prioritise", "high")
    assert [(one.priority, one.end) for one in reigns(told.ticket)] == [
        ("low", at("2026-11-16 10:00")),
        ("medium", at("2026-11-16 11:00")),
        ("high", None),
    ]


@pytest.mark.parametrize(
    ("told", "ours"),
    [
        (story("2026-11-16 09:00"), False),
        (story("2026-11-16 09:00", channel="form"), False),
        (story("2026-11-16 09:00", channel="visit"), True),
        (Story("2026-11-16 09:00").answer("2026-11-16 09:00").customer("2026-11-16 10:00"), True),
        (Story("2026-11-16 09:00").answer("2026-11-16 09:00", automatic=True).customer("2026-11-16 10:00"), False),
        (Story("2026-11-16 09:00", channel="system").note("2026-11-16 09:00"), True),
    ],
)
def test_who_began(told: Story, ours: bool) -> None:
    assert opened_by_team(told.ticket) is ours


def test_a_matter_of_our_own_counts_and_a_newsletter_does_not() -> None:
    assert counts(Story("2026-11-16 09:00", channel="system").note("2026-11-16 09:00").ticket)
    assert not counts(Story("2026-11-16 09:00").machine("2026-11-16 09:00").note("2026-11-16 09:30").ticket)
    assert counts(Story("2026-11-16 09:00").machine("2026-11-16 09:00").customer("2026-11-16 09:30").ticket)
