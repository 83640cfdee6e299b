"""Whether this computer's clock may be right. A dead battery or a slip makes it years wrong, and then a retention rule
would take everything in one night.

It is held against the last instant at which it was known to be right. Back by more than a day is never right. Ahead by
more than a day may be a computer that was off for a fortnight: then somebody else who knows the time must say so too.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

DAY = timedelta(days=1)


def is_near(now: datetime, known: datetime | None) -> bool:
    """Whether it is within a day of when the clock was known to be right; yes where that is not known."""
    return known is None or abs(now - known) <= DAY


def is_borne_out(now: datetime, known: datetime, elsewhere: Iterable[datetime], arrivals: Iterable[datetime]) -> bool:
    """Whether a clock that is further off is right all the same: `elsewhere` is what other computers say it is now,
    `arrivals` when mail servers took in mail, by their clocks, which tells nothing of a clock that went back."""
    return any(abs(now - one) <= DAY for one in elsewhere) or (
        now > known and any(abs(now - one) <= DAY for one in arrivals)
    )
