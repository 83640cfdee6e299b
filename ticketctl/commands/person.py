"""`ticketctl person`"""

from __future__ import annotations

import click
import msgspec

from ticketctl.commands.options import add_globals
from ticketctl.commands.options import dry_run as dry_run_option
from ticketctl.commands.person_erase import erase_command
from ticketctl.commands.person_export import export_command
from ticketctl.commands.person_link import link_command, unlink_command
from ticketctl.commands.person_rectify import rectify_command, restrict_command
from ticketctl.present.words import person as words
from ticketctl.present.words import say_in, would
from ticketctl.terminal.output import print_answer
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.privacy.profiles import WriteFact, write_fact
from ticketctl.usecases.privacy.show import ShowPerson, show_person

person_argument = click.argument("person", metavar="ADDRESS")


@click.group
def command() -> None:
    """Show, export, correct, restrict or erase a person's data.

    ADDRESS is a mail address in any spelling, or the name or number of a caller. Old addresses and addresses that were
    joined by `link` are found too. docs/privacy.md explains what to do when somebody asks.

    \b
    Examples:
      ticketctl person show anna@kund.example
      ticketctl person erase anna@kund.example --dry-run
    """


add_globals(command)


@command.command("show")
@person_argument
@click.option("--files", is_flag=True, help="Also look into stored mails and files; takes longer.")
@click.pass_obj
def show_command(shell: Shell, person: str, files: bool) -> None:
    """Show all data about a person, and when and why it was read.

    Tickets, archived ones too, messages, notes, outbox and quarantine, and data in other places. It does not show which
    agent read it. The audit log records that you looked.
    """
    found = show_person(shell.session, ShowPerson(person=person, files=files))
    print_answer(shell, msgspec.to_builtins(found), words.shown(found, shell.session.config.timezone, shell.language))


@command.command("note")
@person_argument
@click.argument("text", required=False, default="")
@click.option("--drop", type=click.IntRange(min=1), default=None, metavar="N", help="Drop note N instead.")
@dry_run_option
@click.pass_obj
def note_command(shell: Shell, person: str, text: str, drop: int | None, dry_run: bool) -> None:
    """Note a fact about a customer, shown on each of their tickets.

    They may read it. Only what the work needs belongs there ("invoices quarterly"); nothing about health, belief or
    crime, and no judgment. `person show` numbers the notes.
    """
    done = write_fact(shell.session, WriteFact(person=person, text=text, drop=drop or 0), keep=not dry_run)
    said = words.noted(done, shell.language)
    print_answer(shell, msgspec.to_builtins(done.after), [would(shell.language, said) if dry_run else said])
    if done.stranger:
        shell.warn(say_in(shell.language, words.TEXTS)("stranger"))
    if text and shell.tty:
        shell.warn(say_in(shell.language, words.TEXTS)("hint"))


for one in (link_command, unlink_command, restrict_command, rectify_command, erase_command, export_command):
    command.add_command(one)
