"""`ticketctl measure start` and `ticketctl measure stop`"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import click

from ticketctl.commands.options import dry_run as dry_run_option
from ticketctl.present.words import measure as words
from ticketctl.present.words import would
from ticketctl.terminal.output import print_answer
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.measures.measure import StartMeasure, StopMeasure, start_measure, stop_measure

_DAY = click.DateTime(["%Y-%m-%d"])
number_argument = click.argument("number", type=click.IntRange(min=1), metavar="MEASURE")


@click.command("start")
@click.argument("name")
@click.option("--cause", default="", help="It is to lessen tickets with this cause.")
@click.option("--pattern", default="", metavar="ID", help="Tickets of this pattern.")
@click.option("--label", default="", help="Tickets with this label.")
@click.option("--category", default="", help="Tickets of this category.")
@click.option("--from", "start", type=_DAY, metavar="DATE", help="The first day it works; today if not given.")
@dry_run_option
@click.pass_obj
def start_command(shell: Shell, /, start: datetime | None, dry_run: bool, **given: Any) -> None:
    """Start a measure, and estimate which changes can be detected.

    Without --cause, --pattern, --label or --category it is about all tickets that come in.
    """
    started = start_measure(shell.session, StartMeasure(start=_day(start), **given), keep=not dry_run)
    first, *more = words.started_lines(started, shell.language)
    print_answer(shell, words.started_json(started), [would(shell.language, first) if dry_run else first, *more])


@click.command("stop")
@number_argument
@click.option("--from", "day", type=_DAY, metavar="DATE", help="The first day without it; today if not given.")
@dry_run_option
@click.pass_obj
def stop_command(shell: Shell, number: int, day: datetime | None, dry_run: bool) -> None:
    """Note that a measure has ended; its report stays."""
    stopped = stop_measure(shell.session, StopMeasure(number=number, day=_day(day)), keep=not dry_run)
    said = words.stopped_line(stopped, shell.language)
    print_answer(shell, words.measure_json(stopped), [would(shell.language, said) if dry_run else said])


def _day(at: datetime | None) -> date | None:
    return at.date() if at else None
