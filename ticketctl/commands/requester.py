"""`ticketctl requester`"""

from __future__ import annotations

import click

from ticketctl.commands.options import dry_run, number
from ticketctl.content.terminal import line
from ticketctl.domain.changes import requester as whose
from ticketctl.domain.ticket.message import Person
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.errors import Usage
from ticketctl.ports.store import Desk
from ticketctl.terminal.changes import change_each
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.people import act, person
from ticketctl.usecases.reply.headers import own_addresses
from ticketctl.usecases.tickets.change import Change


@click.command
@number
@click.argument("address", metavar="ADDRESS")
@dry_run
@click.pass_obj
def command(shell: Shell, number: int, address: str, dry_run: bool) -> None:
    """Say whose matter a ticket is.

    For a question that somebody passed on for a customer, and for an address that was typed wrong. ADDRESS is a mail
    address, with a name or without; for a caller without mail a name or telephone number. Replies go there from then
    on, and the first response counts from the question to the first reply to them. Who had it before takes part and
    gets no copies. `ticketctl undo` takes it back.

    \b
    Examples:
      ticketctl requester 17 eva@example.se
      ticketctl requester 17 "Eva Ek <eva@example.se>"
    """
    acting, found = act(shell.session, "requester"), person(address)
    if shell.session.config.outgoing and found.address in own_addresses(shell.session):
        raise Usage(f"{found.address} is an address of our own; name the customer")

    def decide(desk: Desk, ticket: Ticket) -> Change:
        return _told(ticket, whose.change(ticket, acting, _known(ticket, found)))

    change_each(shell.session, [number], decide, dry_run=dry_run)


def _known(ticket: Ticket, found: Person) -> Person:
    """With the name that the ticket knows for the address, where none is given."""
    named = (one for one in (ticket.requester, *ticket.participants) if one.address == found.address and one.name)
    return found if found.name or not found.address else next(named, found)


def _told(ticket: Ticket, after: Ticket) -> Change:
    if after is ticket:
        return Change(ticket, f"#{ticket.number} is {line(str(ticket.requester))}’s already")
    told = f"#{ticket.number} is {line(str(after.requester))}’s now (was {line(str(ticket.requester))}’s)"
    if after.requester.address != ticket.requester.address and after.takes_part(ticket.requester.address):
        told += f"; {ticket.requester.address} takes part and gets no copies"
    return Change(after, told)
