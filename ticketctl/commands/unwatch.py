"""`ticketctl unwatch`"""

from __future__ import annotations

import click

from ticketctl.commands.options import numbers
from ticketctl.present.words.watch import unwatch_line
from ticketctl.terminal.output import print_batch
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.tickets.watch import Unwatch, unwatch


@click.command
@numbers
@click.pass_obj
def command(shell: Shell, numbers: list[int]) -> None:
    """Stop watching tickets.

    Your inbox no longer shows them, unless they are yours or a note names you.

    \b
    Example:
      ticketctl unwatch 17
    """
    print_batch(shell, unwatch(shell.session, Unwatch(tickets=tuple(numbers))), unwatch_line)
