"""How the shell prints what a use case did: lines to stdout, trouble to stderr, the exit code of the first failure."""

from __future__ import annotations

from collections.abc import Callable

import click

from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.present.words.remarks import remark_line
from ticketctl.terminal.errors import error_line
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.results import Batch, C, Done, Failed


def print_batch(
    shell: Shell, batch: Batch[C], line_of: Callable[[Done[C], str], str], *, dry_run: bool = False
) -> None:
    """A line for each ticket, or with --json the ticket itself; then what else is worth knowing. Ends the command with
    the exit code of the first failure."""
    for one in batch:
        if isinstance(one, Failed):
            shell.warn(error_line(one.error))
            continue
        text = ticket_line(one.value.after) if shell.json else line_of(one, shell.language)
        shell.say(f"would: {text}" if dry_run and not shell.json else text)
        for remark in one.remarks:
            shell.warn(remark_line(remark, shell.language))
    exit_after(batch)


def ticket_line(ticket: Ticket) -> str:
    """A ticket in the shape of `list --json`."""
    from ticketctl.content.terminal import as_json
    from ticketctl.present.json import ticket_json

    return as_json(ticket_json(ticket, False))


def exit_after(batch: Batch[C]) -> None:
    """Ends the command with the exit code of the first failure, where there is one."""
    failed = [one.error for one in batch if isinstance(one, Failed)]
    if failed:
        click.get_current_context().exit(failed[0].exit_code)
