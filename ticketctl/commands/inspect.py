"""`inspect`: how a mail is understood. Needs no desk and changes nothing; one bad file never stops the others."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path

import click

from ticketctl.errors import TicketctlError
from ticketctl.present.account import account, unreadable_json, whole_json
from ticketctl.present.words.inspect import unreadable
from ticketctl.terminal.output import print_answer
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.intake.inspect import Inspect, Kind, bytes_needed, inspect


@click.command("inspect", short_help="Explain how a mail is understood.")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(allow_dash=True, path_type=str))
@click.option("--body", "kind", flag_value="text", help="The files are bare text bodies, not messages.")
@click.option("--html-body", "kind", flag_value="html", help="The files are bare HTML bodies.")
@click.pass_obj
def command(shell: Shell, files: tuple[str, ...], kind: Kind | None) -> None:
    """Explain how each FILE is understood: sender, text, attachments, machine mail, sensitive content.

    FILE is a raw message (.eml); - is standard input. Nothing is stored or sent. With --json, one object a line.

    \b
    Examples:
      ticketctl inspect mail.eml
      ticketctl inspect --json *.eml | jq .machine
    """
    failed = [file for file in files if not _explained(shell, file, kind or "message")]
    if failed:
        raise click.exceptions.Exit(1)


def _explained(shell: Shell, file: str, kind: Kind) -> bool:
    """Prints what is understood of one file; False where nothing could be."""
    try:
        with nullcontext(sys.stdin.buffer) if file == "-" else Path(file).open("rb") as stream:
            raw = stream.read(bytes_needed(shell.session))
        mail = inspect(shell.session, Inspect(raw=raw, kind=kind))
    except (TicketctlError, OSError) as error:
        reason = f"{error.strerror or error}" if isinstance(error, OSError) else str(error)
        print_answer(shell, unreadable_json(file, reason), [unreadable(file, reason, shell.language)])
        return False
    print_answer(shell, whole_json(file, mail), [account(file, mail, shell.language)])
    return True
