"""`ticketctl set`"""

from __future__ import annotations

import click

from ticketctl.commands.options import base_revision, complete_fields, dry_run, numbers_or, wanted_revision
from ticketctl.errors import Usage
from ticketctl.present.words.set_fields import line
from ticketctl.terminal.arguments import numbers_and_words
from ticketctl.terminal.output import print_batch
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.tickets.set_fields import SetFields, fields_and_subject, set_fields


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

    Fields and their values are those of `fields:` in rules.yaml; `category=` removes a value. `subject=…` changes
    the ticket's subject (the customer's mails keep theirs).

    \b
    Examples:
      ticketctl set 17 category=betalning
      ticketctl set 17-20 category=fel area=webb
      ticketctl set 17 subject="Dubbel faktura i november"
    """
    numbers, assignments = numbers_and_words(words)
    fields, subject = fields_and_subject(shell.session.config, assignments)
    if not assignments or subject == "":
        raise Usage("say what to set, as in `ticketctl set 17 category=betalning`")
    request = SetFields(tickets=tuple(numbers), fields=fields, subject=subject, seen=wanted_revision())
    print_batch(shell, set_fields(shell.session, request, keep=not dry_run), line, dry_run=dry_run)
