"""`ticketctl promise`"""

from __future__ import annotations

from functools import partial

import click

from ticketctl.commands.options import base_revision, complete_numbers, dry_run, wanted_revision
from ticketctl.content.times import zone
from ticketctl.domain.deadlines.date_words import EXAMPLES
from ticketctl.present.words import promise as words_of
from ticketctl.present.words import say_in
from ticketctl.terminal.arguments import numbers_and_time
from ticketctl.terminal.output import print_batch
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.tickets.promise import Promise, promise


@click.command
@click.argument("words", nargs=-1, required=True, metavar="TICKET... WHEN", shell_complete=complete_numbers)
@dry_run
@base_revision
@click.pass_obj
def command(shell: Shell, words: tuple[str, ...], dry_run: bool) -> None:
    """Record what the customer was promised, and by when.

    `reply` suggests the date that it finds in your text; use this command for what was promised on the telephone,
    or to correct a date. WHEN is a day (friday, i morgon, 2026-12-01: until closing time), a day and a time, or a
    duration as for `wait`. The ticket is then due: `list`, `board` and `take` sort by it, and `report` counts how
    many were kept. A later reply, or closing the ticket, keeps the promise; use `kept` after a call or a visit,
    and `drop` if it was not a promise.

    \b
    Examples:
      ticketctl promise 17 fredag
      ticketctl promise 18 friday 15:00
      ticketctl promise 17 kept
    """
    say = say_in(shell.language, words_of.TEXTS)
    numbers, when = numbers_and_time(words, say("by_when", examples=EXAMPLES))
    request = Promise(tickets=tuple(numbers), when=when, seen=wanted_revision())
    line = partial(words_of.line, zone=zone(shell.session.config.timezone))
    print_batch(shell, promise(shell.session, request, keep=not dry_run), line, dry_run=dry_run)
