"""`ticketctl webhook`"""

from __future__ import annotations

import click

from ticketctl.commands.options import add_globals
from ticketctl.present.words import webhook as words
from ticketctl.terminal.output import print_answer
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.outgoing.webhooks import PingHook, ResumeHook, ping_hook, resume_hook, webhooks


@click.group
def command() -> None:
    """Show the webhooks of rules.yaml, try one, and resume one that was paused.

    A webhook sends each event of a ticket to another program (docs/api.md). A receiver that fails for three days
    is paused.

    \b
    Examples:
      ticketctl webhook list
      ticketctl webhook test lager
      ticketctl webhook resume lager
    """


add_globals(command)


@command.command("list")
@click.pass_obj
def list_command(shell: Shell) -> None:
    """List the webhooks: what waits for each, and which do not work."""
    found = webhooks(shell.session)
    lines = words.lines(found, shell.session.config.timezone, shell.language)
    print_answer(shell, [words.hook_json(one) for one in found], lines)


@command.command("resume")
@click.argument("name", metavar="NAME")
@click.pass_obj
def resume_command(shell: Shell, name: str) -> None:
    """Try a paused webhook again, with the next `ticketctl send`."""
    was = resume_hook(shell.session, ResumeHook(name=name))
    print_answer(shell, words.hook_json(was), [words.resumed(was, shell.language)])


@command.command("test")
@click.argument("name", metavar="NAME")
@click.pass_obj
def test_command(shell: Shell, name: str) -> None:
    """Send a signed event "ping" at once, and say whether it was taken.

    It says nothing of any ticket, waits for nothing in the outbox, and is sent to a paused receiver too.
    """
    was = ping_hook(shell.session, PingHook(name=name))
    print_answer(shell, words.hook_json(was) | {"taken": True}, [words.taken(was, shell.language)])
