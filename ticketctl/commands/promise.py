"""`ticketctl promise`"""

from __future__ import annotations

import click

from ticketctl.commands.options import base_revision, complete_numbers, dry_run
from ticketctl.content.times import local, zone
from ticketctl.domain.deadlines.promises import drop, keep, promise
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.ports.store import Desk
from ticketctl.terminal.arguments import numbers_and_time
from ticketctl.terminal.changes import change_each
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.people import act
from ticketctl.usecases.reply.promise import due_time
from ticketctl.usecases.tickets.change import Change


@click.command
@click.argument("words", nargs=-1, required=True, metavar="TICKET... WHEN", shell_complete=complete_numbers)
@dry_run
@base_revision
@click.pass_obj
def command(shell: Shell, words: tuple[str, ...], dry_run: bool) -> None:
    """Note what the customer was promised, and by when.

    `reply` offers the date that it finds in your text; this command is for what was promised on the telephone, or to
    correct it. WHEN is a day (friday, i morgon, 2026-12-01: until closing), a day and a time, or a time to wait as for
    `wait`. The ticket is due then: `list`, `board` and `take` sort by it, and `report` tells how many were kept. A
    later reply or your closing the ticket keeps it; `kept` says that a call or a visit did, `drop` that it was none.

    \b
    Examples:
      ticketctl promise 17 fredag
      ticketctl promise 18 friday 15:00
      ticketctl promise 17 kept
    """
    numbers, when = numbers_and_time(words, "by when?", "kept, or drop")
    acting = act(shell.session, "promise")
    due = None if when in ("kept", "drop") else due_time(shell.session, when)

    def decide(desk: Desk, ticket: Ticket) -> Change:
        if due is not None:
            told = local(due, zone(shell.session.config.timezone))
            return Change(promise(ticket, acting, due), f"#{ticket.number} promised by {told}")
        if when == "kept":
            return Change(keep(ticket, acting), f"#{ticket.number} the promise was kept")
        return Change(drop(ticket, acting), f"#{ticket.number} nothing is promised any more")

    change_each(shell.session, numbers, decide, dry_run=dry_run)
