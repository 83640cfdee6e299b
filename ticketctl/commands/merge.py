"""`ticketctl merge`"""

from __future__ import annotations

import click

from ticketctl.app import App
from ticketctl.commands._changes import Change, say_all, told_as
from ticketctl.commands._people import act
from ticketctl.commands.options import Number, dry_run, numbers
from ticketctl.domain import merging
from ticketctl.domain.ticket import Act, Ticket
from ticketctl.errors import NoSuchTicket, Refused, TicketctlError
from ticketctl.store.base import Desk


@click.command
@numbers
@click.option("--into", required=True, type=Number(), metavar="TARGET", help="The ticket that stays.")
@dry_run
@click.pass_obj
def command(app: App, numbers: list[int], into: int, dry_run: bool) -> None:
    """Merge duplicates into one ticket.

    TARGET takes over the messages, persons and labels of the others, which are closed and point to it; mail to them
    follows. It counts from the earliest start of all. Which one stays is always said with --into, because that is
    the one thing that must not be mixed up. `ticketctl unmerge` takes it back, message by message.

    \b
    Example:
      ticketctl merge 18 19 --into 17
    """
    acting = act(app, "merge")
    told: list[str | TicketctlError] = []
    with app.store.transaction(keep=not dry_run) as desk:
        desk.get(into)
        for number in numbers:
            try:
                told.append(_merge(app, desk, acting, number, into))
            except (NoSuchTicket, Refused) as trouble:
                told.append(trouble)
    say_all(app, told, dry_run=dry_run)


def _merge(app: App, desk: Desk, acting: Act, number: int, into: int) -> str:
    source = desk.get(number)
    target, closed = merging.merge(acting, desk.get(into), source)
    for item in merging.moved(list(desk.outbox()), number, into):
        desk.queue(item)
    desk.save(closed)
    target = desk.save(target)
    count = f"{len(source.messages)} message{'s' if len(source.messages) != 1 else ''}"
    return told_as(app, Change(target, f"#{number} merged into #{into} ({count}){_other_requester(source, target)}"))


def _other_requester(source: Ticket, target: Ticket) -> str:
    """Worth a look: duplicates mostly come from the same person."""
    if source.requester.address in ("", target.requester.address):
        return ""
    from ticketctl.present.terminal import line

    return f"; {line(str(source.requester))} takes part now"
