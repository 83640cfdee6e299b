"""`ticketctl show`"""

from __future__ import annotations

from pathlib import Path

import click

from ticketctl.commands.options import numbers
from ticketctl.terminal.shell import Shell
from ticketctl.terminal.view_output import print_tickets, save_and_print_attachments
from ticketctl.usecases.views.show import Show, show


@click.command
@numbers
@click.option("--full", is_flag=True, help="With quoted text and signatures.")
@click.option("--history", is_flag=True, help="With every change: who, when, what, why.")
@click.option("--why", is_flag=True, help="Why each message is here, what is promised, what to do next.")
@click.option(
    "--attachments",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Save the attachments into a folder, under safe names.",
)
@click.pass_obj
def command(shell: Shell, numbers: list[int], full: bool, history: bool, why: bool, folder: Path | None) -> None:
    """Show a ticket with its whole conversation.

    The newest message comes last. Notes, drafts and what was not delivered are marked. Quotes of mails that the ticket
    has are hidden unless --full, and signatures of more than four lines. Above it stand the same person's other open
    tickets, and the last five that were closed and are not archived yet. On a terminal a long ticket is shown in your
    pager.

    With --json one ticket a line, with messages and events, the date that was promised and who is writing.

    \b
    Examples:
      ticketctl show 17
      ticketctl show 17 --why --history
      ticketctl show 17 --attachments bilagor
    """
    batch = show(shell.session, Show(tickets=tuple(numbers), why=why))
    if folder is None:
        print_tickets(shell, batch, full=full, history=history)
    else:
        save_and_print_attachments(shell, batch, folder)
