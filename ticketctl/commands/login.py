"""`ticketctl login`"""

from __future__ import annotations

import io
import sys
import webbrowser
from contextlib import suppress

import click

from ticketctl.commands.options import complete_logins
from ticketctl.content.terminal import safe
from ticketctl.errors import Usage
from ticketctl.ports.channels import LoginStep
from ticketctl.present.intake import logged_out_json, login_json
from ticketctl.present.words import login as words
from ticketctl.terminal.output import print_answer
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.upkeep.login import LogIn, LogOut, Way, log_in, log_out, logins


@click.command
@click.argument("name", required=False, default="", metavar="[SOURCE]", shell_complete=complete_logins)
@click.option("--device", "way", flag_value="device", help="By a code that is typed in any browser.")
@click.option("--browser", "way", flag_value="browser", help="In a browser, which comes back to this computer.")
@click.option("--status", is_flag=True, help="Show which logins there are; ask nobody.")
@click.option("--logout", is_flag=True, help="Forget the login of SOURCE.")
@click.pass_obj
def command(shell: Shell, name: str, way: Way | None, status: bool, logout: bool) -> None:
    """Log in to a mailbox by OAuth, at the provider.

    SOURCE is a source of rules.yaml that has `oauth:`, or `outgoing`. You type your password at the provider; what
    comes back is kept in data/tokens, private to you, and renewed by each run that needs it. Sources and `outgoing`
    with the same `user` and the same `oauth:` share one login.

    With a code you open the address that is shown, in any browser, and type the code there. With a browser you open the
    address that is shown; on another computer, say over SSH, paste the address that it ends at.

    \b
    Examples:
      ticketctl login support
      ticketctl login support --browser
      ticketctl login --status
    """
    if status and (way or logout or name):
        raise Usage("--status goes alone")
    if logout and way:
        raise Usage("either --logout, or --device or --browser")
    if logout:
        ended = log_out(shell.session, LogOut(source=name))
        print_answer(shell, logged_out_json(ended), [words.logged_out(ended, shell.language)])
    elif not status:
        done = log_in(shell.session, LogIn(source=name, way=way or ""), Guide(shell))
        print_answer(shell, login_json(done.state), [words.logged_in(done, shell.language)])
    for state in logins(shell.session) if status else ():
        print_answer(shell, login_json(state), [words.status(state, shell.session.now, shell.language)])


class Guide:
    """The person at this terminal. `typed` is the descriptor of standard input, -1 where it has none."""

    def __init__(self, shell: Shell) -> None:
        self._shell, self.typed = shell, -1
        with suppress(AttributeError, ValueError, io.UnsupportedOperation):
            self.typed = sys.stdin.fileno()

    def tell(self, step: LoginStep) -> None:
        text = words.step(step, self._shell.language)
        if step.code == "not_renewable":
            return self._shell.warn(text)
        return click.echo(safe(text), err=self._shell.json)

    def show(self, url: str) -> None:
        """In a window, where there is somebody to see it: a browser in the terminal would take the terminal away."""
        environ = self._shell.environ
        window = sys.platform == "darwin" or environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY")
        if self._shell.tty and window and not environ.get("SSH_CONNECTION"):
            webbrowser.open(url)
