"""`ticketctl export`"""

from __future__ import annotations

import click

from ticketctl.content.terminal import as_json
from ticketctl.present.json import ticket_json
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.views.export import export


@click.command
@click.pass_obj
def command(shell: Shell) -> None:
    """Print whole tickets as JSON, one a line.

    Every ticket, archived ones too, with messages and events, ordered by number. They are printed one by one, so
    the size does not matter. Attachments are named by their sha256; `show N --attachments DIR` saves them.

    \b
    Examples:
      ticketctl export > tickets.jsonl
      ticketctl export | jq 'select(.status == "new") | .subject'
    """
    for ticket in export(shell.session):
        shell.say(as_json(ticket_json(ticket, with_messages=True)))
