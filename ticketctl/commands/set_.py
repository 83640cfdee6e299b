"""`ticketctl set`"""

from __future__ import annotations

import click

from ticketctl.commands.options import base_revision, complete_fields, dry_run, numbers_or
from ticketctl.content.terminal import line
from ticketctl.domain.ticket.ticket import Ticket
from ticketctl.errors import Usage
from ticketctl.ports.store import Desk
from ticketctl.terminal.arguments import numbers_and_words
from ticketctl.terminal.changes import change_each
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.fields import checked_fields
from ticketctl.usecases.people import act
from ticketctl.usecases.tickets.change import Change


@click.command
@click.argument(
    "words",
    nargs=-1,
    required=True,
    metavar="TICKET... FIELD=VALUE...",
    shell_complete=numbers_or(complete_fields),
)
@dry_run
@base_revision
@click.pass_obj
def command(shell: Shell, words: tuple[str, ...], dry_run: bool) -> None:
    """Set fields: category=betalning.

    Fields and their values are those of `fields:` in rules.yaml; `category=` takes a value away. `subject=…` gives
    the ticket another subject (the customer's mails keep theirs).

    \b
    Examples:
      ticketctl set 17 category=betalning
      ticketctl set 17-20 category=fel area=webb
      ticketctl set 17 subject="Dubbel faktura i november"
    """
    numbers, assignments = numbers_and_words(words)
    subject = [word.partition("=")[2] for word in assignments if word.startswith("subject=")]
    fields = checked_fields(shell.session.config, [word for word in assignments if not word.startswith("subject=")])
    if not assignments or "" in subject:
        raise Usage("say what to set, as in `ticketctl set 17 category=betalning`")
    acting = act(shell.session, "set")

    def decide(desk: Desk, ticket: Ticket) -> Change:
        after = ticket
        for name, value in fields.items():
            after = after.set_field(acting, name, value)
        for text in subject:
            after = after.rename(acting, line(text))
        return Change(after, f"#{ticket.number} {_told(ticket, after)}")

    change_each(shell.session, numbers, decide, dry_run=dry_run)


def _told(before: Ticket, after: Ticket) -> str:
    names = [name for name in {**before.fields, **after.fields} if before.fields.get(name) != after.fields.get(name)]
    told = [_change(name, before.fields.get(name, ""), after.fields.get(name, "")) for name in names]
    told += [f"subject: {line(after.subject)}"] if before.subject != after.subject else []
    return ", ".join(told) or "has that already"


def _change(name: str, before: str, after: str) -> str:
    if not after:
        return f"{name} taken away (was {before})"
    return f"{name}: {after}" + (f" (was {before})" if before else "")
