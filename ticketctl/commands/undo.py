"""`ticketctl undo`"""

from __future__ import annotations

from functools import partial

import click

from ticketctl.commands.options import dry_run, numbers
from ticketctl.content.times import zone
from ticketctl.present.words import undo as words
from ticketctl.terminal.choices import ask_about_old
from ticketctl.terminal.input_text import answers
from ticketctl.terminal.output import print_batch
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.tickets.undo import Undo, undo


@click.command
@numbers
@click.option("--yes", is_flag=True, help="Do not ask about what is older than a day.")
@dry_run
@click.pass_obj
def command(shell: Shell, numbers: list[int], yes: bool, dry_run: bool) -> None:
    """Take your last command on a ticket back.

    It works for assign, take, handover, triage, priority, label, set, wait, promise, watch, close, reopen, spam,
    merge, move and split. The history keeps both. Only what is still as you left it is taken back: what somebody
    changed since is not, and you are told. Notes are kept. A reply that is still in the outbox becomes a draft
    again. A reply that was sent cannot be taken back: then nothing is undone, and you are shown the commands for
    the rest. You are asked before something older than a day is taken back. A second undo restores what the first
    one took back, except a merge and a move, which you repeat instead.

    \b
    Examples:
      ticketctl undo 17 --dry-run
      ticketctl undo 17
    """
    request = Undo(tickets=tuple(numbers), old=yes)
    if not (yes or dry_run) and answers(shell):
        request = ask_about_old(shell, request)
    line = partial(words.line, zone=zone(shell.session.config.timezone))
    print_batch(shell, undo(shell.session, request, keep=not dry_run), line, dry_run=dry_run)
