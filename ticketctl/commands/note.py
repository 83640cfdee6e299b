"""`ticketctl note`"""

from __future__ import annotations

import click

from ticketctl.commands.options import base_revision, complete_numbers, wanted_revision
from ticketctl.errors import Usage
from ticketctl.present.words import say_in
from ticketctl.present.words.note import TEXTS, line
from ticketctl.terminal.arguments import numbers_and_text
from ticketctl.terminal.input_text import text_for
from ticketctl.terminal.output import print_batch
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.automation.notifications import unknown_names
from ticketctl.usecases.tickets.note import WriteNote, must_take_notes, write_note


@click.command
@click.argument("words", nargs=-1, required=True, metavar="TICKET... [TEXT]", shell_complete=complete_numbers)
@click.option("--text", "also", metavar="TEXT", help="The note, instead of TEXT after the tickets.")
@base_revision
@click.pass_obj
def command(shell: Shell, words: tuple[str, ...], also: str | None) -> None:
    """Write an internal note.

    The customer never sees it. Without TEXT your editor opens; if there is no terminal (or TEXT is `-`), standard
    input is read. A closed ticket can get a note too, and several tickets can get the same note. If the last word
    looks like a ticket number it is taken for one; use --text for such a note.

    @name mentions a colleague, @team everybody: the note is shown in their `inbox`, and in the mail that the next
    `ticketctl escalate` sends them. If they are away, their deputy sees it too.

    \b
    Examples:
      ticketctl note 17 "Ringde kunden, återkommer efter lunch."
      ticketctl note 17-19 23 "Samma fel i kassan; utvecklarna är på det."
    """
    numbers, text = numbers_and_text(words)
    if text is not None and also is not None:
        raise Usage("the note is given twice, behind the tickets and with --text")
    must_take_notes(shell.session, numbers)  # before anything is written
    about = say_in(shell.language, TEXTS)("about", tickets=", ".join(f"#{number}" for number in numbers))
    written = text_for(shell, text if also is None else also, about)
    for warning in unknown_names(shell.session, written):
        shell.warn(warning)
    request = WriteNote(tickets=tuple(numbers), text=written, seen=wanted_revision())
    print_batch(shell, write_note(shell.session, request), line)
