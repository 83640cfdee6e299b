"""`ticketctl measure`"""

from __future__ import annotations

import click

from ticketctl.commands.measure_start import number_argument, start_command, stop_command
from ticketctl.commands.options import add_globals
from ticketctl.content.terminal import width
from ticketctl.domain.reports.measures import WEEKS
from ticketctl.present.words import measure as words
from ticketctl.terminal.output import print_answer
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.measures.effects import ReportMeasure, list_measures, report_measure

_WIDEST = 100


@click.group
def command() -> None:
    """Note an improvement, and see whether it made a difference.

    Compares the whole weeks before and after the start with the rest of the desk. docs/changes.md explains each answer.

    \b
    Examples:
      ticketctl measure start "New FAQ on invoices" --cause invoice
      ticketctl measure report 1
    """


add_globals(command)


@command.command("list")
@click.pass_obj
def list_command(shell: Shell) -> None:
    """List all measures and what they changed."""
    found = list_measures(shell.session)
    lines = words.list_lines(found, shell.language, min(_WIDEST, width()))
    print_answer(shell, [words.effect_json(one) for one in found], lines)


@command.command("report")
@number_argument
@click.option("--weeks", type=click.IntRange(4, 104), default=WEEKS, help="At most so many on each side; 12.")
@click.pass_obj
def report_command(shell: Shell, number: int, weeks: int) -> None:
    """Compare the weeks after the start with those before.

    The week of the start is left out. Weeks that are not over do not count.
    """
    found = report_measure(shell.session, ReportMeasure(number=number, weeks=weeks))
    print_answer(shell, words.effect_json(found), words.effect_lines(found, shell.language))


for one in (start_command, stop_command):
    command.add_command(one)
