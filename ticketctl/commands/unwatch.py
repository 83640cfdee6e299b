"""`ticketctl unwatch`"""

from __future__ import annotations

import click

from ticketctl.commands.options import numbers
from ticketctl.commands.watch import watcher
from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.ports.store import Desk
from ticketctl.terminal.changes import change_each
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.automation.mentions import WATCHED
from ticketctl.usecases.tickets.change import Change


@click.command
@numbers
@click.pass_obj
def command(shell: Shell, numbers: list[int]) -> None:
    """Watch a ticket no longer.

    It is in your inbox no more, unless it is yours or a note names you.

    \b
    Example:
      ticketctl unwatch 17
    """
    agent = watcher(shell)

    def decide(desk: Desk, ticket: Ticket) -> Change:
        desk.remember(f"{WATCHED}{agent} {ticket.number}", "")
        after = ticket.unwatch(Act(agent, shell.session.now, "unwatch"), agent)
        told = "is not watched by" if after == ticket else "is no longer watched by"
        return Change(after, f"#{ticket.number} {told} {agent}")

    change_each(shell.session, numbers, decide)
