"""A week beside the twelve before it and the weeks around it a year ago, for the report and the weekly mail alike."""

from __future__ import annotations

from datetime import timedelta

from ticketctl.domain.config import Config
from ticketctl.domain.reports.cases import Frame
from ticketctl.domain.reports.trends import Trend, TrendTally, weeks_a_year_ago, year_ago_from
from ticketctl.domain.ticket.query import Query
from ticketctl.ports.store import Desk
from ticketctl.usecases.session import Session

_KEPT = timedelta(days=420)  # a year, the weeks around it, and some days until purge runs


def week_compared(asked: Frame) -> TrendTally | None:
    """Only a whole ISO week that is over is compared."""
    return TrendTally(asked) if asked.window.is_week and not asked.runs else None


def trends_of(session: Session, desk: Desk, counted: TrendTally, asked: Frame) -> dict[str, Trend]:
    """By name of figure, when the recent tickets have been counted. Those of a year ago are read for it, where the desk
    was there and no rule deletes them."""
    first, *_, last = weeks_a_year_ago(asked)
    older = desk.find(Query(opened_to=first.window.start), archive=True)
    if not _deletes_within(session.config) and next(older, None) is not None:
        counted.add_year_ago(desk.find(Query(lived_from=year_ago_from(asked), lived_to=last.window.end), archive=True))
    return counted.trends()


def _deletes_within(config: Config) -> bool:
    """Whether a retention rule deletes tickets that a year ago may have: what is left would look too small. Spam is in
    no figure."""
    rules = [one for one in config.privacy.retention if one.then == "delete" and one.label != "spam"]
    return any(timedelta(days=one.age.days + 30 * one.age.months, minutes=one.age.minutes) < _KEPT for one in rules)
