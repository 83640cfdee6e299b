"""`ticketctl split`"""

from __future__ import annotations

import click

from ticketctl.commands.options import dry_run, message_key, number
from ticketctl.present.words.move import split_line
from ticketctl.terminal.output import print_batch
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.tickets.move import Split, split


@click.command
@number
@message_key
@click.option("--subject", default="", metavar="TEXT", help="The new ticket's subject; else the message's.")
@dry_run
@click.pass_obj
def command(shell: Shell, number: int, message: str, subject: str, dry_run: bool) -> None:
    """Make a new ticket of a message.

    MESSAGE is its name in `ticketctl show`, such as m3. The requester of the new ticket is the message's writer
    (of our own mail its recipient), its start is when the message arrived, and it is unassigned. Later answers to
    the message follow it. Both histories record it, and the tickets are linked. `ticketctl move` moves further
    messages there.

    \b
    Examples:
      ticketctl split 17 m3
      ticketctl split 17 m3 --subject "Fakturan för oktober"
    """
    done = split(shell.session, Split(ticket=number, message=message, subject=subject), keep=not dry_run)
    print_batch(shell, (done,), split_line, dry_run=dry_run)
