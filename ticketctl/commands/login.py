"""`ticketctl login`"""

from __future__ import annotations

import io
import sys
import webbrowser
from contextlib import closing
from typing import TYPE_CHECKING

import click

from ticketctl.channels.email.oauth.oauth import Account
from ticketctl.commands.options import complete_logins
from ticketctl.content.terminal import as_json, safe
from ticketctl.domain.config import OUTGOING
from ticketctl.domain.settings.oauth import PROVIDERS, Granted, Login, missing
from ticketctl.errors import ChannelFailed, Usage
from ticketctl.present.json import instant
from ticketctl.terminal.shell import Shell
from ticketctl.usecases.people import act, meant
from ticketctl.usecases.upkeep.logins import told

if TYPE_CHECKING:
    from ticketctl.channels.email.oauth.issuer import Issuer


@click.command
@click.argument("name", required=False, default="", metavar="[SOURCE]", shell_complete=complete_logins)
@click.option("--device", "way", flag_value="device", help="By a code that is typed in any browser.")
@click.option("--browser", "way", flag_value="browser", help="In a browser, which comes back to this computer.")
@click.option("--status", is_flag=True, help="Tell which logins there are; ask nobody.")
@click.option("--logout", is_flag=True, help="Forget the login of SOURCE.")
@click.pass_obj
def command(shell: Shell, name: str, way: str | None, status: bool, logout: bool) -> None:
    """Log in to a mailbox by OAuth, at the provider.

    SOURCE is a source of rules.yaml that has `oauth:`, or `outgoing`. Your password is typed at the provider; what
    comes back is kept in data/tokens, private to you, and renewed by each run that needs it. Sources and `outgoing`
    with the same `user` and the same `oauth:` share one login.

    With a code you go to the address that is shown, in any browser, and type it there (Microsoft 365, and others that
    offer it). With a browser you open the address that is shown; on another computer, say over SSH, paste the address
    that it ends at. Which of the two is the provider's usual one, unless you say so.

    \b
    Examples:
      ticketctl login support
      ticketctl login support --browser
      ticketctl login --status
    """
    if status:
        if way or logout or name:
            raise Usage("--status goes alone")
        return _status(shell)
    if logout and way:
        raise Usage("either --logout, or --device or --browser")
    account = _account(shell, name)
    act(shell.session, "login")  # raises Refused for a viewer
    if logout:
        return _forget(shell, account)
    return _log_in(shell, account, way or "")


def _account(shell: Shell, name: str) -> Account:
    """The one that is named, or the only one there is."""
    names = list(shell.session.config.logins())
    if not names:
        raise Usage("no source of rules.yaml has `oauth:`; docs/mail.md says how it is set up")
    accounts = {account.id: account for one in reversed(names) if (account := _opened(shell, one))}
    if not name and len(accounts) == 1:
        return next(iter(accounts.values()))
    if name not in names:
        told = f"no source {name!r} with `oauth:` in rules.yaml" if name else "which one?"
        raise Usage(f"{told}{meant(name, names)}")
    account = _opened(shell, name)
    assert account is not None
    return account


def _opened(shell: Shell, name: str) -> Account | None:
    account = shell.session.account(name)
    assert account is None or isinstance(account, Account)
    return account


def _log_in(shell: Shell, account: Account, way: str) -> None:
    from ticketctl.channels.email.oauth.issuer import Issuer, discover

    at = discover(account.name, account.oauth)
    issuer = Issuer(account.name, account.oauth, at, account.environ)
    usual = PROVIDERS[account.oauth.provider].way if account.oauth.provider else "device" if at.device else "browser"
    given = _given(shell, account, issuer, way or usual)
    if lacking := missing(account.oauth.asked, given):
        raise ChannelFailed(f"{account.name}: the log-in does not allow {', '.join(lacking)}; nothing was changed")
    login = account.begin(given, issuer)
    shell.session.audit.record(at=shell.session.now, actor=shell.session.actor, action="login", why=account.name)
    if not login.refresh_token:
        shell.warn(
            f"{account.name}: there is no refresh token, so this login soon ends; the scopes must allow offline use"
        )
    found = _tried(shell, account)
    if shell.json:
        shell.say(as_json(_shape(account, login)))
    else:
        shell.say(
            f"Logged in as {found}; it is renewed by itself. Forget it: `ticketctl login {account.name} --logout`"
        )


def _given(shell: Shell, account: Account, issuer: Issuer, way: str) -> Granted:
    from ticketctl.channels.email.oauth.login import by_browser, by_code

    def tell(text: str) -> None:
        click.echo(safe(text), err=shell.json)

    if way == "device":
        return by_code(account, issuer, tell)
    return by_browser(account, issuer, tell, lambda url: _show(shell, url), _typed())


def _show(shell: Shell, url: str) -> None:
    """In a window, where there is somebody to see it: a browser in the terminal would take the terminal away."""
    environ = shell.environ
    window = sys.platform == "darwin" or environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY")
    if shell.tty and window and not environ.get("SSH_CONNECTION"):
        webbrowser.open(url)


def _typed() -> int:
    """The descriptor of standard input, -1 where it has none."""
    try:
        return sys.stdin.fileno()
    except (AttributeError, ValueError, io.UnsupportedOperation):
        return -1


def _tried(shell: Shell, account: Account) -> str:
    """What the mail server says to the new login; raises ChannelFailed: the wrong account, or one that may not use
    IMAP there, shows only now."""
    try:
        with closing(shell.session.sink if account.name == OUTGOING else shell.session.source(account.name)) as channel:
            return channel.check() if account.name != OUTGOING else f"{account.user}, {channel.check()}"
    except ChannelFailed as error:
        raise ChannelFailed(f"the login of {account.name} is kept, but does not serve yet: {error}") from None


def _forget(shell: Shell, account: Account) -> None:
    gone = account.forget()
    shell.session.audit.record(at=shell.session.now, actor=shell.session.actor, action="logout", why=account.name)
    if shell.json:
        shell.say(as_json({"source": account.name, "forgotten": gone}))
    elif gone:
        shell.say(f"{account.name}: the login is forgotten here; to end it for good, take it back at the provider")
    else:
        shell.say(f"{account.name}: nobody was logged in")


# --- which there are ---


def _status(shell: Shell) -> None:
    """One line for each source that has `oauth:`, whatever is wrong with it."""
    for name in shell.session.config.logins():
        account = _opened(shell, name)
        assert account is not None
        if shell.json:
            shell.say(as_json(_shape(account, account.login())))
        else:
            shell.say(f"{name}: {told(account, shell.session.now)}")


def _shape(account: Account, login: Login | None) -> dict[str, object]:
    return {
        "source": account.name,
        "user": account.user,
        "logged_in_at": instant(login.logged_in_at) if login else None,
        "refreshed_at": instant(login.refreshed_at) if login else None,
        "expires_at": instant(login.expires_at) if login else None,
        "renewable": bool(login and login.refresh_token),
    }
