"""`ticketctl user`"""

from __future__ import annotations

import click

from ticketctl.commands.options import add_globals
from ticketctl.commands.user_sessions import agent_argument, logout_command, sessions_command
from ticketctl.content.times import zone
from ticketctl.present.words import say_in
from ticketctl.present.words import user as words
from ticketctl.terminal.input_text import password_for
from ticketctl.terminal.output import print_answer
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.users.accounts import SetPassword, add_user, remove_user, set_password, users


@click.group
def command() -> None:
    """Give agents of `team:` a password for the web pages.

    \b
    Examples:
      ticketctl user add alice
      ticketctl user sessions alice
    """


add_globals(command)
command.add_command(sessions_command)
command.add_command(logout_command)


@command.command("add")
@agent_argument
@click.pass_obj
def add_command(shell: Shell, name: str) -> None:
    """Let an agent log in. The password is asked for, or read from standard input."""
    done = add_user(shell.session, SetPassword(agent=name, password=_password(shell, name)))
    print_answer(shell, words.user_json(done), [say_in(shell.language, words.TEXTS)("added", name=done.name)])


@command.command("password")
@agent_argument
@click.option("--without-code", is_flag=True, help="Also turn the code of the authenticator app off.")
@click.pass_obj
def password_command(shell: Shell, name: str, without_code: bool) -> None:
    """Set another password, which logs them out everywhere. Somebody else's needs an admin."""
    request = SetPassword(agent=name, password=_password(shell, name), without_code=without_code)
    done = set_password(shell.session, request)
    print_answer(shell, words.user_json(done), [say_in(shell.language, words.TEXTS)("changed", name=done.name)])


@command.command("remove")
@agent_argument
@click.pass_obj
def remove_command(shell: Shell, name: str) -> None:
    """Let somebody log in no more, and log them out."""
    removed = remove_user(shell.session, name)
    print_answer(shell, {"removed": removed}, [say_in(shell.language, words.TEXTS)("removed", name=removed)])


@command.command("list")
@click.pass_obj
def list_command(shell: Shell) -> None:
    """List who can log in."""
    found, where = users(shell.session), zone(shell.session.config.timezone)
    print_answer(shell, [words.user_json(one) for one in found], words.user_lines(found, where, shell.language))


def _password(shell: Shell, name: str) -> str:
    say = say_in(shell.language, words.TEXTS)
    return password_for(say("password", name=name), say("again"))
