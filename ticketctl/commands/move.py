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
    """Move a message to another ticket.

    MESSAGE is its name in `ticketctl show`, such as m3. It moves to TARGET with its attachments; its writer
    becomes a participant there, and later answers to it follow. Participants named by no other message of TICKET
    are removed from it. Both histories record it, and the tickets are linked.

    A draft, or the only message of a ticket, cannot be moved. To join whole tickets, use `ticketctl merge`.

    \b
    Example:
      ticketctl move 17 m3 18
    """
    done = move(shell.session, Move(ticket=number, message=message, target=target), keep=not dry_run)
    print_batch(shell, (done,), moved_line, dry_run=dry_run)
