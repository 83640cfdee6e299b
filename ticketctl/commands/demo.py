"""A desk of a made-up company, three weeks of its mail, and each real command as a person or cron would run it."""

from __future__ import annotations

import shlex
import shutil
import sys
from functools import partial
from itertools import count
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from ticketctl import commands
from ticketctl.content.terminal import as_json
from ticketctl.errors import NextStep, Refused
from ticketctl.terminal.shell import Shell

if TYPE_CHECKING:
    from ticketctl.demo.player import Player


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--full", is_flag=True, help="Show every command and all that it prints.")
@click.option("-q", "--quiet", is_flag=True, help="Show every command, but not what each prints.")
@click.option("--serve/--no-serve", default=None, help="Then serve its web pages; the default on a terminal.")
@click.pass_obj
def command(shell: Shell, folder: Path | None, full: bool, quiet: bool, serve: bool | None) -> None:
    """Build a demonstration desk in FOLDER (default: a new folder ticketctl-demo) and show each command at work.

    Three weeks of mail to a small company, Swedish and English: replies, duplicates, an outage, an auto-reply, a
    bounce, spam, attachments, broken mail. Nothing leaves this machine: replies are written to FOLDER/data/sent. By
    default it is shown in chapters, with the board at the end; --full shows every command with its output.
    With --json the answer is the folder, and the commands are shown on standard error. On a terminal, where the
    extra `web` is installed, the desk's web pages are then served until you press Ctrl-C.

    \b
    Example:
      ticketctl demo
    """
    from ticketctl.demo.player import Player
    from ticketctl.demo.portal import can_serve

    folder = (folder or _free_folder()).absolute()
    if folder.exists() and any(folder.iterdir()):
        raise Refused(f"{folder} is not empty", next_step=NextStep("demo", more="FOLDER", then="names a new folder"))
    said = replace(shell, say=partial(click.echo, err=True)) if shell.json else shell
    player = Player(said, folder, "commands" if quiet else "full" if full else "brief", _typed())
    player.play([module.name for module in iter_modules(commands.__path__, f"{commands.__name__}.")])
    if shell.json:
        shell.say(as_json({"folder": str(folder)}))
    if serve or (serve is None and shell.tty and not shell.json and can_serve()):
        _serve(player, folder)


def _serve(player: Player, folder: Path) -> None:
    from ticketctl.demo.portal import portal

    served = portal(folder, "alice")
    player.say("portal", address=served.address, agent=served.agent, password=served.password)
    served.run()


def _typed() -> str:
    """What a shell understands: `make demo` installs into a folder that is on nobody's PATH."""
    beside = Path(sys.executable).with_name("ticketctl")
    return "ticketctl" if shutil.which("ticketctl") or not beside.exists() else shlex.quote(str(beside))


def _free_folder() -> Path:
    names = (Path(f"ticketctl-demo-{number}" if number > 1 else "ticketctl-demo") for number in count(1))
    return next(folder for folder in names if not folder.exists())
