"""`ticketctl export`"""

from __future__ import annotations

import click

from ticketctl.app import App
from ticketctl.commands._people import note_reading
from ticketctl.domain.query import EVERYTHING
from ticketctl.present.shapes import ticket_json
from ticketctl.present.terminal import as_json


@click.command
@click.pass_obj
def command(app: App) -> None:
    """Print whole tickets as JSON, one a line.

    Every ticket, archived ones too, with messages and events, in order of number; one at a time, so that it works for
    any size. Attachments are named by their sha256; `show N --attachments DIR` saves them.

    \b
    Examples:
      ticketctl export > tickets.jsonl
      ticketctl export | jq 'select(.status == "new") | .subject'
    """
    note_reading(app, "export")
    with app.store.reading() as desk:
        for ticket in desk.find(EVERYTHING, archive=True, texts=True):
            app.say(as_json(ticket_json(ticket, with_messages=True)))
