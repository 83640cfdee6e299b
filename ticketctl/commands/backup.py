"""`ticketctl backup`"""

from __future__ import annotations

from pathlib import Path

import click

from ticketctl.present.words import backup as words
from ticketctl.terminal.output import print_answer
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.upkeep.backup import BackUp, back_up


@click.command
@click.argument("target", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--keep", type=click.IntRange(1, 10_000), metavar="N", help="In a folder: delete all but the newest N.")
@click.option("--encrypt-to", metavar="KEY", default="", help="Encrypt it for this public key of age (age1…).")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing when all went well.")
@click.pass_obj
def command(shell: Shell, target: Path, keep: int | None, encrypt_to: str, quiet: bool) -> None:
    """Back up the whole desk into one file.

    If FILE is a folder, each backup gets its own name in it, such as shop-2026-12-01T031500.tar.gz. Others can work
    meanwhile; the backup has the state of one moment. It is verified before it gets its name, so that a failure does
    not touch the previous backup. A name that ends with gz is compressed.

    It contains tickets, original mail, attachments, rules.yaml, snippets, docs/, the audit log and the desk's key: keep
    it as safe as the desk. --encrypt-to needs the extra [crypt]. It does not contain OAuth logins, nor the folder
    erased/ with the list of erased persons: keep a copy of that folder somewhere else.

    \b
    Examples:
      ticketctl backup /mnt/backup --keep 14
      ticketctl backup desk.tar.gz.age --encrypt-to age1…
    """
    done = back_up(shell.session, BackUp(target=target, keep=keep or 0, recipient=encrypt_to))
    if not quiet:
        print_answer(shell, words.backup_json(done), words.backup_lines(done, shell.language))
