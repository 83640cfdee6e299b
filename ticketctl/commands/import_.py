"""`ticketctl import`"""

from __future__ import annotations

from pathlib import Path

import click

from ticketctl.errors import Usage
from ticketctl.present.words.import_ import import_json, import_lines
from ticketctl.terminal.output import print_answer
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.import_tickets import Import, import_tickets


@click.command
@click.argument("paths", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--from", "system", default="ticketctl", metavar="SYSTEM", help="zammad, freescout or osticket; else our own shape."
)
@click.option("--files", type=click.Path(path_type=Path, file_okay=False), help="The folder with the attachments.")
@click.option("--person", "people", multiple=True, metavar="NAME=AGENT", help="Who an agent there is here.")
@click.option("--zone", default="", help="The time zone of times that name none; else the desk's.")
@click.option("-n", "--dry-run", is_flag=True, help="Show what would come in; change nothing.")
@click.pass_obj
def command(
    shell: Shell, paths: tuple[Path, ...], system: str, files: Path | None, people: tuple[str, ...], zone: str,
    dry_run: bool,
) -> None:  # fmt: skip
    """Import tickets: of another desk, or of another system.

    FILE is the output of `ticketctl export`, tickets that another program wrote in that format, or exports of Zammad,
    FreeScout or osTicket (docs/import.md lists the fields). All lines are checked first; if one is wrong, nothing is
    imported. A second run adds only what is new.

    Tickets of another ticketctl desk keep their numbers. Of other systems, numbers, dates, owners, status, notes and
    files are kept; a number that is taken or too long is replaced, and `show` and `search` find the old one. Nobody
    is answered, notified or escalated, and no figure counts them, until their customer writes again.

    To import the old mail of a mailbox, use `ticketctl fetch mbox:FILE --since all`.

    \b
    Examples:
      ticketctl import tickets.jsonl --files files
      ticketctl import zammad/*.json --from zammad --person anna@old.example=anna --dry-run
    """
    pairs = dict(one.partition("=")[::2] for one in people)
    if not all(name and agent for name, agent in pairs.items()):
        raise Usage("{word!r}: write NAME=AGENT", code="not_name_and_agent", word=next(iter(people)))
    read = shell.session.app.open_export(system, paths, zone or shell.session.config.timezone)
    request = Import(tickets=read, files=files, people=pairs)
    done = import_tickets(shell.session, request, keep=not dry_run)
    print_answer(shell, import_json(done, dry_run=dry_run), import_lines(done, shell.language, dry_run=dry_run))
