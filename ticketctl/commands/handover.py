"""`ticketctl handover`"""

from __future__ import annotations

import click

from ticketctl.commands.options import complete_agents, complete_labels
from ticketctl.commands.options import dry_run as dry_run_option
from ticketctl.present.words import handover as words
from ticketctl.present.words import say_in
from ticketctl.terminal.output import print_batch
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.shown import shown_in
from ticketctl.usecases.tickets.handover import Handover, handover


@click.command
@click.argument("giver", metavar="FROM", shell_complete=complete_agents)
@click.argument("receiver", metavar="TO", shell_complete=complete_agents)
@click.option("--label", multiple=True, shell_complete=complete_labels, help="Only with that label; all, if repeated.")
@click.option("--anyway", is_flag=True, help="Also to somebody who is away.")
@dry_run_option
@click.pass_obj
def command(shell: Shell, giver: str, receiver: str, label: tuple[str, ...], anyway: bool, dry_run: bool) -> None:
    """Move the open tickets of one agent to another.

    Each gets an internal note with a summary: status, deadline, promise, wake-up date, the last three messages and
    the next step. Either all of them move or none. FROM can be somebody who has left the team; FROM and TO can be
    `me`. Nothing is moved to somebody who is away, unless you use --anyway. --dry-run prints the notes.

    \b
    Examples:
      ticketctl handover me bo
      ticketctl handover alice bo --label vip --dry-run
    """
    request = Handover(giver=giver, receiver=receiver, labels=label, anyway=anyway)
    batch = shown_in(shell.session, handover(shell.session, request, keep=not dry_run))
    print_batch(shell, batch, words.line_with_note if dry_run else words.line, dry_run=dry_run)
    if not batch and not shell.json:
        name = shell.session.actor if giver == "me" else giver
        shell.say(say_in(shell.language, words.TEXTS)("nothing", giver=name))
