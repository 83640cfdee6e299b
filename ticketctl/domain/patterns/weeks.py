"""Weeks of patterns, and whether a pattern's share of all tickets has changed: the last four whole weeks against the
twelve before them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from ticketctl.domain.statistics.change import Change, Says, Week, against_rest, claims

LATE, EARLY = 4, 12  # weeks


def week_of(at: datetime, zone: ZoneInfo) -> str:
    """The ISO week of an instant in that zone: "2026-W47"."""
    return iso_week(at.astimezone(zone).date())


def iso_week(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def trends(patterns: Mapping[int, Sequence[int]], desk: Sequence[int]) -> dict[int, Says]:
    """`patterns` and `desk` are tickets of each of the last LATE + EARLY whole weeks, the last one last. Odds against
    the rest of the desk, with Holm's procedure over the whole list: a desk that grows makes no pattern grow, and a list
    claims anything false in at most 5 of 100 cases."""
    changes = {str(key): _change(own, desk) for key, own in patterns.items()}
    return {int(key): change.says for key, change in claims(changes).items()}


def _change(own: Sequence[int], desk: Sequence[int]) -> Change:
    weeks = [Week(count, max(0, whole - count)) for count, whole in zip(own, desk, strict=True)]
    return against_rest(weeks[-LATE - EARLY : -LATE], weeks[-LATE:])
