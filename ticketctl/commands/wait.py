"""`ticketctl wait`"""

from __future__ import annotations

import click

from ticketctl.commands.options import base_revision, complete_numbers, dry_run, wanted_revision
from ticketctl.domain.deadlines.date_words import EXAMPLES
from ticketctl.present.words import say_in
from ticketctl.present.words.wait import TEXTS, line
from ticketctl.terminal.arguments import numbers_and_time
from ticketctl.terminal.output import print_batch
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.tickets.wait import Wait, wait


@click.command
@click.argument("words", nargs=-1, required=True, metavar="TICKET... UNTIL", shell_complete=complete_numbers)
@dry_run
@base_revision
@click.pass_obj
def command(shell: Shell, words: tuple[str, ...], dry_run: bool) -> None:
    """Wait for the customer until a date.

    UNTIL is a duration (30m, 4h, 5d: in opening hours, `calendar 5d` by the clock; 2w: the same weekday; 3 months,
    half a year), a day (2026-12-01, 3 december, tomorrow, friday, next week, week 50, end of month, end of the
    quarter, Q2: when you open), a day and a time (friday 15:00, tomorrow afternoon, monday half past eight,
    2026-12-01T15:00), or `no`, which ends the waiting now. Swedish works too: fredag 15, måndag halv nio, fredag
    nästa vecka, i kväll, om 3 arbetsdagar, om ett halvår, slutet av kvartalet. An ambiguous or past time is
    refused, and you are shown what to write instead. A number right before a unit or a month belongs to the time:
    `wait 17 3 dagar`.

    The ticket is opened earlier if the customer writes; while it waits, its resolution target is paused. Sweep
    rules can remind the customer and close a ticket that waits for a duration; they ignore one that waits for a
    day you named.

    \b
    Examples:
      ticketctl wait 17 5d
      ticketctl wait 18 2026-12-01
      ticketctl wait 19 i morgon 9
    """
    question = say_in(shell.language, TEXTS)("until_when", examples=EXAMPLES)
    numbers, until = numbers_and_time(words, question)
    request = Wait(tickets=tuple(numbers), until="" if until == "no" else until, seen=wanted_revision())
    print_batch(shell, wait(shell.session, request, keep=not dry_run), line, dry_run=dry_run)
