"""`ticketctl init`"""

from __future__ import annotations

from pathlib import Path

import click
from msgspec import to_builtins

from ticketctl.present.words import init as words
from ticketctl.terminal.output import print_answer
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.upkeep.init import Init, init


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.pass_obj
def command(shell: Shell, folder: Path | None) -> None:
    """Make a new desk in FOLDER, or here.

    Writes a commented rules.yaml, snippets in Swedish and English, and the data folder, which only you can read and
    which is kept out of Git. Existing files are not changed. The desk works as it is, without network; no mail is sent
    until you set that up in rules.yaml.

    \b
    Example:
      ticketctl init kundtjänst
    """
    done = init(Init(folder or Path(shell.desk or ".")))
    print_answer(shell, to_builtins(done), words.lines(done, shell.language))
