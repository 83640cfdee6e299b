"""`ticketctl search`"""

from __future__ import annotations

from typing import Any

import click

from ticketctl.commands import list_
from ticketctl.errors import Usage
from ticketctl.present.words import say_in
from ticketctl.present.words.search import TEXTS
from ticketctl.terminal.list_output import print_listed
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.views.list import search


@click.command(
    params=[
        click.Argument(["words"], nargs=-1, metavar="WORDS..."),
        *(param for param in list_.command.params if param.name not in ("search", "everything")),
    ]
)
@click.pass_obj
def command(shell: Shell, /, words: tuple[str, ...], limit: int | None, csv: str | None, **given: Any) -> None:
    """Search all tickets, closed and archived ones too.

    Finds tickets that contain all WORDS in number, subject, texts and notes, people, fields, labels, cause, lesson
    or file names. å matches å and, if nothing else does, a. Telephone numbers are found in any spelling. A number
    (17 or #17) finds the ticket with that number first, then those with that number as a word, and if there are
    none, as part of a word. It is `list --search WORDS --all`, and takes the other options of `list` too.

    \b
    Examples:
      ticketctl search faktura öberg
      ticketctl search 17
      ticketctl search 070-123 45 67
      ticketctl search moms --after november --status closed
    """
    if not words:
        raise Usage(say_in(shell.language, TEXTS)("for_what"))
    request = list_.request_of(shell, csv, {**given, "search": " ".join(words), "everything": True})
    print_listed(shell, search(shell.session, request), request, limit, csv)
