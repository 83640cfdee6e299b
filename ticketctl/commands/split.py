"""`ticketctl split`"""

from __future__ import annotations

import click

from ticketctl.commands.options import dry_run, message_key, number
from ticketctl.domain.changes import move_message as moving
from ticketctl.terminal.changes import say_all, told_as
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.intake.file_message import policy
from ticketctl.usecases.people import act
from ticketctl.usecases.tickets.change import Change


@click.command
@number
@message_key
@click.option("--subject", default="", metavar="TEXT", help="The new ticket's subject; else the message's.")
@dry_run
@click.pass_obj
def command(shell: Shell, number: int, message: str, subject: str, dry_run: bool) -> None:
    """Make a new ticket of a wrongly joined message.

    MESSAGE is its name in `ticketctl show`, such as m3. The new ticket is its writer's (of our own mail its
    recipient's), began when the message came, and has no owner yet. Later answers to the message follow it. Both
    tickets tell of it, and are linked. `ticketctl move` takes further messages there.

    \b
    Examples:
      ticketctl split 17 m3
      ticketctl split 17 m3 --subject "Fakturan för oktober"
    """
    acting = act(shell.session, "split")
    with shell.session.store.transaction(keep=not dry_run) as desk:
        before = desk.get(number)
        fresh = desk.new_number()
        source, ticket = moving.split(acting, before, message, fresh, policy(shell.session).is_ours, subject.strip())
        for item in moving.moved_copies(desk.outbox(), before, message, fresh, "m1"):
            desk.queue(item)
        desk.save(source)
        ticket = desk.save(ticket)
    from ticketctl.content.terminal import line

    told = f"#{number} {message} is the new ticket #{fresh} now, {line(str(ticket.requester))}: {line(ticket.subject)}"
    say_all(shell.session, [told_as(shell.session, Change(ticket, told))], dry_run=dry_run)
