"""`ticketctl export`"""

from __future__ import annotations

from pathlib import Path

import click

from ticketctl.content.terminal import as_json
from ticketctl.present.json import exported_json
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.views.export import export


@click.command
@click.option("--files", type=click.Path(path_type=Path), help="Save attachments and original mails into this folder.")
@click.pass_obj
def command(shell: Shell, files: Path | None) -> None:
    """Print whole tickets as JSON, one a line.

    Every ticket, archived ones too, with messages and events, ordered by number. They are printed one by one, so
    the size does not matter. Attachments are named by their sha256, and so are the files that --files saves.
    `ticketctl import` makes the same tickets of both on another desk.

    \b
    Examples:
      ticketctl export --files files > tickets.jsonl
      ticketctl export | jq 'select(.status == "new") | .subject'
    """
    for ticket in export(shell.session, files):
        shell.say(as_json(exported_json(ticket)))
