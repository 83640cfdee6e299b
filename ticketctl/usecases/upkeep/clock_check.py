"""Jobs that act on the clock alone refuse where it may be wrong.

A TICKETCTL_NOW that somebody set is their own word: it is believed, and not remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, TypeVar

import click

from ticketctl.content.times import local
from ticketctl.domain.config import ImapSource
from ticketctl.domain.deadlines.clock import is_borne_out, is_near
from ticketctl.domain.ticket.query import ACTIVE
from ticketctl.errors import Refused
from ticketctl.ports.store import Desk
from ticketctl.usecases.session import App
from ticketctl.usecases.upkeep.host_check import elsewhere

FACT = "clock"  # of the desk: when the clock was last known to be right, RFC 3339
F = TypeVar("F", bound=Callable[..., Any])


def clock_is_right(command: F) -> F:
    """The option by which a person says that the clock is right."""
    told = "The clock is right, though this computer was off for long."
    return click.option("--clock-is-right", "sure", is_flag=True, help=told)(command)


def must_be_right(app: App, *, sure: bool) -> None:
    """Raises Refused where the clock is more than a day from when it was last known to be right, and nothing bears it
    out."""
    if sure or _given(app):
        return
    with app.store.reading() as desk:
        known, told = known_at(desk), doubted(app, desk)
    if told and known and not is_borne_out(app.now, known, elsewhere(app), ()):
        raise Refused(f"{told}; nothing was done, see `timedatectl`")


def doubted(app: App, desk: Desk) -> str:
    """What is doubtful about the clock, as far as the desk alone can tell; "" where nothing is."""
    known = known_at(desk)
    if (
        known is None
        or _given(app)
        or is_near(app.now, known)
        or is_borne_out(app.now, known, (), _arrivals(app, desk))
    ):
        return ""
    return _told(app, known)


def _told(app: App, known: datetime) -> str:
    return (
        f"it is {local(app.now, UTC)} UTC here, and was {local(known, UTC)} UTC when the clock was last known to be "
        "right; if it is right now, say so once: `ticketctl escalate --clock-is-right`"
    )


def note_clock(app: App, desk: Desk) -> None:
    """Remembers that the clock is right now; only after `must_be_right`, or where it `is_near`."""
    if not _given(app):
        desk.remember(FACT, app.now.isoformat())


def note_if_near(app: App, desk: Desk) -> None:
    if is_near(app.now, known_at(desk)):
        note_clock(app, desk)


def known_at(desk: Desk) -> datetime | None:
    found = desk.recall(FACT)
    return datetime.fromisoformat(found) if found else None


def _given(app: App) -> bool:
    return bool(app.environ.get("TICKETCTL_NOW"))


def _arrivals(app: App, desk: Desk) -> Iterator[datetime]:
    """Of mail that an IMAP server dated; a Maildir has the time of this computer."""
    servers = {source.name for source in app.config.sources if isinstance(source, ImapSource)}
    for ticket in desk.find(ACTIVE):
        yield from (one.at for one in ticket.messages if one.direction == "in" and servers & set(one.source))
