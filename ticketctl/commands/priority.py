"""`ticketctl priority`"""

from __future__ import annotations

import click

from ticketctl.commands.options import base_revision, dry_run, numbers_before
from ticketctl.content.times import ahead
from ticketctl.domain.ticket.ticket import PRIORITIES, Priority, Ticket
from ticketctl.ports.store import Desk
from ticketctl.terminal.changes import change_each
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.people import act
from ticketctl.usecases.tickets.change import Change
from ticketctl.usecases.views.next_due import due_at


@click.command
@numbers_before(click.Choice(PRIORITIES).shell_complete)
@click.argument("priority", type=click.Choice(PRIORITIES))
@dry_run
@base_revision
@click.pass_obj
def command(shell: Shell, numbers: list[int], priority: Priority, dry_run: bool) -> None:
    """Set the priority: high, medium or low.

    high is an outage, a payment, security; medium touches many but there is a way around; low is not urgent. The
    deadlines are reckoned anew from the ticket's start.

    \b
    Example:
      ticketctl priority 17 high
    """
    acting = act(shell.session, "priority")

    def decide(desk: Desk, ticket: Ticket) -> Change:
        after = ticket.prioritise(acting, priority)
        if after == ticket:
            return Change(ticket, f"#{ticket.number} is {priority} already")
        due = due_at(shell.session, after)
        told = f"; due {ahead(due, shell.session.now)}" if due else ""
        return Change(after, f"#{ticket.number} is {priority} now (was {ticket.priority}){told}")

    change_each(shell.session, numbers, decide, dry_run=dry_run)
