"""`inspect`: how a mail is understood. Needs no desk and changes nothing; one bad file never stops the others."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path

import click
import msgspec

from ticketctl.channels.email.charsets.decode import decode
from ticketctl.channels.email.parse.mime import Unreadable, header_only, understand, understand_text
from ticketctl.channels.limits import MAIL, header_of
from ticketctl.content.terminal import as_json
from ticketctl.domain.ticket.message import Inbound
from ticketctl.present.account import account, unreadable_account, unreadable_json, whole_json
from ticketctl.terminal.shell import Shell


@click.command("inspect", short_help="Explain how a mail is understood.")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(allow_dash=True, path_type=str))
@click.option("--body", "kind", flag_value="text", help="The files are bare text bodies, not messages.")
@click.option("--html-body", "kind", flag_value="html", help="The files are bare HTML bodies.")
@click.pass_obj
def command(shell: Shell, files: tuple[str, ...], kind: str | None) -> None:
    """Explain how each FILE is understood: sender, text, attachments, machine mail, sensitive content.

    FILE is a raw message (.eml); - is standard input. Nothing is stored or sent. With --json, one object a line.

    \b
    Examples:
      ticketctl inspect mail.eml
      ticketctl inspect --json *.eml | jq .machine
    """
    failed = [file for file in files if not _explained(shell, file, kind)]
    if failed:
        raise click.exceptions.Exit(1)


def _explained(shell: Shell, file: str, kind: str | None) -> bool:
    """Say what is understood of one file; False where nothing could be."""
    try:
        mail = _read(file, kind)
    except (Unreadable, OSError) as error:
        reason = f"{error.strerror or error}" if isinstance(error, OSError) else str(error)
        shell.say(as_json(unreadable_json(file, reason)) if shell.json else unreadable_account(file, reason))
        return False
    shell.say(as_json(whole_json(file, mail)) if shell.json else account(file, mail))
    return True


def _read(file: str, kind: str | None) -> Inbound:
    """What is in one file; of one above the size limit of `fetch` its header alone."""
    with nullcontext(sys.stdin.buffer) if file == "-" else Path(file).open("rb") as stream:
        raw = stream.read(MAIL + 1)
    whole = len(raw) <= MAIL
    if kind is None:
        return understand(raw) if whole else _too_large(raw)
    if not whole:
        raise Unreadable(f"a text of more than {MAIL:,} bytes is not read")
    return understand_text(decode(raw), html=kind == "html")


def _too_large(raw: bytes) -> Inbound:
    mail = header_only(header_of(raw))
    told = f"only the header was read: it has more than {MAIL:,} bytes, the limit of `fetch`"
    return msgspec.structs.replace(mail, nature=(told, *mail.nature))
