"""`ticketctl unmerge`"""

from __future__ import annotations

import click

from ticketctl.commands.options import dry_run, merged_numbers
from ticketctl.present.words import unmerge as words
from ticketctl.terminal.output import print_batch
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.tickets.merge import Unmerge, unmerge


@click.command
@merged_numbers
@dry_run
@click.pass_obj
def command(shell: Shell, numbers: list[int], dry_run: bool) -> None:
    """Take a merge back.

    TICKET is the one that was merged away. It gets its messages and the status that it had; the other loses what the
    merge had brought: messages, persons, labels, priority, owner, fields, links, the earlier start. What was written
    since then stays where it is; what of that answers TICKET is told, with the command that moves it.

    \b
    Example:
      ticketctl unmerge 18
    """
    batch = unmerge(shell.session, Unmerge(tickets=tuple(numbers)), keep=not dry_run)
    print_batch(shell, batch, words.line, dry_run=dry_run)
