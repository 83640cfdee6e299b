"""`ticketctl assign`"""

from __future__ import annotations

import click

from ticketctl.commands.options import base_revision, complete_agents, dry_run, numbers_before
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.ports.store import Desk
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.people import act, chooser
from ticketctl.usecases.tickets.change import Change, change_each


@click.command
@numbers_before(complete_agents)
@click.argument("agent")
@click.option("--anyway", is_flag=True, help="Also to somebody who is away.")
@dry_run
@base_revision
@click.pass_obj
def command(shell: Shell, numbers: list[int], agent: str, anyway: bool, dry_run: bool) -> None:
    """Give tickets to an agent.

    AGENT is a name of `team:` in rules.yaml, `me`, `least_loaded` (whoever has least to do: a high priority counts
    double, a low one half, what waits for the customer a quarter), `round_robin` (whoever was given one longest ago),
    `deputy` (who stands in for its owner, who is away), or `none` (nobody owns it any more). Nobody is given a ticket
    while they are away, unless --anyway. A new ticket that you assign counts as opened.

    \b
    Examples:
      ticketctl assign 17 18 me
      ticketctl assign 20-24 least_loaded
    """
    acting = act(shell.session, "assign")
    choose = chooser(shell.session, agent, anyway=anyway)

    def decide(desk: Desk, ticket: Ticket) -> Change:
        chosen = choose(desk, ticket)
        name = chosen.name if chosen else ""
        if ticket.assignee == name:
            return Change(ticket, f"#{ticket.number} is {name + '’s' if name else 'nobody’s'} already")
        after = ticket.assign(acting, name)
        return Change(after, f"#{ticket.number} {_told(ticket.assignee, name)}")

    change_each(shell.session, numbers, decide, dry_run=dry_run)


def _told(before: str, name: str) -> str:
    if not name:
        return f"is nobody’s now (was {before}’s)"
    return f"assigned to {name}" + (f" (was {before}’s)" if before else "")
