"""`ticketctl person link` and `ticketctl person unlink`"""

from __future__ import annotations

import click
import msgspec

from ticketctl.commands.options import dry_run as dry_run_option
from ticketctl.present.words import person_link as words
from ticketctl.present.words import would
from ticketctl.terminal.output import print_answer
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.privacy.link import Linked, LinkPersons, UnlinkPersons, link_persons, unlink_persons


@click.command("link")
@click.argument("person", metavar="ADDRESS")
@click.argument("other", metavar="OTHER")
@dry_run_option
@click.pass_obj
def link_command(shell: Shell, person: str, other: str, dry_run: bool) -> None:
    """Say that two addresses are one person's: mail, chat, a telephone number, a name.

    Each message keeps the address that it came from. `show` lists the person's other tickets whatever they used, and
    search, `person show`, export and erase find all of it. Nothing is linked by itself: `show` suggests it where a
    customer gave the other address, or the same value of a field with a pattern (an order number).

    \b
    Examples:
      ticketctl person link asa@kund.example "070-123 45 67"
      ticketctl person link asa@kund.example @asa:matrix.example
    """
    done = link_persons(shell.session, LinkPersons(person=person, other=other), keep=not dry_run)
    _print(shell, done, words.linked(done, shell.language), dry_run)


@click.command("unlink")
@click.argument("person", metavar="ADDRESS")
@click.argument("other", metavar="OTHER")
@dry_run_option
@click.pass_obj
def unlink_command(shell: Shell, person: str, other: str, dry_run: bool) -> None:
    """Say that OTHER is somebody else: takes `person link` back, and ends its suggestion.

    Notes about the person stay with ADDRESS.
    """
    done = unlink_persons(shell.session, UnlinkPersons(person=person, other=other), keep=not dry_run)
    _print(shell, done, words.unlinked(other, shell.language), dry_run)


def _print(shell: Shell, done: Linked, said: list[str], dry_run: bool) -> None:
    print_answer(shell, msgspec.to_builtins(done), [would(shell.language, one) if dry_run else one for one in said])
