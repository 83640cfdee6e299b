"""`ticketctl hold`"""

from __future__ import annotations

import click

from ticketctl.commands.options import dry_run, numbers
from ticketctl.present.words import hold as words
from ticketctl.terminal.output import print_batch
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.tickets.hold import Hold, hold


@click.command
@numbers
@click.option("--reason", metavar="TEXT", default="", help="Why; no personal data.")
@click.option("--lift", is_flag=True, help="It may be deleted again.")
@dry_run
@click.pass_obj
def command(shell: Shell, numbers: list[int], reason: str, lift: bool, dry_run: bool) -> None:
    """Keep tickets from deletion: a legal hold.

    No retention rule and no `person erase` deletes or changes a ticket with a legal hold. An erasure that the hold
    stopped is completed when the hold is lifted.

    \b
    Examples:
      ticketctl hold 17 --reason "complaint before the consumer board"
      ticketctl hold 17 --lift
    """
    request = Hold(tickets=tuple(numbers), why=reason, lift=lift)
    print_batch(shell, hold(shell.session, request, keep=not dry_run), words.line, dry_run=dry_run)
