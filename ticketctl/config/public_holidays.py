"""Public holidays of a country as days on which the desk is closed.

They are worked out when rules.yaml is read and are kept in its compiled copy, so that the domain knows days alone and a
daily command does not load the library. YEARS is as far as promises and reports of a desk reach.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from ticketctl.errors import MissingExtra

YEARS = range(2010, 2050)


def known(country: str) -> bool:
    """Whether the library has its holidays; True where it is not installed: `days` then tells so."""
    try:
        import holidays
    except ImportError:
        return True
    return country in holidays.list_supported_countries(include_aliases=False)


def days(country: str, *, eves: bool = True) -> frozenset[date]:
    """The public holidays of YEARS; for SE with `eves` also midsommarafton, julafton and nyårsafton, which are holidays
    by custom and agreement, not by law. Raises MissingExtra."""
    try:
        import holidays
    except ImportError:
        raise MissingExtra(
            "rules.yaml: hours: holidays: {country} needs the extra [calendar]",
            code="no_calendar_extra",
            country=country,
        ) from None
    found = frozenset(holidays.country_holidays(country, years=YEARS))
    if country != "SE" or not eves:
        return found
    return found | frozenset(day for year in YEARS for day in _swedish_eves(year))


def _swedish_eves(year: int) -> Iterator[date]:
    midsummer = date(year, 6, 19)  # its eve is the Friday from the 19th to the 25th
    yield midsummer + timedelta(days=(4 - midsummer.weekday()) % 7)
    yield date(year, 12, 24)
    yield date(year, 12, 31)
