"""`ticketctl take`"""

from __future__ import annotations

import click

from ticketctl.commands.options import complete_labels
from ticketctl.commands.options import dry_run as dry_run_option
from ticketctl.commands.show import show_ticket
from ticketctl.content.terminal import line
from ticketctl.domain.ticket.query import Query
from ticketctl.domain.ticket.ticket import Status, Ticket
from ticketctl.errors import Refused
from ticketctl.ports.store import Desk
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.people import act, must_be_here
from ticketctl.usecases.views.next_due import in_order

ACTIVE: frozenset[Status] = frozenset({"new", "open", "waiting"})


@click.command
@click.option("--label", multiple=True, shell_complete=complete_labels, help="Only with that label; all, if repeated.")
@click.option("--anyway", is_flag=True, help="Although rules.yaml says that you are away.")
@dry_run_option
@click.pass_obj
def command(shell: Shell, label: tuple[str, ...], anyway: bool, dry_run: bool) -> None:
    """Take the next ticket to do, and show it.

    It is the first of `ticketctl list --unassigned` that does not wait for the customer. It becomes yours, and counts
    as opened. Two who take at the same time get different tickets. Nothing is ever taken from a colleague.

    \b
    Examples:
      ticketctl take
      ticketctl take --label drift
    """
    acting = act(shell.session, "take")
    if shell.session.actor == "system":
        raise Refused("system takes no tickets; `ticketctl --as AGENT take` says who does")
    must_be_here(shell.session, shell.session.actor, anyway=anyway)
    with shell.session.store.transaction(keep=not dry_run) as desk:
        ticket = _next(shell, desk, label)
        if ticket is not None:
            ticket = desk.save(ticket.assign(acting, shell.session.actor))
    if ticket is None:
        _tell_none(shell)
    elif dry_run:
        shell.say(f"would: take #{ticket.number} {line(ticket.subject)}")
    else:
        show_ticket(shell, ticket)


def _next(shell: Shell, desk: Desk, labels: tuple[str, ...]) -> Ticket | None:
    free = desk.find(Query(statuses=ACTIVE, assignee="", labels=frozenset(labels)))
    first = next((one for one in in_order(shell.session, free) if not one.asleep), None)
    return desk.get(first.ticket.number) if first else None


def _tell_none(shell: Shell) -> None:
    if not shell.json:
        shell.say("Nothing to take: what is nobody’s waits for the customer, or is not there. `ticketctl list --mine`")
