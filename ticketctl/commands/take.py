"""`ticketctl take`"""

from __future__ import annotations

import click

from ticketctl.commands.options import complete_labels
from ticketctl.commands.options import dry_run as dry_run_option
from ticketctl.content.terminal import line
from ticketctl.present.words import say_in
from ticketctl.present.words.take import TEXTS
from ticketctl.terminal.shell import Shell
from ticketctl.terminal.view_output import show_ticket
from ticketctl.usecases.shown import shown_in
from ticketctl.usecases.tickets.take import Take, take


@click.command
@click.option("--label", multiple=True, shell_complete=complete_labels, help="Only with that label; all, if repeated.")
@click.option("--anyway", is_flag=True, help="Even if rules.yaml says that you are away.")
@dry_run_option
@click.pass_obj
def command(shell: Shell, label: tuple[str, ...], anyway: bool, dry_run: bool) -> None:
    """Take the next ticket to do, and show it.

    It is the first of `ticketctl list --unassigned` that does not wait for the customer. It becomes yours and
    counts as opened. Two people who take at the same time get different tickets. A colleague's ticket is never
    taken.

    \b
    Examples:
      ticketctl take
      ticketctl take --label drift
    """
    say = say_in(shell.language, TEXTS)
    done = shown_in(shell.session, take(shell.session, Take(labels=label, anyway=anyway), keep=not dry_run))
    if done is None:
        if not shell.json:
            shell.say(say("nothing"))
    elif dry_run:
        shell.say(say("would_take", number=done.number, subject=line(done.value.after.subject)))
    else:
        show_ticket(shell, done.number)
