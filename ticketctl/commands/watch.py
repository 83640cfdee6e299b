"""`ticketctl watch`"""

from __future__ import annotations

import click

from ticketctl.commands.options import numbers
from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.errors import Refused, Usage
from ticketctl.ports.store import Desk
from ticketctl.terminal.changes import change_each
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.automation.mentions import WATCHED
from ticketctl.usecases.people import note_reading
from ticketctl.usecases.tickets.change import Change


@click.command
@numbers
@click.option("--mail", is_flag=True, help="Also by mail, with the next `escalate`.")
@click.pass_obj
def command(shell: Shell, numbers: list[int], mail: bool) -> None:
    """Have a ticket that is not yours in your inbox.

    What happens on it from now on stands in `inbox`, until you `unwatch` it. With --mail you are told by mail too, with
    the next `ticketctl escalate`, one mail for all. A viewer may watch as well.

    \b
    Examples:
      ticketctl watch 17
      ticketctl watch 18 --mail
    """
    agent = watcher(shell)
    if mail and shell.session.config.outgoing is None:
        raise Usage("rules.yaml has no `outgoing:`, so there are no mails; without --mail `inbox` shows it")

    def decide(desk: Desk, ticket: Ticket) -> Change:
        if ticket.merged_into:
            raise Refused(f"#{ticket.number} was merged into #{ticket.merged_into}; watch that")
        after = ticket.watch(Act(agent, shell.session.now, "watch"), agent)
        if mail:
            desk.remember(f"{WATCHED}{agent} {ticket.number}", str(len(after.events)))
        note_reading(shell.session, "watch", ticket.number)
        return Change(after, f"#{ticket.number} is watched by {agent}{', also by mail' if mail else ''}")

    change_each(shell.session, numbers, decide)


def watcher(shell: Shell) -> str:
    """The actor, who has an inbox; raises Refused for cron."""
    if shell.session.actor == "system":
        raise Refused("system has no inbox; `ticketctl --as AGENT watch` says who watches")
    return shell.session.actor
