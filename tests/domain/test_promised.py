"""Dates promised in replies, and the figure of those that were kept; each worked out on paper in the comment."""

from __future__ import annotations

import msgspec
import pytest

from tests.domain.histories import OFFICE, ZONE, Story, at, story
from ticketctl.domain.changes.merge import merge, unmerge
from ticketctl.domain.deadlines.promises import drop, keep, promise, running
from ticketctl.domain.privacy.retention import Kept, anonymised
from ticketctl.domain.reports.figures import figures
from ticketctl.domain.reports.periods import week
from ticketctl.domain.reports.statistics import Rate
from ticketctl.domain.ticket.ticket import Act
from ticketctl.domain.ticket.timeline import as_of

MADE, DUE = "2026-11-17 10:00", "2026-11-20 17:00"  # Tuesday and Friday of week 47


def made(when: str = MADE, due: str = DUE, *, told: Story | None = None, delivery: str = "sent") -> Story:
    """A customer wrote on Monday; a reply at `when` promised `due`."""
    told = (told or story("2026-11-16 09:00")).answer(when, delivery=delivery)
    told.ticket = promise(told.ticket, Act("alice", at(when), "reply"), at(due))
    return told


def said(told: Story, when: str, how) -> Story:
    told.ticket = how(told.ticket, Act("alice", at(when), "promise"))
    return told


def rate(*stories: Story, of: str = "2026-W47", now: str = "2026-12-15 08:00") -> Rate:
    tickets = [msgspec.structs.replace(one.ticket, number=n) for n, one in enumerate(stories, 1)]
    return figures(tickets, week(of, ZONE), hours=OFFICE, targets={}, now=at(now)).promised


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        (made().answer("2026-11-19 09:00"), Rate(1, 1)),  # a reply on Thursday
        (made().answer(DUE), Rate(1, 1)),  # at the very minute
        (made().answer("2026-11-20 17:01"), Rate(0, 1)),  # a minute late
        (made(), Rate(0, 1)),  # the reply that made it does not keep it
        (made().answer("2026-11-20 16:00", sent="2026-11-20 18:00"), Rate(0, 1)),  # written in time, accepted late
        (made().answer("2026-11-19 09:00").bounced("2026-11-19 09:05", "m3"), Rate(0, 1)),  # it came back
        (made().answer("2026-11-19 09:00", delivery="queued"), Rate(0, 1)),  # it never left
        (made().answer("2026-11-19 09:00", automatic=True), Rate(0, 1)),  # no person
        (made().note("2026-11-19 09:00"), Rate(0, 1)),  # the customer does not see it
        (made().close("2026-11-19 09:00"), Rate(1, 1)),  # closed by a person
        (made().close("2026-11-19 09:00", actor="system"), Rate(0, 1)),  # by a rule
        (made().close("2026-11-23 09:00"), Rate(0, 1)),  # too late
        (said(made(), "2026-11-19 09:00", keep), Rate(1, 1)),  # a call
        (said(made(), "2026-11-19 09:00", drop), Rate(0, 0)),  # it was none
        (said(made(), "2026-11-21 09:00", drop), Rate(0, 1)),  # dropped when it was broken already
        (made(delivery="bounced"), Rate(0, 0)),  # the customer never read it
        # Thursday's reply keeps Friday's date and promises Tuesday 24, which is week 48
        (made("2026-11-19 09:00", "2026-11-24 17:00", told=made()), Rate(1, 1)),
        # "not before Tuesday" told on Saturday: Friday's is broken
        (made("2026-11-21 09:00", "2026-11-24 17:00", told=made()), Rate(0, 1)),
        # given another date by hand before it was due: the customer was told so, or it was misread
        (said(made(), "2026-11-19 09:00", lambda one, act: promise(one, act, at("2026-11-24 17:00"))), Rate(0, 0)),
        # reopened after a close that kept it: stays kept
        (made().close("2026-11-19 09:00").customer("2026-11-19 12:00"), Rate(1, 1)),
    ],
)
def test_kept_of_those_that_fell_due(told: Story, kept: Rate) -> None:
    assert rate(told) == kept


def test_over_the_change_of_the_clocks() -> None:
    """Winter time begins on Sunday 25 October: 17:00 on Monday is 16:00 UTC."""
    told = made("2026-10-24 10:00", "2026-10-26 17:00", told=story("2026-10-23 09:00")).answer("2026-10-26 16:59")
    assert rate(told, of="2026-W44") == Rate(1, 1)


def test_what_is_not_due_yet_is_left_out_and_the_week_is_provisional() -> None:
    assert rate(made(), now="2026-11-20 16:59") == Rate(0, 0, True)
    assert rate(made(), now="2026-11-20 17:00") == Rate(0, 1, True)
    assert rate(made().answer("2026-11-18 09:00"), now="2026-11-19 09:00") == Rate(0, 0, True)


def test_it_counts_in_the_week_it_was_due() -> None:
    told = made("2026-11-19 09:00", "2026-11-24 17:00", told=made()).answer("2026-11-25 09:00")
    assert rate(told, made().answer("2026-11-18 09:00")) == Rate(2, 2)
    assert rate(told, of="2026-W48") == Rate(0, 1)


def test_it_runs_until_it_is_answered() -> None:
    told = made()
    assert running(told.ticket).due_at == at(DUE)
    told.answer("2026-11-23 09:00")
    assert running(told.ticket) is None
    assert running(as_of(told.ticket, at("2026-11-22 09:00"))).due_at == at(DUE)
    assert running(made().close("2026-11-18 09:00").ticket) is None


def test_an_anonymised_ticket_keeps_its_figure() -> None:
    told = made().answer("2026-11-19 09:00")
    told.ticket = anonymised(told.ticket, Act("system", at("2026-12-01 09:00")), Kept())
    assert rate(told) == Rate(1, 1)


def test_a_merge_brings_it_along_and_back() -> None:
    source = made()
    source.ticket = msgspec.structs.replace(source.ticket, number=2)
    target = story("2026-11-16 10:00")
    act = Act("bo", at("2026-11-18 08:00"), "merge")
    together, away = merge(act, target.ticket, source.ticket)
    assert running(together).due_at == at(DUE) and running(away) is None
    back = Act("bo", at("2026-11-18 09:00"), "unmerge")
    alone, again = unmerge(back, together, away, [])
    assert running(alone) is None and running(again).due_at == at(DUE)
    sooner = made(due="2026-11-18 17:00", told=story("2026-11-16 10:00"))
    assert running(merge(act, sooner.ticket, source.ticket)[0]).due_at == at("2026-11-18 17:00")
    later = made(due="2026-11-27 17:00", told=story("2026-11-16 10:00"))
    joined, away = merge(act, later.ticket, source.ticket)
    assert running(joined).due_at == at(DUE)
    assert running(unmerge(back, joined, away, [])[0]).due_at == at("2026-11-27 17:00")
