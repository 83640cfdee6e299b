"""`ticketctl quarantine`"""

from __future__ import annotations

import click

from ticketctl.commands.options import add_globals
from ticketctl.content.terminal import as_json
from ticketctl.present.intake import quarantined_json, released_json, set_aside_json
from ticketctl.present.words import quarantine as words
from ticketctl.terminal.output import print_answer
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.intake.quarantine import Drop, Release, drop, look, quarantined, release


@click.group(invoke_without_command=True)
@click.pass_context
def command(ctx: click.Context) -> None:
    """Look at and release messages that were set aside.

    A message that could not be understood is kept here, whole, with the reason. Nothing stops because of it, and
    nothing is thrown away. ID may be shortened as long as it is clear.

    \b
    Examples:
      ticketctl quarantine
      ticketctl quarantine show 3f9a
      ticketctl quarantine release 3f9a
    """
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_command)


add_globals(command)


@command.command("list")
@click.pass_obj
def list_command(shell: Shell) -> None:
    """List what was set aside, oldest first: ID, when it came, source, reason."""
    items, zone = quarantined(shell.session), shell.session.config.timezone
    for line in map(as_json, map(quarantined_json, items)) if shell.json else words.lines(items, zone, shell.language):
        shell.say(line)


@command.command("show")
@click.argument("identifier", metavar="ID")
@click.pass_obj
def show_command(shell: Shell, identifier: str) -> None:
    """Show a message as it came, with the reason why it was set aside.

    Its bytes are printed as text, headers and all, without anything that could control the terminal. That you read it
    is noted in the audit log; no retention rule deletes a message that nobody has looked at.
    """
    found = look(shell.session, identifier)
    print_answer(shell, set_aside_json(found), [words.shown(found, shell.session.config.timezone, shell.language)])


@command.command("release")
@click.argument("identifier", metavar="ID")
@click.pass_obj
def release_command(shell: Shell, identifier: str) -> None:
    """Make it a message in a ticket after all.

    A newer version may understand it; what still cannot be read becomes a ticket with the original attached.
    """
    done = release(shell.session, Release(id=identifier))
    print_answer(shell, released_json(done), [words.released(done, shell.language)])


@command.command("drop")
@click.argument("identifier", metavar="ID")
@click.pass_obj
def drop_command(shell: Shell, identifier: str) -> None:
    """Delete it for good.

    No fetch brings it again. Its bytes are deleted at once, or by the next purge if a fetch is running.
    """
    item = drop(shell.session, Drop(id=identifier))
    print_answer(shell, {"id": item.id, "dropped": True}, [words.dropped(item, shell.language)])
