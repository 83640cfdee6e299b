"""`ticketctl wait`"""

from __future__ import annotations

import re

import click

from ticketctl.commands.options import base_revision, complete_numbers, dry_run
from ticketctl.content.times import local, zone
from ticketctl.domain.deadlines.calendar_words import BEHIND_A_NUMBER, MONTH
from ticketctl.domain.deadlines.date_words import EXAMPLES
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.errors import Usage
from ticketctl.ports.store import Desk
from ticketctl.terminal.arguments import numbers_and_words
from ticketctl.terminal.changes import change_each
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.people import act
from ticketctl.usecases.tickets.change import Change
from ticketctl.usecases.tickets.wait import names_day, wake_time


@click.command
@click.argument("words", nargs=-1, required=True, metavar="TICKET... UNTIL", shell_complete=complete_numbers)
@dry_run
@base_revision
@click.pass_obj
def command(shell: Shell, words: tuple[str, ...], dry_run: bool) -> None:
    """Wait for the customer until a date.

    UNTIL is a time to wait (30m, 4h, 5d: in opening hours, `calendar 5d` by the clock; 2w: on the same weekday), a day
    (2026-12-01, 3 december, tomorrow, friday, next week, week 50, end of month: at its opening), a day and a time
    (friday 15:00, tomorrow afternoon), or `no`, which takes the ticket back at once. Swedish is understood too: fredag
    15, fredag nästa vecka, i kväll, om 3 arbetsdagar. What can be read in two ways, or is over, is refused with what
    you can write instead. A number right before a unit or a month is the time's: `wait 17 3 dagar`.

    The ticket comes back earlier when the customer writes; while it waits its resolution target stands still. Sweep
    rules remind of, and close, what waits so long; what waits for a day that you named they leave alone.

    \b
    Examples:
      ticketctl wait 17 5d
      ticketctl wait 18 2026-12-01
      ticketctl wait 19 i morgon 9
    """
    numbers, until = split_words(words, "until when?", "no")
    acting = act(shell.session, "wait")
    wake_at = None if until == "no" else wake_time(shell.session, until)

    def decide(desk: Desk, ticket: Ticket) -> Change:
        if wake_at is None:
            return Change(ticket.wake(acting), f"#{ticket.number} waits for us again")
        after = ticket.wait(acting, wake_at, named=names_day(shell.session, until))
        told = "waits for the customer" if after != ticket else "waits for the customer already,"
        return Change(after, f"#{ticket.number} {told} until {local(wake_at, zone(shell.session.config.timezone))}")

    change_each(shell.session, numbers, decide, dry_run=dry_run)


_TICKET = re.compile(r"#?\d+(-#?\d+)?,?|-", re.ASCII)
_BEHIND = re.compile(rf"(?!(?:vecka|week|v|w) \d)(?:{BEHIND_A_NUMBER})(?: |$)")  # "vecka 50" begins with its word
_DAY_BEHIND = re.compile(rf"(?:{'|'.join(sorted(MONTH, key=len, reverse=True))})\.? (?:the )?\d")


def split_words(words: tuple[str, ...], question: str, other: str) -> tuple[list[int], str]:
    """The tickets that come first, and the words behind them; raises Usage with the question where there are none."""
    first = next((at for at, word in enumerate(words) if not _TICKET.fullmatch(word)), len(words))
    behind = " ".join(words[first:]).lower()
    if (
        first
        and words[first - 1].isdecimal()
        and _BEHIND.match(behind)
        and (first > 1 or not _DAY_BEHIND.match(behind))
    ):
        first -= 1  # `wait 2 3 dagar` is about ticket 2
        if first == 0:
            raise Usage(f"which ticket? Write its number before the time: 17 {' '.join(words)}")
    numbers, _ = numbers_and_words(words[:first])
    until = " ".join(words[first:])
    if not until:
        raise Usage(f"{question} Write it behind the ticket: {EXAMPLES}, or {other}")
    return numbers, until
