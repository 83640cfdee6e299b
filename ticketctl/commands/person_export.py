"""`ticketctl person export`"""

from __future__ import annotations

from pathlib import Path

import click

from ticketctl.present.upkeep import exported_json
from ticketctl.present.words import person as words
from ticketctl.terminal.output import print_answer
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.privacy.export import ExportPerson, export_person


@click.command("export")
@click.argument("person", metavar="ADDRESS")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="The ZIP file.")
@click.option("--others", is_flag=True, help="With other customers' names and addresses.")
@click.option("--language", metavar="LANGUAGE", default="", help="Of the pages: sv, en.")
@click.pass_obj
def export_command(shell: Shell, person: str, output: Path | None, others: bool, language: str) -> None:
    """Write all data about a person to a ZIP file (GDPR, article 15).

    It contains a page to read, JSON, and the files that they sent or received: what they wrote and received, notes,
    when and why it was read, purposes and times. Other customers are replaced unless you use --others. Without -o the
    file is written to data/exports/; `person erase` deletes it.

    \b
    Example:
      ticketctl person export anna@kund.example -o anna.zip
    """
    done = export_person(shell.session, ExportPerson(person=person, path=output, others=others, language=language))
    print_answer(shell, exported_json(done), [words.exported(str(done.path), done.tickets, done.files, shell.language)])
