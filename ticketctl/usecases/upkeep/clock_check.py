"""Jobs that act on the clock alone refuse where it may be wrong: a dead battery makes it years wrong, and then a
retention rule would take everything in one night.

It is compared with the last instant at which it was known to be right. Back by more than a day is never right. Ahead by
more than a day may be a computer that was off for a fortnight: then somebody else who knows the time must say so too.

A TICKETCTL_NOW that somebody set is their own word: it is believed, and not remembered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from ticketctl.content.times import local
from ticketctl.domain.config import ImapSource
from ticketctl.domain.ticket.query import ACTIVE
from ticketctl.errors import NextStep, Refused
from ticketctl.ports.store import Desk
from ticketctl.usecases.session import Session
from ticketctl.usecases.upkeep.host_check import elsewhere

CLOCK_IS_RIGHT = NextStep("escalate", given={"clock_is_right": True}, then="says that it is right now")
_DAY = timedelta(days=1)
FACT = "clock"  # of the desk: when the clock was last known to be right, RFC 3339


def must_be_right(session: Session, *, sure: bool) -> None:
    """Raises Refused where the clock is more than a day from when it was last known to be right, and nothing bears it
    out."""
    if sure or _given(session):
        return
    with session.store.reading() as desk:
        known = doubted(session, desk)
    if known and not is_borne_out(session.now, known, elsewhere(session), ()):
        raise Refused(
            "it is {now} UTC here, and was {known} UTC when the clock was last known to be right; nothing was done, "
            "see `timedatectl`",
            code="clock_doubted",
            now=local(session.now, UTC),
            known=local(known, UTC),
            next_step=CLOCK_IS_RIGHT,
        )


def doubted(session: Session, desk: Desk) -> datetime | None:
    """When the clock was last known to be right, where that makes it doubtful, as far as the desk alone shows."""
    known = known_at(desk)
    if (
        known is None
        or _given(session)
        or is_near(session.now, known)
        or is_borne_out(session.now, known, (), _arrivals(session, desk))
    ):
        return None
    return known


def note_clock(session: Session, desk: Desk) -> None:
    """Remembers that the clock is right now; only after `must_be_right`, or where it `is_near`."""
    if not _given(session):
        desk.remember(FACT, session.now.isoformat())


def note_if_near(session: Session, desk: Desk) -> None:
    if is_near(session.now, known_at(desk)):
        note_clock(session, desk)


def known_at(desk: Desk) -> datetime | None:
    found = desk.recall(FACT)
    return datetime.fromisoformat(found) if found else None


def _given(session: Session) -> bool:
    return session.clock_given


def _arrivals(session: Session, desk: Desk) -> Iterator[datetime]:
    """Of mail that an IMAP server dated; a Maildir has the time of this computer."""
    servers = {source.name for source in session.config.sources if isinstance(source, ImapSource)}
    for ticket in desk.find(ACTIVE):
        yield from (one.at for one in ticket.messages if one.direction == "in" and servers & set(one.source))


# --- decided without looking at anything ---


def is_near(now: datetime, known: datetime | None) -> bool:
    """Whether it is within a day of when the clock was known to be right; yes where that is not known."""
    return known is None or abs(now - known) <= _DAY


def is_borne_out(now: datetime, known: datetime, elsewhere: Iterable[datetime], arrivals: Iterable[datetime]) -> bool:
    """Whether a clock that is further off is right all the same: `elsewhere` is what other computers say it is now,
    `arrivals` when mail servers took in mail, by their clocks, which says nothing about a clock that went back."""
    return any(abs(now - one) <= _DAY for one in elsewhere) or (
        now > known and any(abs(now - one) <= _DAY for one in arrivals)
    )
