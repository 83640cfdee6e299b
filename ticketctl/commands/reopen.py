"""`ticketctl reopen`"""

from __future__ import annotations

from functools import partial

import click

from ticketctl.commands.options import base_revision, closed_numbers, dry_run
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.ports.store import Desk
from ticketctl.terminal.changes import change_each
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.automation.ticket_events import happened, tell
from ticketctl.usecases.people import act
from ticketctl.usecases.tickets.change import Change


@click.command
@closed_numbers
@dry_run
@base_revision
@click.pass_obj
def command(shell: Shell, numbers: list[int], dry_run: bool) -> None:
    """Open closed tickets again.

    Owner, labels, cause and lesson stay. A ticket closed as spam is no spam any more. One that was merged into
    another is taken out of it with `ticketctl unmerge`.

    \b
    Example:
      ticketctl reopen 17
    """
    acting = act(shell.session, "reopen")

    def decide(desk: Desk, ticket: Ticket) -> Change:
        after = ticket.reopen(acting)
        owner = f", {after.assignee}’s" if after.assignee else "; nobody owns it: `ticketctl assign`"
        outcome = happened(shell.session, desk, after, "reopened")
        for remark in outcome.remarks:
            shell.warn(remark.facts["text"])
        return Change(outcome.ticket, f"#{ticket.number} is open again{owner}")

    change_each(shell.session, numbers, decide, dry_run=dry_run, finish=partial(tell, shell.session))
