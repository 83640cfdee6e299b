"""`ticketctl assign`"""

from __future__ import annotations

import click

from ticketctl.commands.options import base_revision, complete_agents, dry_run, numbers_before, wanted_revision
from ticketctl.present.words import assign as words
from ticketctl.terminal.output import print_batch
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.tickets.assign import Assign, assign


@click.command
@numbers_before(complete_agents)
@click.argument("agent")
@click.option("--anyway", is_flag=True, help="Also to somebody who is away.")
@dry_run
@base_revision
@click.pass_obj
def command(shell: Shell, numbers: list[int], agent: str, anyway: bool, dry_run: bool) -> None:
    """Assign tickets to an agent.

    AGENT is a name of `team:` in rules.yaml, `me`, `least_loaded` (whoever has least to do: a high priority counts
    double, a low one half, a ticket that waits for the customer a quarter), `round_robin` (whoever got a ticket
    longest ago), `deputy` (the deputy of its owner, who is away), or `none` (unassigned). Nobody gets tickets
    while they are away, unless you use --anyway. A new ticket that you assign counts as opened.

    \b
    Examples:
      ticketctl assign 17 18 me
      ticketctl assign 20-24 least_loaded
    """
    request = Assign(tickets=tuple(numbers), to=agent, anyway=anyway, seen=wanted_revision())
    print_batch(shell, assign(shell.session, request, keep=not dry_run), words.line, dry_run=dry_run)
