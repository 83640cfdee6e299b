"""`ticketctl wait`"""

from __future__ import annotations

from datetime import date, datetime, time

import click

from ticketctl.app import App
from ticketctl.commands._changes import Change, change_each
from ticketctl.commands._people import act
from ticketctl.commands.options import dry_run, numbers
from ticketctl.domain.hours import add, next_opening
from ticketctl.domain.settings import parse_duration
from ticketctl.domain.ticket import Ticket
from ticketctl.errors import Usage
from ticketctl.present.times import local, zone
from ticketctl.store.base import Desk


@click.command
@numbers
@click.argument("until", metavar="UNTIL")
@dry_run
@click.pass_obj
def command(app: App, numbers: list[int], until: str, dry_run: bool) -> None:
    """Wait for the customer until a date.

    UNTIL is a time to wait (30m, 4h, 5d, 2w: in opening hours, `calendar 5d` by the clock), a date (2026-12-01: at
    the opening of that day), or `no`, which takes the ticket back at once. The ticket comes back earlier when the
    customer writes; while it waits its resolution target stands still.

    \b
    Example:
      ticketctl wait 17 5d
      ticketctl wait 18 2026-12-01
    """
    acting = act(app, "wait")
    wake_at = None if until == "no" else wake_time(app, until)

    def decide(desk: Desk, ticket: Ticket) -> Change:
        if wake_at is None:
            return Change(ticket.wake(acting), f"#{ticket.number} waits for us again")
        after = ticket.wait(acting, wake_at)
        told = "waits for the customer" if after != ticket else "waits for the customer already,"
        return Change(after, f"#{ticket.number} {told} until {local(wake_at, zone(app.config.timezone))}")

    change_each(app, numbers, decide, dry_run=dry_run)


def wake_time(app: App, text: str) -> datetime:
    """The instant that "5d", "calendar 4h" or "2026-12-01" names, reckoned from now; raises Usage."""
    hours = app.config.hours
    try:
        where = zone(app.config.timezone)
        wake_at = next_opening(datetime.combine(date.fromisoformat(text), time(), where), hours)
    except ValueError:
        try:
            wake_at = add(app.now, parse_duration(text), hours)
        except (ValueError, OverflowError):
            raise Usage(f"{text!r} is neither a time to wait (4h, 5d, 2w) nor a date (2026-12-01)") from None
    if wake_at <= app.now:
        raise Usage(f"{text} is not in the future")
    return wake_at
