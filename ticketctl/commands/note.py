"""`ticketctl note`"""

from __future__ import annotations

import click

from ticketctl.app import App
from ticketctl.commands._changes import Change, change_each, stored_ticket
from ticketctl.commands._people import act, own_person
from ticketctl.commands._texts import text_for
from ticketctl.commands.options import number
from ticketctl.domain.message import Message
from ticketctl.domain.ticket import Ticket
from ticketctl.errors import Refused, Usage
from ticketctl.present.terminal import line, shortened
from ticketctl.store.base import Desk


@click.command
@number
@click.argument("text", required=False)
@click.option("--text", "also", metavar="TEXT", help="The note; the same as TEXT behind the ticket.")
@click.pass_obj
def command(app: App, number: int, text: str | None, also: str | None) -> None:
    """Write an internal note.

    The customer never sees it. Without TEXT your editor opens, or standard input is read where that is no terminal
    (or TEXT is `-`). A note may be written on a closed ticket too.

    \b
    Example:
      ticketctl note 17 "Ringde kunden, återkommer efter lunch."
    """
    acting = act(app, "note")
    _must_be_here(stored_ticket(app, number))
    if text is not None and also is not None:
        raise Usage("the note is given twice, behind the ticket and with --text")
    about = f"Internal note on #{number}; the customer does not see it."
    written = text_for(app, text if also is None else also, about)

    def decide(desk: Desk, ticket: Ticket) -> Change:
        _must_be_here(ticket)
        note = Message(
            key=ticket.next_key(),
            direction="internal",
            kind="note",
            at=app.now,
            sender=own_person(app),
            author=app.actor,
            text=written,
            why="written with `ticketctl note`",
        )
        return Change(ticket.write(acting, note), f"#{number} noted: {shortened(line(written), 60)}")

    change_each(app, [number], decide)


def _must_be_here(ticket: Ticket) -> None:
    if ticket.merged_into:
        raise Refused(f"#{ticket.number} was merged into #{ticket.merged_into}; write the note there")
