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
    """Undo a merge.

    TICKET is the one that was merged into another. It gets its messages and its former status back; the other
    loses what the merge brought: messages, persons, labels, priority, owner, fields, links, the earlier start.
    What was written since then stays there; if something answers TICKET, you are shown the command that moves it.

    \b
    Example:
      ticketctl unmerge 18
    """
    batch = unmerge(shell.session, Unmerge(tickets=tuple(numbers)), keep=not dry_run)
    print_batch(shell, batch, words.line, dry_run=dry_run)
