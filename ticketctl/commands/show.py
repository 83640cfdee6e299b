"""`ticketctl show`"""

from __future__ import annotations

from pathlib import Path

import click

from ticketctl.commands.options import numbers_there
from ticketctl.terminal.shell import Shell
from ticketctl.terminal.view_output import print_tickets, save_and_print_attachments
from ticketctl.usecases.views.show import Show, show


@click.command
@numbers_there
@click.option("--full", is_flag=True, help="Show quoted text and signatures too.")
@click.option("--history", is_flag=True, help="Show every change: who, when, what, why.")
@click.option("--why", is_flag=True, help="Show why each message is here, what is promised, and the next step.")
@click.option("--answers", is_flag=True, help="Show what was answered to a like question before.")
@click.option(
    "--attachments",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Save the attachments into a folder, under safe names.",
)
@click.pass_obj
def command(
    shell: Shell, numbers: list[int], full: bool, history: bool, why: bool, answers: bool, folder: Path | None
) -> None:
    """Show a ticket with its whole conversation.

    The newest message comes last. Notes, drafts and undelivered mail are marked. Quotes of mails that are on the
    ticket, and signatures of more than four lines, are hidden unless you use --full. Above the conversation are
    the same person's other open tickets, and the last five closed ones that are not archived yet. On a terminal a
    long ticket is shown in your pager.

    --answers adds the three past answers whose questions are most like this one, with their tickets, age, likeness
    (0 to 100 %) and the words that both questions have. They are as they were sent.

    The number that an imported ticket had elsewhere says which ticket it is now.

    With --json one ticket a line, with messages and events, the promised date and who is writing.

    \b
    Examples:
      ticketctl show 17
      ticketctl show 17 --why --history
      ticketctl show 17 --answers
      ticketctl show 17 --attachments bilagor
    """
    request = Show(tickets=tuple(numbers), why=why, attachments=folder is not None, answers=answers)
    batch = show(shell.session, request)
    if folder is None:
        print_tickets(shell, batch, full=full, history=history)
    else:
        save_and_print_attachments(shell, batch, folder)
