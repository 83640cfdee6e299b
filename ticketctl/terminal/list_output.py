"""How `list` and `search` print the tickets that they found."""

from __future__ import annotations

from ticketctl.content.terminal import as_json, height, width
from ticketctl.present.ticket_list import queued_json, ticket_rows
from ticketctl.present.words import list as words
from ticketctl.terminal.shell import Shell
from ticketctl.terminal.styles import STYLES
from ticketctl.usecases.views.list import Listed, ListTickets

ROUND_IT = 5  # lines of a screen that are not tickets: titles, what is left out (two), two prompts


def print_listed(shell: Shell, found: Listed, request: ListTickets, limit: int | None, csv: str | None = None) -> None:
    """At most `limit`; else as many as fit on the screen, so that the most urgent do not leave it. With --json a ticket
    a line, or as CSV ("excel" or "plain")."""
    if csv is not None:
        from ticketctl.terminal.view_output import print_listed_csv

        print_listed_csv(shell, found.tickets[:limit], csv)
    elif shell.json:
        if found.tickets:
            shell.say("\n".join(as_json(queued_json(one)) for one in found.tickets[:limit]))
    elif not found.tickets:
        looked = {"searched": bool(request.search), "everything": request.everything}
        shell.say(words.nothing_line(shell.language, narrowed=found.narrowed, **looked))
    else:
        most = limit or (max(10, height() - ROUND_IT) if shell.tty else None)
        rows = ticket_rows(found, most, width(), shell.language)
        shell.say("\n".join(STYLES[kind](text) for text, kind in rows))
