"""`ticketctl person restrict` and `ticketctl person rectify`"""

from __future__ import annotations

import click
import msgspec

from ticketctl.commands.options import dry_run as dry_run_option
from ticketctl.present.words import person as words
from ticketctl.present.words import say_in, would
from ticketctl.terminal.output import print_answer
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.privacy.profiles import Restrict, restrict
from ticketctl.usecases.privacy.rectify import Rectify, rectify


@click.command("restrict")
@click.argument("person", metavar="ADDRESS")
@click.option("--lift", is_flag=True, help="The data may be used again.")
@dry_run_option
@click.pass_obj
def restrict_command(shell: Shell, person: str, lift: bool, dry_run: bool) -> None:
    """Store a person's data, but do not use it (GDPR, article 18).

    No automatic mail goes to them, and no retention rule deletes their tickets. Each of their tickets says so.
    """
    done = restrict(shell.session, Restrict(person=person, lift=lift), keep=not dry_run)
    said = words.restricted(done, shell.session.config.timezone, shell.language)
    print_answer(shell, msgspec.to_builtins(done.after), [would(shell.language, said) if dry_run else said])
    if done.stranger:
        shell.warn(say_in(shell.language, words.TEXTS)("stranger"))


@click.command("rectify")
@click.argument("person", metavar="ADDRESS")
@click.option("--address", metavar="ADDRESS", default="", help="The right address.")
@click.option("--name", metavar="NAME", default="", help="The right name.")
@dry_run_option
@click.pass_obj
def rectify_command(shell: Shell, /, person: str, dry_run: bool, **given: str) -> None:
    """Correct a person's address or name everywhere.

    Changes tickets, archived ones too, and notes; messages stay as they were written. The old address still finds the
    person afterwards. Two addresses that are both right are joined by `person link`.
    """
    done = rectify(shell.session, Rectify(person=person, **given), keep=not dry_run)
    said = [would(shell.language, one) if dry_run else one for one in words.rectified(done, shell.language)]
    print_answer(shell, msgspec.to_builtins(done), said)
