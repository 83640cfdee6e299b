"""`ticketctl requester`"""

from __future__ import annotations

import click

from ticketctl.commands.options import dry_run, number
from ticketctl.present.words import requester as words
from ticketctl.terminal.output import print_batch
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.tickets.requester import SetRequester, set_requester


@click.command
@number
@click.argument("address", metavar="ADDRESS")
@dry_run
@click.pass_obj
def command(shell: Shell, number: int, address: str, dry_run: bool) -> None:
    """Set whose ticket it is.

    For a question that somebody passed on for a customer, or a mistyped address. ADDRESS is a mail address, with
    or without a name; for a caller without mail a name or telephone number. Replies go there from then on, and the
    first response counts from the question to the first reply to the new requester. The former requester becomes a
    participant and gets no copies. `ticketctl undo` takes it back.

    \b
    Examples:
      ticketctl requester 17 eva@example.se
      ticketctl requester 17 "Eva Ek <eva@example.se>"
    """
    request = SetRequester(ticket=number, requester=address)
    print_batch(shell, set_requester(shell.session, request, keep=not dry_run), words.line, dry_run=dry_run)
