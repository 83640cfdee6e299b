"""`ticketctl unmask`"""

from __future__ import annotations

from pathlib import Path

import click

from ticketctl.commands.options import complete_messages, number
from ticketctl.content.terminal import safe
from ticketctl.terminal.output import print_answer
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.views.unmask import Unmask, unmask

PATH = click.Path(path_type=Path, dir_okay=False)


@click.command
@number
@click.argument("message", required=False, default="", shell_complete=complete_messages)
@click.option("--key", type=PATH, required=True, metavar="FILE", help="The file with the secret key of age.")
@click.option("--save", "save", type=PATH, metavar="FILE", help="Save the original mail in this new file.")
@click.pass_obj
def command(shell: Shell, number: int, message: str, key: Path, save: Path | None) -> None:
    """Open the sealed original of a mail that was masked on arrival.

    With `privacy: seal_to:` in rules.yaml the original is stored encrypted for a public key of age; nobody can open it
    without the secret key. The mail is printed as text with its headers, without terminal control characters. It needs
    --reason, and the audit log records who opened it, when and why. MESSAGE is a message of the ticket (m1, m2 …);
    without it, the last one with an original.

    \b
    Examples:
      ticketctl unmask 17 --key ~/age.txt --reason "the bank asks for the card"
      ticketctl unmask 17 m1 --key ~/age.txt --save original.eml --reason "wrong amount"
    """
    host = shell.session.host
    identity = host.read(key.expanduser())
    if identity is None:
        raise click.BadParameter(f"there is no file {key}", param_hint="--key")
    request = Unmask(ticket=number, message=message, identity=identity.decode("ascii", "replace"))
    done = unmask(shell.session, request)
    if save is not None:
        host.write_new(save, done.raw)
        return
    text = done.raw.decode("utf-8", "replace")
    print_answer(shell, {"ticket": done.ticket, "message": done.message, "original": text}, [safe(text)])
