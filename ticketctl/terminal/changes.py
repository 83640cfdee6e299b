"""How commands that are no use cases yet change tickets: one transaction, a line said for each, and a refused one does
not stop the others. It goes with the last of them (usecases/tickets/change.py is the way)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import click

from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.errors import NoSuchTicket, Refused, TicketctlError
from ticketctl.ports.store import Desk
from ticketctl.present.words.errors import error_line
from ticketctl.terminal.numbers import must_be_one, wanted_revision
from ticketctl.usecases.session import Session
from ticketctl.usecases.tickets.change import Change, must_be_as_seen


def change_each(
    session: Session,
    numbers: Sequence[int],
    decide: Callable[[Desk, Ticket], Change],
    *,
    dry_run: bool = False,
    finish: Callable[[Desk], None] = lambda _desk: None,
) -> None:
    """`decide` gets the desk and each ticket and returns what becomes of it, or raises Refused. A ticket that comes
    back as it was is not saved. `finish` comes last in the same commit. Says all after it; ends with the exit code of
    the first trouble."""
    must_be_one(numbers)
    told: list[str | TicketctlError] = []
    keep = not dry_run
    with session.store.transaction(keep=keep) as desk, session.store.blobs.together(keep=keep):
        for number in numbers:
            try:
                told.append(_change(session, desk, number, decide))
            except (NoSuchTicket, Refused) as trouble:
                told.append(trouble)
        finish(desk)
    say_all(session, told, dry_run=dry_run)


def say_all(session: Session, told: Sequence[str | TicketctlError], *, dry_run: bool = False) -> None:
    """Lines to stdout, troubles to stderr, in order; exits with the code of the first trouble."""
    for one in told:
        if isinstance(one, TicketctlError):
            session.out.warn(error_line(one))
        else:
            session.out.say(f"would: {one}" if dry_run and not session.out.json else one)
    troubles = [one for one in told if isinstance(one, TicketctlError)]
    if troubles:
        click.get_current_context().exit(troubles[0].exit_code)


def told_as(session: Session, change: Change) -> str:
    """The line of a change; with --json the ticket itself, in the shape of `list --json`."""
    if not session.out.json:
        return change.told
    from ticketctl.content.terminal import as_json
    from ticketctl.present.json import ticket_json

    return as_json(ticket_json(change.ticket, False))


def _change(session: Session, desk: Desk, number: int, decide: Callable[[Desk, Ticket], Change]) -> str:
    before = desk.get(number)
    must_be_as_seen(before, wanted_revision())
    change = decide(desk, before)
    if change.ticket != before:
        change = Change(desk.save(change.ticket), change.told)
    return told_as(session, change)
