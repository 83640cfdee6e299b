"""`ticketctl priority`"""

from __future__ import annotations

import click

from ticketctl.app import App
from ticketctl.commands._changes import Change, change_each
from ticketctl.commands._people import act
from ticketctl.commands._standing import due_at
from ticketctl.commands.options import base_revision, dry_run, numbers_before
from ticketctl.domain.ticket import PRIORITIES, Priority, Ticket
from ticketctl.present.times import ahead
from ticketctl.store.base import Desk


@click.command
@numbers_before(click.Choice(PRIORITIES).shell_complete)
@click.argument("priority", type=click.Choice(PRIORITIES))
@dry_run
@base_revision
@click.pass_obj
def command(app: App, numbers: list[int], priority: Priority, dry_run: bool) -> None:
    """Set the priority: high, medium or low.

    high is an outage, a payment, security; medium touches many but there is a way around; low is not urgent. The
    deadlines are reckoned anew from the ticket's start.

    \b
    Example:
      ticketctl priority 17 high
    """
    acting = act(app, "priority")

    def decide(desk: Desk, ticket: Ticket) -> Change:
        after = ticket.prioritise(acting, priority)
        if after == ticket:
            return Change(ticket, f"#{ticket.number} is {priority} already")
        due = due_at(app, after)
        told = f"; due {ahead(due, app.now)}" if due else ""
        return Change(after, f"#{ticket.number} is {priority} now (was {ticket.priority}){told}")

    change_each(app, numbers, decide, dry_run=dry_run)
