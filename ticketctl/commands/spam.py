"""`ticketctl spam`"""

from __future__ import annotations

import click

from ticketctl.commands.options import base_revision, dry_run, numbers, wanted_revision
from ticketctl.present.words import spam as words
from ticketctl.terminal.output import print_batch
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.tickets.close import MarkSpam, mark_spam


@click.command
@numbers
@dry_run
@base_revision
@click.pass_obj
def command(shell: Shell, numbers: list[int], dry_run: bool) -> None:
    """Close tickets as spam.

    They count in no figure and are never answered. Later mail that answers them is added and stays spam.
    `ticketctl reopen` takes it back.

    \b
    Examples:
      ticketctl spam 17
      ticketctl spam 20-24
    """
    request = MarkSpam(tickets=tuple(numbers), seen=wanted_revision())
    print_batch(shell, mark_spam(shell.session, request, keep=not dry_run), words.line, dry_run=dry_run)
