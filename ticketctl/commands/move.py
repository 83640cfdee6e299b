"""`ticketctl move`"""

from __future__ import annotations

import click

from ticketctl.commands.options import Number, dry_run, message_key, number
from ticketctl.present.words.move import moved_line
from ticketctl.terminal.output import print_batch
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.tickets.move import Move, move


@click.command
@number
@message_key
@click.argument("target", type=Number(), metavar="TARGET")
@dry_run
@click.pass_obj
def command(shell: Shell, number: int, message: str, target: int, dry_run: bool) -> None:
    """Move a wrongly joined message to another ticket.

    MESSAGE is its name in `ticketctl show`, such as m3. It goes to TARGET with its attachments, whose writer takes part
    there from then on; later answers to it follow. Whom no other message of TICKET names has no part in that any more.
    Both tickets tell of it, and are linked.

    A draft, and all that there is in a ticket, are not moved. To join whole tickets, use `ticketctl merge`.

    \b
    Example:
      ticketctl move 17 m3 18
    """
    done = move(shell.session, Move(ticket=number, message=message, target=target), keep=not dry_run)
    print_batch(shell, (done,), moved_line, dry_run=dry_run)
