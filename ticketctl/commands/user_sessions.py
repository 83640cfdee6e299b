"""`ticketctl user sessions` and `ticketctl user logout`"""

from __future__ import annotations

import click

from ticketctl.commands.options import complete_agents
from ticketctl.content.times import zone
from ticketctl.present.words import say_in
from ticketctl.present.words import user as words
from ticketctl.terminal.output import print_answer
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.users.sessions import EndSessions, end_sessions, sessions

agent_argument = click.argument("name", metavar="AGENT", shell_complete=complete_agents)


@click.command("sessions")
@click.argument("name", metavar="[AGENT]", default="me", shell_complete=complete_agents)
@click.pass_obj
def sessions_command(shell: Shell, name: str) -> None:
    """List where somebody is logged in."""
    found, where = sessions(shell.session, name), zone(shell.session.config.timezone)
    lines = words.session_lines(found, name, shell.session.now, where, shell.language)
    print_answer(shell, [words.session_json(one) for one in found], lines)


@click.command("logout")
@agent_argument
@click.argument("which", required=False, default="", metavar="[ID]")
@click.pass_obj
def logout_command(shell: Shell, name: str, which: str) -> None:
    """Log somebody out: everywhere, or in the session with that ID."""
    ended = end_sessions(shell.session, EndSessions(agent=name, id=which))
    print_answer(shell, {"ended": ended}, [say_in(shell.language, words.TEXTS)("ended", count=ended)])
