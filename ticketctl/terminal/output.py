"""How the shell prints what a use case did: lines to stdout, trouble to stderr, the exit code of the first failure."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

import click

from ticketctl.content.terminal import guarded, height
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.errors import BadRules, TicketctlError
from ticketctl.present.words import spoken, would
from ticketctl.present.words.errors import error_line
from ticketctl.present.words.remarks import remark_line
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.results import Batch, C, Done, Failed, T
from ticketctl.usecases.shown import shown_in

if TYPE_CHECKING:
    from ticketctl.usecases.rules.check import Checked


def print_batch(
    shell: Shell, batch: Batch[C], line_of: Callable[[Done[C], str], str], *, dry_run: bool = False
) -> None:
    """A line for each ticket, or with --json the ticket itself; then what else is worth knowing. Ends the command with
    the exit code of the first failure."""
    for one in shown_in(shell.session, batch):
        if isinstance(one, Failed):
            shell.warn(error_line(one.error, shell.language))
            continue
        text = ticket_line(one.value.after) if shell.json else line_of(one, shell.language)
        shell.say(would(_language_of(line_of, shell), text) if dry_run and not shell.json else text)
        for remark in one.remarks:
            shell.warn(remark_line(remark, shell.language))
    exit_after(batch)


def _language_of(line_of: Callable[[Done[C], str], str], shell: Shell) -> str:
    """In which those lines are said: not every verb has words in every language."""
    module = sys.modules[getattr(line_of, "func", line_of).__module__]
    return spoken(shell.language, getattr(module, "TEXTS", {}))


def print_answer(shell: Shell, value: object, lines: Iterable[str]) -> None:
    """The value with --json, else the lines."""
    if shell.json:
        from ticketctl.content.terminal import as_json

        shell.say(as_json(value))
        return
    for line in lines:
        shell.say(line)


def print_checked(shell: Shell, checked: Checked, fine: str, **more: object) -> None:
    """Warnings and faults, or that all is `fine`; `more` is for --json. Raises BadRules where there are faults."""
    if shell.json:
        print_answer(shell, {"faults": checked.faults, "warnings": checked.warnings, **more}, ())
    else:
        for warning in checked.warnings:
            shell.warn(f"warning: {warning}")
    if checked.faults:
        raise BadRules(checked.faults)
    if not shell.json:
        shell.say(fine)


def print_errors(shell: Shell, errors: Sequence[TicketctlError]) -> None:
    """Ends the command with the exit code of the first, where there is one."""
    for error in errors:
        shell.warn(error_line(error, shell.language))
    if errors:
        click.get_current_context().exit(errors[0].exit_code)


def ticket_line(ticket: Ticket) -> str:
    """A ticket in the shape of `list --json`."""
    from ticketctl.content.terminal import as_json
    from ticketctl.present.json import ticket_json

    return as_json(ticket_json(ticket, False))


def print_pages(shell: Shell, pages: Sequence[str]) -> None:
    """With an empty line between them; in the pager where the terminal is too small for them."""
    text = "\n\n".join(pages)
    if shell.tty and text.count("\n") >= height() - 1:
        click.echo_via_pager(guarded(text) + "\n", color=False if shell.environ.get("NO_COLOR") else None)
    elif text:
        shell.say(text)


def end_with_failures(shell: Shell, batch: Batch[T]) -> None:
    """A line of trouble for each failure; ends the command with the exit code of the first."""
    for one in batch:
        if isinstance(one, Failed):
            shell.warn(error_line(one.error, shell.language))
    exit_after(batch)


def exit_after(batch: Batch[T]) -> None:
    """Ends the command with the exit code of the first failure, where there is one."""
    failed = [one.error for one in batch if isinstance(one, Failed)]
    if failed:
        click.get_current_context().exit(failed[0].exit_code)
