"""`ticketctl key`"""

from __future__ import annotations

import click

from ticketctl.commands.options import add_globals, complete_agents
from ticketctl.present.words import key as words
from ticketctl.terminal.output import print_answer
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.access.keys import AddKey, RevokeKey, add_key, keys, revoke_key


@click.group
def command() -> None:
    """Make, list and revoke the keys of the API.

    A program that uses the API of `ticketctl serve` sends a key (docs/api.md). What it does, it does as an agent.

    \b
    Examples:
      ticketctl key add shop --scope read,write --as bo
      ticketctl key list
      ticketctl key revoke shop
    """


add_globals(command)


@command.command("add")
@click.argument("name", metavar="NAME")
@click.option(
    "--scope", default="read", metavar="SCOPES", help="read, write, admin, or customer alone (default: read)."
)
@click.option("--as", "agent", default="", metavar="AGENT", shell_complete=complete_agents, help="As whom; else you.")
@click.option("--days", type=click.IntRange(1, 3650), help="For how long it is good; else until revoked.")
@click.pass_obj
def add_command(shell: Shell, name: str, scope: str, agent: str, days: int | None) -> None:
    """Make a key, and show it: this once only.

    With `read` a program reads tickets, with `write` it changes them; `customer` sees only what the requester of a
    ticket may see.
    """
    scopes = tuple(one.strip() for one in scope.split(",") if one.strip())
    added = add_key(shell.session, AddKey(name=name, scopes=scopes, agent=agent, days=days or 0))
    print_answer(shell, words.key_json(added.key) | {"key": added.secret}, words.added(added, shell.language))


@command.command("list")
@click.pass_obj
def list_command(shell: Shell) -> None:
    """List the keys: as whom, what they may, when they were last used (to the hour)."""
    found = keys(shell.session)
    lines = words.lines(found, shell.session.now, shell.session.config.timezone, shell.language)
    print_answer(shell, [words.key_json(one) for one in found], lines)


@command.command("revoke")
@click.argument("name", metavar="NAME")
@click.pass_obj
def revoke_command(shell: Shell, name: str) -> None:
    """Revoke a key: it is good for nothing from now on."""
    gone = revoke_key(shell.session, RevokeKey(name=name))
    print_answer(shell, words.key_json(gone), [words.revoked(gone, shell.language)])
