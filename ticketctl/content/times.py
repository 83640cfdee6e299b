"""Times as people say them: local, and as short as the moment allows. `language` is one of the tables of words.py;
another is spoken to in English."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ticketctl.content.words import weekday

# What stands behind a number of minutes, hours, days and weeks; and a moment that is to come, and one that is over.
UNITS = {"en": ("m", "h", "d", "w"), "sv": (" min", " tim", " dagar", " veckor")}
AHEAD = {"en": ("in {span}", "{span} late"), "sv": ("om {span}", "{span} sen")}


def zone(name: str) -> tzinfo:
    """The desk's time zone; UTC where the machine does not know that name (config refuses such a name)."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def local(moment: datetime, where: tzinfo, language: str = "en") -> str:
    """ "Fri 2026-11-20 10:12", "fre 2026-11-20 10:12"."""
    here = moment.astimezone(where)
    return f"{weekday(here.weekday(), language)} {here:%Y-%m-%d %H:%M}"


def short(moment: datetime, now: datetime, where: tzinfo, language: str = "en") -> str:
    """ "09:35" of today, "Tue 09:35" within a week, else "2026-11-20 09:35"."""
    here, today = moment.astimezone(where), now.astimezone(where).date()
    if here.date() == today:
        return f"{here:%H:%M}"
    if abs((here.date() - today).days) < 7:
        return f"{weekday(here.weekday(), language)} {here:%H:%M}"
    return f"{here:%Y-%m-%d %H:%M}"


def span(length: timedelta, language: str = "en") -> str:
    """A duration in its largest whole unit: "40m", "3h", "2d", "9w"; in Swedish "40 min", "3 tim", "2 dagar", "9
    veckor" (there are never fewer than two days, or eight weeks); never negative."""
    in_minutes, in_hours, in_days, in_weeks = UNITS.get(language, UNITS["en"])
    minutes = max(0, int(length.total_seconds()) // 60)
    if minutes < 60:
        return f"{minutes}{in_minutes}"
    if minutes < 48 * 60:
        return f"{minutes // 60}{in_hours}"
    days = minutes // (24 * 60)
    return f"{days}{in_days}" if days < 60 else f"{days // 7}{in_weeks}"


def age(since: datetime, now: datetime, language: str = "en") -> str:
    return span(now - since, language)


def ahead(moment: datetime, now: datetime, language: str = "en") -> str:
    """ "in 3h", or "2d late"; "om 3 tim", or "2 dagar sen"."""
    to_come, over = AHEAD.get(language, AHEAD["en"])
    if moment >= now:
        return to_come.format(span=span(moment - now, language))
    return over.format(span=span(now - moment, language))
