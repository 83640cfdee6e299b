"""`ticketctl priority`"""

from __future__ import annotations

import click

from ticketctl.commands.options import base_revision, dry_run, numbers_before, wanted_revision
from ticketctl.domain.ticket.ticket import PRIORITIES, Priority
from ticketctl.present.words import priority as words
from ticketctl.terminal.output import print_batch
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.tickets.priority import Prioritise, prioritise


@click.command
@numbers_before(click.Choice(PRIORITIES).shell_complete)
@click.argument("priority", type=click.Choice(PRIORITIES))
@dry_run
@base_revision
@click.pass_obj
def command(shell: Shell, numbers: list[int], priority: Priority, dry_run: bool) -> None:
    """Set the priority: high, medium or low.

    high is for an outage, payments, security; medium affects many but has a workaround; low is not urgent. The
    deadlines are computed again from the ticket's start.

    \b
    Example:
      ticketctl priority 17 high
    """
    request = Prioritise(tickets=tuple(numbers), priority=priority, seen=wanted_revision())
    print_batch(shell, prioritise(shell.session, request, keep=not dry_run), words.line, dry_run=dry_run)
