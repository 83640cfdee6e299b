"""`ticketctl note`"""

from __future__ import annotations

import click

from ticketctl.commands.options import base_revision, complete_numbers
from ticketctl.content.terminal import line, shortened
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.errors import Refused, Usage
from ticketctl.ports.store import Desk
from ticketctl.terminal.arguments import numbers_and_text
from ticketctl.terminal.changes import change_each
from ticketctl.terminal.input_text import text_for
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.automation.mentions import mention, unknown_names
from ticketctl.usecases.people import act, own_note
from ticketctl.usecases.tickets.change import Change, stored_ticket


@click.command
@click.argument("words", nargs=-1, required=True, metavar="TICKET... [TEXT]", shell_complete=complete_numbers)
@click.option("--text", "also", metavar="TEXT", help="The note; the same as TEXT behind the tickets.")
@base_revision
@click.pass_obj
def command(shell: Shell, words: tuple[str, ...], also: str | None) -> None:
    """Write an internal note.

    The customer never sees it. Without TEXT your editor opens, or standard input is read where that is no terminal
    (or TEXT is `-`). A note may be written on a closed ticket too. Several tickets get the same note. A last word that
    looks like a ticket number is a ticket; such a note is written with --text.

    @name tells a colleague, @team all: the note stands in their `inbox`, and in the mail that the next `ticketctl
    escalate` sends them. Somebody away is told too, and who stands in for them.

    \b
    Examples:
      ticketctl note 17 "Ringde kunden, återkommer efter lunch."
      ticketctl note 17-19 23 "Samma fel i kassan; utvecklarna är på det."
    """
    acting = act(shell.session, "note")
    numbers, text = numbers_and_text(words)
    if text is not None and also is not None:
        raise Usage("the note is given twice, behind the tickets and with --text")
    if len(numbers) == 1:
        _must_be_here(stored_ticket(shell.session, numbers[0]))  # told before anything is written
    about = f"Internal note on {', '.join(f'#{number}' for number in numbers)}; the customer does not see it."
    written = text_for(shell, text if also is None else also, about)

    def decide(desk: Desk, ticket: Ticket) -> Change:
        _must_be_here(ticket)
        note = own_note(shell.session, ticket, written, "written with `ticketctl note`")
        after, named = mention(shell.session, desk, ticket.write(acting, note), acting, written)
        who = f" ({', '.join(named)} will see it)" if named else ""
        return Change(after, f"#{ticket.number} noted: {shortened(line(written), 60)}{who}")

    for warning in unknown_names(shell.session, written):
        shell.warn(warning)
    change_each(shell.session, numbers, decide)


def _must_be_here(ticket: Ticket) -> None:
    if ticket.merged_into:
        raise Refused(f"#{ticket.number} was merged into #{ticket.merged_into}; write the note there")
