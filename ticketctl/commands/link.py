"""`ticketctl link`"""

from __future__ import annotations

import click

from ticketctl.commands.options import dry_run, numbers
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.errors import Usage
from ticketctl.present.words import link as words
from ticketctl.terminal.output import print_batch, ticket_line
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.results import Batch, Failed
from ticketctl.usecases.shown import shown
from ticketctl.usecases.tickets.link import Linked, LinkTickets, link


@click.command
@numbers
@click.option("--remove", is_flag=True, help="Remove the links.")
@dry_run
@click.pass_obj
def command(shell: Shell, numbers: list[int], remove: bool, dry_run: bool) -> None:
    """Link tickets that belong together.

    The first is linked with each of the others. Both show the other as related; nothing else changes. To make one
    ticket of two, use `ticketctl merge`.

    \b
    Examples:
      ticketctl link 17 23
      ticketctl link 17 23 19-21
      ticketctl link 17 23 --remove
    """
    if len(numbers) < 2:
        raise Usage("name the ticket, then the others to link it with, as in `ticketctl link 17 23`")
    request = LinkTickets(ticket=numbers[0], others=tuple(numbers[1:]), remove=remove)
    batch = link(shell.session, request, keep=not dry_run)
    if shell.json:
        for ticket in _changed(batch).values():
            shell.say(ticket_line(shown(shell.session, ticket)))
        batch = tuple(one for one in batch if isinstance(one, Failed))
    print_batch(shell, batch, words.line, dry_run=dry_run)


def _changed(batch: Batch[Linked]) -> dict[int, Ticket]:
    """Every ticket that was changed, as it is now."""
    found: dict[int, Ticket] = {}
    for one in batch:
        if not isinstance(one, Failed):
            found.update({ticket.number: ticket for ticket in one.value.changed})
    return found
