"""`ticketctl link`"""

from __future__ import annotations

import click

from ticketctl.app import App
from ticketctl.commands._changes import Change, say_all, told_as
from ticketctl.commands._people import act
from ticketctl.commands.options import Number, dry_run
from ticketctl.domain.ticket import Act, Ticket
from ticketctl.errors import Refused


@click.command
@click.argument("number", type=Number(), metavar="TICKET")
@click.argument("other", type=Number(), metavar="OTHER")
@click.option("--remove", is_flag=True, help="Take the link away.")
@dry_run
@click.pass_obj
def command(app: App, number: int, other: int, remove: bool, dry_run: bool) -> None:
    """Link two tickets.

    Both show the other as related; nothing else changes. To make one ticket of two, use `ticketctl merge`.

    \b
    Example:
      ticketctl link 17 23
      ticketctl link 17 23 --remove
    """
    acting = act(app, "link")
    with app.store.transaction(keep=not dry_run) as desk:
        one, two = desk.get(number), desk.get(other)
        after = (_linked(acting, one, other, remove), _linked(acting, two, number, remove))
        changed = [ticket for ticket, before in zip(after, (one, two), strict=True) if ticket != before]
        saved = [desk.save(ticket) for ticket in changed]
    told = _told(number, other, remove, bool(saved))
    say_all(app, [told_as(app, Change(ticket, told)) for ticket in saved] if app.json else [told], dry_run=dry_run)


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
