"""`ticketctl watch`"""

from __future__ import annotations

import click

from ticketctl.commands.options import numbers
from ticketctl.present.words.watch import watch_line
from ticketctl.terminal.output import print_batch
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.tickets.watch import Watch, watch


@click.command
@numbers
@click.option("--mail", is_flag=True, help="Also by mail, with the next `escalate`.")
@click.pass_obj
def command(shell: Shell, numbers: list[int], mail: bool) -> None:
    """Watch tickets that are assigned to somebody else.

    `inbox` shows what happens on them from now on, until you `unwatch` them. With --mail you also get it by mail,
    with the next `ticketctl escalate`, in one mail for all. Viewers can watch too.

    \b
    Examples:
      ticketctl watch 17
      ticketctl watch 18 --mail
    """
    print_batch(shell, watch(shell.session, Watch(tickets=tuple(numbers), mail=mail)), watch_line)
