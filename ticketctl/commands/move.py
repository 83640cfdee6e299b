"""`ticketctl move`"""

from __future__ import annotations

import click

from ticketctl.commands.options import Number, dry_run, message_key, number
from ticketctl.domain.changes import move_message as moving
from ticketctl.terminal.changes import say_all, told_as
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.intake.file_message import policy
from ticketctl.usecases.people import act
from ticketctl.usecases.tickets.change import Change


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
    acting = act(shell.session, "move")
    with shell.session.store.transaction(keep=not dry_run) as desk:
        before = desk.get(number)
        source, after, there = moving.move(acting, before, message, desk.get(target), policy(shell.session).is_ours)
        for item in moving.moved_copies(desk.outbox(), before, message, target, there):
            desk.queue(item)
        desk.save(source)
        after = desk.save(after)
    told = f"#{number} {message} is {there} of #{target} now"
    say_all(shell.session, [told_as(shell.session, Change(after, told))], dry_run=dry_run)
