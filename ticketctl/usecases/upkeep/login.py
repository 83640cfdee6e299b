"""Logging in to mailboxes by OAuth, with a person at hand; and which logins there are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from typing import Literal

import msgspec

from ticketctl.domain.config import OUTGOING
from ticketctl.domain.settings.oauth import Login
from ticketctl.errors import ChannelFailed, NextStep, Usage
from ticketctl.ports.channels import Account, LoginGuide, LoginStep
from ticketctl.ports.store import Finding
from ticketctl.usecases.people import meant
from ticketctl.usecases.session import Session

Way = Literal["", "device", "browser"]


class LogIn(msgspec.Struct, frozen=True, kw_only=True):
    """`source` is a source of rules.yaml with `oauth:`, or "outgoing"; "" is the only one there is. `way`: by a code
    that is typed in any browser, or in a browser that comes back to this computer; "" is what is usual at the
    provider."""

    source: str = ""
    way: Way = ""


class LogOut(msgspec.Struct, frozen=True, kw_only=True):
    source: str = ""


class LoginState(msgspec.Struct, frozen=True):
    """What is kept of a source's login; None where nobody has logged in."""

    source: str
    user: str
    login: Login | None


class LoggedIn(msgspec.Struct, frozen=True):
    """`found` is what the mail server says to the new login."""

    state: LoginState
    found: str


class LoggedOut(msgspec.Struct, frozen=True):
    """`was`: somebody had logged in."""

    source: str
    was: bool


def log_in(session: Session, request: LogIn, guide: LoginGuide) -> LoggedIn:
    """Logs in, keeps the login, and tries it at the mail server. Raises Usage, NotAllowed, MissingExtra; ChannelFailed
    where the login failed (nothing was changed), or is kept and does not work yet."""
    session.must("login")
    account = _account(session, request.source)
    login = account.log_in(request.way, guide)
    session.audit.record(at=session.now, actor=session.actor, action="login", why=account.name)
    if not login.refresh_token:
        guide.tell(LoginStep("not_renewable", {"source": account.name}))
    return LoggedIn(LoginState(account.name, account.user, login), _tried(session, account))


def log_out(session: Session, request: LogOut, *, keep: bool = True) -> LoggedOut:
    """Forgets the login here; at the provider it goes on. Raises Usage, NotAllowed, ChannelFailed."""
    session.must("login", keep=keep)
    account = _account(session, request.source)
    if not keep:
        return LoggedOut(account.name, account.login() is not None)
    was = account.forget()
    session.audit.record(at=session.now, actor=session.actor, action="logout", why=account.name)
    return LoggedOut(account.name, was)


def logins(session: Session) -> Iterator[LoginState]:
    """Of each source that has `oauth:`; nobody is asked. Raises ChannelFailed where one cannot be read."""
    session.must("logins")
    for name in session.config.logins():
        account = session.account(name)
        if account is not None:
            yield LoginState(name, account.user, account.login())


def login_findings(session: Session) -> Iterator[Finding]:
    """How each login is, one for all sources that share it; nobody is asked."""
    seen: set[str] = set()
    for name in session.config.logins():
        account = session.account(name)
        if account is not None and account.id not in seen:
            seen.add(account.id)
            yield _finding(account, session.now)


def _finding(account: Account, now: datetime) -> Finding:
    subject, again = f"login {account.name}", NextStep("login", more=account.name)
    try:
        login = account.login()
    except ChannelFailed as error:
        return Finding(subject=subject, state="error", code="trouble", facts={"why": error}, next_step=again)
    facts = {"login": LoginState(account.name, account.user, login), "now": now}
    if login is not None and login.refresh_token:
        return Finding(subject=subject, state="ok", code="login", facts=facts)
    over = login is None or (login.expires_at is not None and login.expires_at <= now)
    return Finding(subject=subject, state="error" if over else "warning", code="login", facts=facts, next_step=again)


def _account(session: Session, name: str) -> Account:
    """The one that is named, or the only one there is."""
    names = list(session.config.logins())
    if not names:
        raise Usage("no source of rules.yaml has `oauth:`; docs/mail.md says how it is set up", code="no_oauth")
    accounts = {account.id: account for one in reversed(names) if (account := session.account(one))}
    if not name and len(accounts) == 1:
        return next(iter(accounts.values()))
    account = session.account(name)
    if account is None and not name:
        raise Usage("which one?{meant}", code="which_login", meant=meant(name, names))
    if account is None:
        text = "no source {source!r} with `oauth:` in rules.yaml{meant}"
        raise Usage(text, code="no_such_login", source=name, meant=meant(name, names))
    return account


def _tried(session: Session, account: Account) -> str:
    """What the mail server says to the new login: the wrong account, or one that may not use IMAP there, shows only
    now."""
    try:
        with closing(session.sink if account.name == OUTGOING else session.source(account.name)) as channel:
            return channel.check() if account.name != OUTGOING else f"{account.user}, {channel.check()}"
    except ChannelFailed as error:
        text = "the login of {source} is kept, but does not work yet: {error}"
        raise ChannelFailed(text, code="login_does_not_work", source=account.name, error=error) from None
