"""`ticketctl close`"""

from __future__ import annotations

import click

from ticketctl.commands.options import (
    base_revision,
    complete_causes,
    complete_fields,
    dry_run,
    numbers,
    wanted_revision,
)
from ticketctl.present.words import close as words
from ticketctl.terminal.choices import ask_what_it_lacks
from ticketctl.terminal.input_text import answers
from ticketctl.terminal.output import print_batch
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.fields import checked_fields
from ticketctl.usecases.tickets.close import RESOLUTIONS, Close, Resolution, close


@click.command
@numbers
@click.option(
    "--cause",
    default="",
    shell_complete=complete_causes,
    help="Why the customer had to write: one of causes: in rules.yaml.",
)
@click.option("--lesson", default="", metavar="TEXT", help="What was learnt, for the report.")
@click.option("--resolution", type=click.Choice(RESOLUTIONS), default="solved", show_default=True, help="How it ended.")
@click.option(
    "--set",
    "fields",
    multiple=True,
    metavar="NAME=VALUE",
    shell_complete=complete_fields,
    help="Set a field at the same time.",
)
@dry_run
@base_revision
@click.pass_obj
def command(
    shell: Shell,
    numbers: list[int],
    cause: str,
    lesson: str,
    resolution: Resolution,
    fields: tuple[str, ...],
    dry_run: bool,
) -> None:
    """Close tickets, with cause and lesson.

    Fields with `required_at: close` in rules.yaml must be set before, or here with --set. On a terminal you are
    asked for the cause and for missing fields. If a ticket is already closed, --cause and --lesson are added to
    it.

    \b
    Examples:
      ticketctl close 17 --cause leverans --lesson "Säg frakttiden i kassan." --set category=leverans
      ticketctl close 20-22 --resolution no_answer
    """
    request = Close(
        tickets=tuple(numbers),
        cause=cause,
        lesson=lesson,
        resolution=resolution,
        fields=checked_fields(shell.session.config, fields),
        seen=wanted_revision(),
    )
    if answers(shell):
        request = ask_what_it_lacks(shell, request)
    print_batch(shell, close(shell.session, request, keep=not dry_run), words.line, dry_run=dry_run)
