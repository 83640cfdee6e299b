"""`ticketctl restore`"""

from __future__ import annotations

from pathlib import Path

import click
from msgspec.structs import replace

from ticketctl.present.words import backup as words
from ticketctl.terminal.input_text import confirm
from ticketctl.terminal.output import print_answer
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.results import Objected
from ticketctl.usecases.upkeep.restore import Restore, restore


@click.command
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--identity", metavar="FILE", type=click.Path(path_type=Path), help="The secret key, if it is encrypted.")
@click.option("--anyway", is_flag=True, help="Also if nothing says who was erased since the backup.")
@click.pass_obj
def command(shell: Shell, file: Path, folder: Path, identity: Path | None, anyway: bool) -> None:
    """Make a desk in the new FOLDER from a backup.

    The new desk is compared with the backup; if anything is missing or different, no desk is made. Copy the folder
    erased/ of the old desk into FOLDER first, so that persons who were erased after the backup are erased again before
    anybody can read it. Without that folder it asks you.

    Nothing is fetched or sent until you have checked the desk and run `ticketctl doctor --resume`. Mail that waited in
    the outbox may have been sent since the backup: `ticketctl outbox` lists it, and you decide.

    \b
    Examples:
      ticketctl restore /mnt/backup/shop-2026-12-01T031500.tar.gz shop
      ticketctl restore desk.tar.gz.age shop --identity key.txt
    """
    accept = frozenset(["erasures_unknown"] if anyway else [])
    request = Restore(file=file, folder=folder, identity=identity, accept=accept)
    backups, now = shell.session.app.open_backups(None), shell.session.now
    try:
        done = restore(backups, request, at=now)
    except Objected as objected:
        if not shell.tty or not confirm(words.question(objected.objections[0], shell.language), shell.language):
            raise
        accepted = frozenset(one.code for one in objected.objections)
        done = restore(backups, replace(request, accept=accepted), at=now)
    print_answer(shell, words.restored_json(done), words.restored_lines(done, shell.language))
