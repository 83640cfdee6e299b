"""`ticketctl page`"""

from __future__ import annotations

import click

from ticketctl.commands.options import dry_run, number
from ticketctl.present.json import instant
from ticketctl.present.words import page as words
from ticketctl.present.words import would
from ticketctl.terminal.output import print_answer
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.customer.links import issue_link, revoke_links


@click.command
@number
@click.option("--revoke", is_flag=True, help="No link to it works any more.")
@dry_run
@click.pass_obj
def command(shell: Shell, number: int, revoke: bool, dry_run: bool) -> None:
    """Give out, or take back, the link to a customer's page of a ticket.

    Whoever has the link sees what the customer wrote and got, and can answer, close and rate. It works for 90 days
    after the last mail that had it. Snippets have it as {{ ticket.link }}.

    \b
    Examples:
      ticketctl page 17
      ticketctl page 17 --revoke
    """
    if revoke:
        taken = revoke_links(shell.session, number, keep=not dry_run)
        value: object = {"ticket": number, "revoked": taken.value}
        line = words.revoked(taken, shell.language)
    else:
        issued = issue_link(shell.session, number, keep=not dry_run)
        value = {"ticket": number, "link": issued.value.address, "until": instant(issued.value.until)}
        line = words.issued(issued, shell.language)
    print_answer(shell, value, [would(shell.language, line) if dry_run else line])
