"""Days and times as a customer reads them, in Swedish or English: "i morgon, tisdag, kl. 10:00", "by 10:00 today"."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo

DAYS = {
    "sv": ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
MONTHS = {
    "sv": ("januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november",
           "december"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"),
}  # fmt: skip
LANGUAGES = tuple(DAYS)


def day(when: date, language: str) -> str:
    """ "torsdag 24 december", "Thursday 24 December"."""
    return f"{DAYS[language][when.weekday()]} {when.day} {MONTHS[language][when.month - 1]}"


def at(moment: datetime, now: datetime, zone: tzinfo, language: str) -> str:
    """ "i dag kl. 08:00", "i morgon, tisdag, kl. 08:00", "måndag 23 november kl. 08:00"; "today at 08:00",
    "tomorrow, Tuesday, at 08:00", "on Monday 23 November at 08:00"."""
    here = moment.astimezone(zone)
    near = _near(here.date(), now.astimezone(zone).date(), language)
    if language == "sv":
        return f"{near or day(here.date(), 'sv')} kl. {here:%H:%M}"
    return f"{near or 'on ' + day(here.date(), 'en')} at {here:%H:%M}"


def by(moment: datetime, now: datetime, zone: tzinfo, language: str) -> str:
    """ "senast i dag kl. 14:00", "senast måndag 23 november kl. 10:00"; "by 14:00 today", "by 10:00 on Monday …"."""
    if language == "sv":
        return f"senast {at(moment, now, zone, 'sv')}"
    here = moment.astimezone(zone)
    near = _near(here.date(), now.astimezone(zone).date(), "en").rstrip(",")
    return f"by {here:%H:%M} {near or 'on ' + day(here.date(), 'en')}"


def _near(when: date, today: date, language: str) -> str:
    """Today and tomorrow by their names, "" for other days."""
    if when == today:
        return {"sv": "i dag", "en": "today"}[language]
    if when == today + timedelta(days=1):
        name = DAYS[language][when.weekday()]
        return {"sv": f"i morgon, {name},", "en": f"tomorrow, {name},"}[language]
    return ""
