"""`ticketctl wait`"""

from __future__ import annotations

import click

from ticketctl.commands.options import base_revision, complete_numbers, dry_run, wanted_revision
from ticketctl.present.words.wait import line
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

    UNTIL is a time to wait (30m, 4h, 5d: in opening hours, `calendar 5d` by the clock; 2w: on the same weekday; 3
    months, half a year), a day (2026-12-01, 3 december, tomorrow, friday, next week, week 50, end of month, end of
    the quarter, Q2: at its opening), a day and a time (friday 15:00, tomorrow afternoon, monday half past eight,
    2026-12-01T15:00), or `no`, which takes the ticket back at once. Swedish is understood too: fredag 15, måndag halv
    nio, fredag nästa vecka, i kväll, om 3 arbetsdagar, om ett halvår, slutet av kvartalet. What can be read in two
    ways, or is over, is refused with what you can write instead. A number right before a unit or a month is the
    time's: `wait 17 3 dagar`.

    The ticket comes back earlier when the customer writes; while it waits its resolution target is paused. Sweep rules
    remind of, and close, what waits so long; they do not touch what waits for a day that you named.

    \b
    Examples:
      ticketctl wait 17 5d
      ticketctl wait 18 2026-12-01
      ticketctl wait 19 i morgon 9
    """
    numbers, until = numbers_and_time(words, "until when?", "no")
    request = Wait(tickets=tuple(numbers), until="" if until == "no" else until, seen=wanted_revision())
    print_batch(shell, wait(shell.session, request, keep=not dry_run), line, dry_run=dry_run)
