"""`ticketctl spam`"""

from __future__ import annotations

import click

from ticketctl.commands.options import base_revision
from ticketctl.commands.options import dry_run as dry_run_option
from ticketctl.commands.options import numbers as numbers_argument
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.ports.store import Desk
from ticketctl.terminal.changes import change_each
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.people import act
from ticketctl.usecases.tickets.change import Change


@click.command
@numbers_argument
@dry_run_option
@base_revision
@click.pass_obj
def command(shell: Shell, numbers: list[int], dry_run: bool) -> None:
    """Close tickets as spam.

    They count in no measure, and are never answered. What the sender writes in answer to them joins them, and they stay
    spam. `ticketctl reopen` takes it back.

    \b
    Examples:
      ticketctl spam 17
      ticketctl spam 20-24
    """
    by = act(shell.session, "spam")

    def decide(_desk: Desk, ticket: Ticket) -> Change:
        if ticket.spam:
            return Change(ticket, f"#{ticket.number} is marked as spam already")
        return Change(ticket.mark_spam(by), f"#{ticket.number} closed as spam: {ticket.subject}")

    change_each(shell.session, numbers, decide, dry_run=dry_run)
