"""`ticketctl link`"""

from __future__ import annotations

import click

from ticketctl.commands.options import dry_run, numbers
from ticketctl.domain.ticket.ticket import Act, Ticket
from ticketctl.errors import NoSuchTicket, Refused, TicketctlError, Usage
from ticketctl.ports.store import Desk
from ticketctl.terminal.changes import say_all, told_as
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.people import act
from ticketctl.usecases.tickets.change import Change


@click.command
@numbers
@click.option("--remove", is_flag=True, help="Take the links away.")
@dry_run
@click.pass_obj
def command(shell: Shell, numbers: list[int], remove: bool, dry_run: bool) -> None:
    """Link tickets that belong together.

    The first is linked with each of the others. Both show the other as related; nothing else changes. To make one
    ticket of two, use `ticketctl merge`.

    \b
    Examples:
      ticketctl link 17 23
      ticketctl link 17 23 19-21
      ticketctl link 17 23 --remove
    """
    acting = act(shell.session, "link")
    if len(numbers) < 2:
        raise Usage("name the ticket, then the others to link it with, as in `ticketctl link 17 23`")
    first, *others = numbers
    told: list[str | TicketctlError] = []
    changed: dict[int, Ticket] = {}
    with shell.session.store.transaction(keep=not dry_run) as desk:
        desk.get(first)
        for other in others:
            try:
                saved = _link(desk, acting, first, other, remove)
            except (NoSuchTicket, Refused) as trouble:
                told.append(trouble)
                continue
            changed.update({ticket.number: ticket for ticket in saved})
            told += [] if shell.json else [_told(first, other, remove, bool(saved))]
    tickets = [told_as(shell.session, Change(ticket, "")) for ticket in changed.values()] if shell.json else []
    say_all(shell.session, [*tickets, *told], dry_run=dry_run)


def _link(desk: Desk, acting: Act, number: int, other: int, remove: bool) -> list[Ticket]:
    """Links or unlinks the two; those of them that changed."""
    one, two = desk.get(number), desk.get(other)
    after = (_linked(acting, one, other, remove), _linked(acting, two, number, remove))
    return [desk.save(ticket) for ticket, before in zip(after, (one, two), strict=True) if ticket != before]


def _linked(acting: Act, ticket: Ticket, other: int, remove: bool) -> Ticket:
    if not remove:
        return ticket.link(acting, other)
    if any(link.to == other and link.kind == "merged" for link in ticket.links):
        raise Refused(f"#{ticket.number} and #{other} are merged; `ticketctl unmerge` takes that back")
    return ticket.unlink(acting, other)


def _told(number: int, other: int, remove: bool, changed: bool) -> str:
    if not changed:
        return f"#{number} and #{other} are {'not linked' if remove else 'linked already'}"
    return f"#{number} and #{other} are {'no longer' if remove else 'now'} linked"
