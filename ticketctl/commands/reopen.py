"""`ticketctl reopen`"""

from __future__ import annotations

import click

from ticketctl.commands.options import base_revision, closed_numbers, dry_run, wanted_revision
from ticketctl.present.words import reopen as words
from ticketctl.terminal.output import print_batch
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.tickets.close import Reopen, reopen


@click.command
@closed_numbers
@dry_run
@base_revision
@click.pass_obj
def command(shell: Shell, numbers: list[int], dry_run: bool) -> None:
    """Reopen closed tickets.

    Owner, labels, cause and lesson are kept. A ticket that was closed as spam is no longer spam. Use `ticketctl
    unmerge` for one that was merged into another.

    \b
    Example:
      ticketctl reopen 17
    """
    request = Reopen(tickets=tuple(numbers), seen=wanted_revision())
    print_batch(shell, reopen(shell.session, request, keep=not dry_run), words.line, dry_run=dry_run)
