"""`ticketctl escalate`"""

from __future__ import annotations

import click

from ticketctl.commands.options import clock_is_right
from ticketctl.commands.options import dry_run as dry_run_option
from ticketctl.content.times import zone
from ticketctl.errors import Refused, TicketctlError
from ticketctl.present.json import escalation_json
from ticketctl.present.words import escalate as words
from ticketctl.terminal.output import print_answer
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.automation.escalate import Escalate, escalate


@click.command()
@dry_run_option
@clock_is_right
@click.option("-q", "--quiet", is_flag=True, help="Print nothing when all went well.")
@click.pass_obj
def command(shell: Shell, dry_run: bool, sure: bool, quiet: bool) -> None:
    """Carry out the escalation steps and the sweep rules that are due.

    Runs the rules with `events: [sweep]` on every ticket that is not closed: reminders, automatic closing. When a
    target of `targets:` runs out, the steps in `escalation:` of rules.yaml notify people (one mail per person and
    run), raise the priority or assign the ticket; each step once. People named in a note (@bo) and those who watch
    a ticket by mail are notified in the same mail. It also opens waiting tickets whose date has come, and moves old
    closed tickets to the archive. The first run of a day looks for what comes unusually often. It refuses if the
    clock may be wrong. Made for cron: a second run at the same time skips, and running it twice changes nothing
    more.

    \b
    Example:
      ticketctl escalate --dry-run
    """
    session = shell.session
    done = escalate(session, Escalate(sure), keep=not dry_run)
    if done is None:
        return
    where = zone(session.config.timezone)
    said = words.lines(done, shell.language, now=session.now, zone=where, dry_run=dry_run)
    print_answer(shell, escalation_json(done, dry_run=dry_run), () if quiet else said)
    for trouble in (*done.failed, *done.kept):
        shell.warn(trouble)
    if done.failed or done.kept:
        click.get_current_context().exit(TicketctlError.exit_code if done.failed else Refused.exit_code)
