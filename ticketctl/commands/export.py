"""`ticketctl export`"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from ticketctl.commands.options import csv_option
from ticketctl.content.terminal import as_json
from ticketctl.errors import Usage
from ticketctl.present.json import exported_json
from ticketctl.terminal.shell import Shell
from ticketctl.terminal.view_output import print_exported_csv
from ticketctl.usecases.views.export import Began, export, export_measured

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command
@click.option("--files", type=click.Path(path_type=Path), help="Save attachments and original mails into this folder.")
@click.option("--from", "first", type=_DAY, metavar="DAY", help="Only what began on that day or later.")
@click.option("--to", "last", type=_DAY, metavar="DAY", help="The last day, included; today if not given.")
@csv_option("A row a ticket, for a spreadsheet of the desk's language; --csv=plain for programs.")
@click.pass_obj
def command(shell: Shell, files: Path | None, first: datetime | None, last: datetime | None, csv: str | None) -> None:
    """Print whole tickets as JSON, one a line.

    Every ticket, archived ones too, with messages and events, ordered by number. They are printed one by one, so
    the size does not matter. Attachments are named by their sha256, and so are the files that --files saves.
    `ticketctl import` makes the same tickets of both on another desk.

    --csv prints a row a ticket, without texts, with how long the first answer and the solution took in minutes, as
    `report` counts them. --from and --to are days on which a ticket began: the customer's first message.

    \b
    Examples:
      ticketctl export --files files > tickets.jsonl
      ticketctl export | jq 'select(.status == "new") | .subject'
      ticketctl export --csv --from 2026-10-01 --to 2026-12-31 > kvartal.csv
    """
    if csv is not None and (shell.json or files):
        raise Usage("give one of --json, --csv and --files")
    began = Began(first=first and first.date(), last=last and last.date())
    if csv is not None:
        return print_exported_csv(shell, export_measured(shell.session, began), csv)
    for ticket in export(shell.session, files, began):
        shell.say(as_json(exported_json(ticket)))
    return None
