"""Until when a ticket waits, as somebody says it."""

from __future__ import annotations

from datetime import datetime

from ticketctl.domain.deadlines.date_words import moment, names_a_day
from ticketctl.usecases.session import Session

DEFAULT_WAIT = "calendar 7d"  # after a reply that names no time


def wake_time(session: Session, text: str) -> datetime:
    """The instant that "5d", "calendar 4h", "2026-12-01" or "fredag 15" names, reckoned from now; raises Usage."""
    return moment(text, session.now, session.config.hours)


def names_day(session: Session, text: str) -> bool:
    """Whether "2026-12-01" or "fredag 15" is meant, and not "5d": such a ticket is not reminded."""
    return names_a_day(text, session.now, session.config.hours)
