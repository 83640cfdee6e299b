"""`ticketctl cron`"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import click
from msgspec import to_builtins

from ticketctl.present.words import cron as words
from ticketctl.terminal.output import print_answer
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.upkeep import cron


@click.group()
def command() -> None:
    """Show, install or remove the desk's cron lines.

    Mail is fetched and sent every 5 minutes, escalation steps run every 15, the report is mailed when `report: every`
    of rules.yaml says, and purge runs at night. A job that fails prints one line, which cron mails to you.

    \b
    Example:
      ticketctl cron install
    """


@command.command()
@click.option("--systemd", is_flag=True, help="Timer and service units instead of cron lines.")
@click.pass_obj
def show(shell: Shell, systemd: bool) -> None:
    """Print the lines that install would write. systemd's units have the desk in their names.

    \b
    Example:
      ticketctl cron show --systemd
    """
    request = _request(shell)
    if systemd:
        units = cron.units(shell.session, request)
        return print_answer(shell, {"units": units}, [words.units(units, shell.language)])
    lines = cron.show(shell.session, request).lines
    installed = shell.json and cron.is_installed(shell.session, request)
    return print_answer(shell, {"lines": lines, "installed": installed}, lines)


@command.command()
@click.pass_obj
def install(shell: Shell) -> None:
    """Write the desk's lines into your crontab, in place of those that are there; other lines stay.

    \b
    Example:
      ticketctl cron install
    """
    done = cron.install(shell.session, _request(shell))
    print_answer(shell, to_builtins(done), [words.installed(done, shell.language)])


@command.command()
@click.pass_obj
def remove(shell: Shell) -> None:
    """Take the desk's lines out of your crontab; other lines stay.

    \b
    Example:
      ticketctl cron remove
    """
    done = cron.remove(shell.session)
    print_answer(shell, to_builtins(done), [words.removed(done, shell.language)])


def _request(shell: Shell) -> cron.Cron:
    """The ticketctl that runs now, as cron can call it."""
    found = shutil.which(sys.argv[0]) if Path(sys.argv[0]).name == "ticketctl" else None
    program = [str(Path(found).absolute())] if found else [sys.executable, "-m", "ticketctl"]
    return cron.Cron((*program, "--desk", str(shell.session.folder), "--as", "system"), words.CALLS)
