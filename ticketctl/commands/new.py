"""`ticketctl new`"""

from __future__ import annotations

from typing import Literal

import click

from ticketctl.commands.options import complete_agents, complete_fields, complete_labels
from ticketctl.content.terminal import line, shortened
from ticketctl.domain.ticket.message import Message, Person
from ticketctl.domain.ticket.query import ACTIVE
from ticketctl.domain.ticket.ticket import PRIORITIES, Act, Priority, Ticket
from ticketctl.ports.store import Desk
from ticketctl.terminal.changes import say_all, told_as
from ticketctl.terminal.input_text import text_for
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.fields import checked_fields, checked_labels
from ticketctl.usecases.people import act, chooser, own_person, person
from ticketctl.usecases.tickets.change import Change


@click.command
@click.option("--requester", default="", metavar="WHO", help="'Name <address>', or only a name or telephone number.")
@click.option("--subject", default="", metavar="TEXT", help="Else the first line of the text.")
@click.option("--text", metavar="TEXT", help="What was said; else standard input or your editor.")
@click.option("--channel", type=click.Choice(["phone", "visit"]), default="phone", help="How it came (phone).")
@click.option("--assign", "agent", default="", metavar="AGENT", shell_complete=complete_agents, help="Who takes it.")
@click.option("--priority", type=click.Choice(PRIORITIES), default="medium", help="How urgent it is (medium).")
@click.option("--label", "labels", multiple=True, shell_complete=complete_labels, help="A label; may be repeated.")
@click.option(
    "--set",
    "fields",
    multiple=True,
    metavar="NAME=VALUE",
    shell_complete=complete_fields,
    help="A field; may be repeated.",
)
@click.pass_obj
def command(
    shell: Shell,
    requester: str,
    subject: str,
    text: str | None,
    channel: Literal["phone", "visit"],
    agent: str,
    priority: Priority,
    labels: tuple[str, ...],
    fields: tuple[str, ...],
) -> None:
    """Log a phone call, a visit or a matter of your own.

    The ticket counts as opened, since you have seen it. Without --requester it is a matter of your own. A requester
    without a mail address cannot be answered by mail; the ticket keeps the name or telephone number.

    \b
    Example:
      ticketctl new --requester "Åsa Öberg <asa@kund.example>" --text "Vill ha en kopia av fakturan."
    """
    acting = act(shell.session, "new")
    caller = person(requester) if requester else own_person(shell.session)
    choose = chooser(shell.session, agent) if agent else None
    checked, values = checked_labels(shell.session.config, labels), checked_fields(shell.session.config, fields)
    said = text_for(shell, text, "What was said; the first line is the subject where none was given.")
    with shell.session.store.transaction() as desk:
        others = _others(desk, caller)
        ticket = Ticket(
            number=desk.new_number(),
            subject=line(subject) or shortened(line(said.lstrip().splitlines()[0]), 78),
            requester=caller,
            opened_at=shell.session.now,
            priority=priority,
            channel=channel if requester else "system",
        )
        ticket = _logged(acting, ticket, said, of_ours=not requester).label(acting, *checked)
        for name, value in values.items():
            ticket = ticket.set_field(acting, name, value)
        chosen = choose(desk, ticket) if choose else None
        ticket = desk.save(ticket.assign(acting, chosen.name) if chosen else ticket)
    say_all(shell.session, [told_as(shell.session, Change(ticket, _told(ticket, others)))])


def _logged(acting: Act, ticket: Ticket, said: str, *, of_ours: bool) -> Ticket:
    message = Message(
        key=ticket.next_key(),
        direction="internal" if of_ours else "in",
        kind="note" if of_ours else "message",
        at=acting.at,
        sender=ticket.requester,
        author=acting.actor if of_ours else "",
        text=said,
        why=f"logged by {acting.actor} with `ticketctl new`",
    )
    return ticket.write(acting, message) if of_ours else ticket.receive(acting, message).touch(acting)


def _others(desk: Desk, caller: Person) -> list[int]:
    """The caller's other tickets that are not closed."""
    return [one.number for one in desk.find(ACTIVE) if one.requester.address == caller.address != ""]


def _told(ticket: Ticket, others: list[int]) -> str:
    told = f"#{ticket.number} {shortened(line(ticket.subject), 60)}: opened, "
    told += f"{ticket.assignee}’s" if ticket.assignee else f"nobody’s; `ticketctl assign {ticket.number} me`"
    if others:
        told += f"; the same person’s: {', '.join(f'#{number}' for number in others[:5])}"
    return told
