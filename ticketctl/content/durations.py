"""Durations as people read them in a report."""

from __future__ import annotations

from datetime import timedelta


def calendar_time(length: timedelta | None) -> str:
    """ "12 min", "2 h 30 min", "3 d 4 h", "45 d"; a dash where there is none."""
    if length is None:
        return "–"
    minutes = _minutes(length)
    if minutes < 48 * 60:
        return _hours(minutes)
    hours = round(minutes / 60)
    days, rest = divmod(hours, 24)
    return f"{days} d {rest} h" if rest and days < 10 else f"{round(minutes / 1440)} d"


def business_time(length: timedelta | None) -> str:
    """ "12 min", "2 h 30 min", "27 h": never in days, since a business day has no length of its own."""
    return "–" if length is None else _hours(_minutes(length))


def _minutes(length: timedelta) -> int:
    return round(length / timedelta(minutes=1))


def _hours(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest} min" if rest and hours < 24 else f"{round(minutes / 60)} h"
