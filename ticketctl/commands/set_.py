"""`ticketctl set`"""

from __future__ import annotations

import click

from ticketctl.commands.options import base_revision, complete_fields, dry_run, numbers_or, wanted_revision
from ticketctl.errors import Usage
from ticketctl.present.words.set_fields import line
from ticketctl.terminal.arguments import numbers_and_words
from ticketctl.terminal.output import print_batch
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.fields import checked_fields
from ticketctl.usecases.tickets.set_fields import SetFields, set_fields


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

    Fields and their values are those of `fields:` in rules.yaml; `category=` removes a value. `subject=…` gives
    the ticket another subject (the customer's mails keep theirs).

    \b
    Examples:
      ticketctl set 17 category=betalning
      ticketctl set 17-20 category=fel area=webb
      ticketctl set 17 subject="Dubbel faktura i november"
    """
    numbers, assignments = numbers_and_words(words)
    subjects = [word.partition("=")[2] for word in assignments if word.startswith("subject=")]
    fields = checked_fields(shell.session.config, [word for word in assignments if not word.startswith("subject=")])
    if not assignments or "" in subjects:
        raise Usage("say what to set, as in `ticketctl set 17 category=betalning`")
    request = SetFields(
        tickets=tuple(numbers), fields=fields, subject=subjects[-1] if subjects else None, seen=wanted_revision()
    )
    print_batch(shell, set_fields(shell.session, request, keep=not dry_run), line, dry_run=dry_run)
