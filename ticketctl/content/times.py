"""Times as people say them: local, and as short as the moment allows."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def zone(name: str) -> tzinfo:
    """The desk's time zone; UTC where the machine does not know that name (config refuses such a name)."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def local(moment: datetime, where: tzinfo) -> str:
    """ "Fri 2026-11-20 10:12"."""
    here = moment.astimezone(where)
    return f"{DAYS[here.weekday()]} {here:%Y-%m-%d %H:%M}"


def short(moment: datetime, now: datetime, where: tzinfo) -> str:
    """ "09:35" of today, "Tue 09:35" within a week, else "2026-11-20 09:35"."""
    here, today = moment.astimezone(where), now.astimezone(where).date()
    if here.date() == today:
        return f"{here:%H:%M}"
    if abs((here.date() - today).days) < 7:
        return f"{DAYS[here.weekday()]} {here:%H:%M}"
    return f"{here:%Y-%m-%d %H:%M}"


def span(length: timedelta) -> str:
    """A duration in its largest whole unit: "40m", "3h", "2d", "5w"; never negative."""
    minutes = max(0, int(length.total_seconds()) // 60)
    if minutes < 60:
        return f"{minutes}m"
    if minutes < 48 * 60:
        return f"{minutes // 60}h"
    days = minutes // (24 * 60)
    return f"{days}d" if days < 60 else f"{days // 7}w"


def age(since: datetime, now: datetime) -> str:
    return span(now - since)


def ahead(moment: datetime, now: datetime) -> str:
    """ "in 3h", or "2d late"."""
    return f"in {span(moment - now)}" if moment >= now else f"{span(now - moment)} late"
